"""The public pages: render approved revisions and nothing else."""
