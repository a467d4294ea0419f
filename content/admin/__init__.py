"""The staff area: write one language beside its source, see states, approve."""
