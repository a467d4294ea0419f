"""The tag that names the days of the week for the script that says what is open."""

from babel import Locale
from babel.dates import get_day_names
from django import template
from django.utils.translation import get_language

from campaign import languages

register = template.Library()


@register.simple_tag
def weekday_names() -> str:
    """Return the days from Sunday (as JavaScript counts) joined by "|", in the active language.

    From CLDR through Babel: browsers leave out some of our languages (Chromium seven of 36) and
    would name the days in the language of the device.
    """
    names = get_day_names("wide", "stand-alone", Locale.parse(get_language() or languages.SOURCE))
    return "|".join(names[day] for day in (6, 0, 1, 2, 3, 4, 5))
