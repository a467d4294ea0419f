"""How staff get in: password, second factor, limits on guessing, and the end of a session."""
