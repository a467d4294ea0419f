"""Every public page as files: which addresses there are, rendering, releases, following."""
