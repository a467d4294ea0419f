"""What the staff area's front page shows. No public page loads this."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def dashboard(context: template.Context) -> dict[str, Any]:
    """Return what needs the person now, and how far the languages are."""
    from content.admin import coverage
    from content.admin import dashboard as front

    user = context["request"].user
    return {
        "lines": front.lines(user),
        "languages": coverage.summary(),
        "own_languages": front.own_languages(user),
    }
