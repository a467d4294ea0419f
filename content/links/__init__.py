"""Looking whether the links of contacts still lead somewhere, politely and safely."""
