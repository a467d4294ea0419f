"""The staff area: write one language beside its source, see states, approve.

`drafts` is what all forms share; `items`, `directory` with `contacts`, and `revisions` are the
rooms. They are loaded by content.apps once the admin site stands: this package holds the site's own
class, so that Django would build the site a second time, without the rooms, if they were imported
here.
"""
