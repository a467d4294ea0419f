"""The application with faults planted, for servers of tests: a view that breaks, and what is below.

Gunicorn is told to serve `tests.crashing:application`. Importing it breaks the view: no test may.
"""

from typing import Any

from campaign.wsgi import application as whole
from content.views import guidance

TYPED = "typed-by-the-visitor"


def _fail(*args: Any, **kwargs: Any) -> None:
    raise ValueError(f"planted: {TYPED}")


guidance._show = _fail  # type: ignore[assignment]


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """Serve the site; /below-django/ breaks where Django cannot catch it."""
    if environ["PATH_INFO"] == "/below-django/":
        raise ValueError(f"planted: {TYPED} {environ}")
    return whole(environ, start_response)
