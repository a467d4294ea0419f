"""Write all texts of a language as a file for translators."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.urls import NoReverseMatch

from campaign import languages
from content import po, richtext
from content.interchange import texts
from content.interchange.texts import Text
from content.models import Page, Revision, Section
from content.seed import texts as shipped

TEXTS = "X-Texts"
"""The header with the number of texts: what is cut off is noticed."""

HOW_TO = """\
Texts of {site} in {language}. How to translate:
- Write under msgstr. Leave msgctxt, msgid and the lines that begin with #: as they are.
- A text marked fuzzy is not done: it was translated from another source text, shown after #|, or
  whoever wrote it wants somebody to look at it again. Bring it up to date and take the mark away,
  also when nothing had to change. What is still marked is not taken.
- **Bold**, lists (- or 1.) and [links](page:stop) are Markdown. Translate the words of a link,
  never its target in round brackets. There is no HTML.
- A text that you leave empty stays as it is."""


def export(language: str) -> bytes:
    """Return the PO file of a language. Raises ValueError for one that nobody translates into."""
    if language not in languages.BY_CODE or language == languages.SOURCE:
        raise ValueError(f"{language!r} is none of our languages to translate into.")
    with transaction.atomic():
        found = texts.gather(language)
    notes = {
        item.context(path): source.note
        for item in shipped.read_all()
        for path, source in item.texts.items()
    }
    file = po.empty(language)
    file.header = HOW_TO.format(site=settings.SITE_URL, language=languages.get(language).name)
    file.metadata |= {
        "PO-Revision-Date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M%z"),
        TEXTS: str(len(found)),
    }
    for text in found.values():
        file.append(
            po.message(
                text.name,
                po.text(text.path, text.source),
                po.text(text.path, text.current),
                note="\n".join(_note(text, notes)),
                place=(f"{text.kind}/{text.key}", str(text.number)),
                before=po.text(text.path, text.before) if text.is_outdated else "",
                is_unsure=text.is_unsure,
            )
        )
    return f"{file}\n".encode()


def _note(text: Text, notes: Mapping[str, str]) -> list[str]:
    """Return what helps to translate a text: where it stands, how long it may be."""
    kind = Revision.Kind(text.kind).label
    lines = [f"{kind}: {text.title}"]
    if text.path.startswith("sections/"):
        layout = Section.Layout(text.facts["layout"]).label
        lines.append(f"Section, {layout[0].lower()}{layout[1:]}: {po.field_of(text.path)}")
    else:
        lines.append(f"{po.field_of(text.path).replace('_', ' ').capitalize()}")
    if text.help:
        lines.append(text.help)
    if text.facts.get("audience"):
        lines.append(f"For: {Page.Audience(text.facts['audience']).label.lower()}")
    if text.limit:
        lines.append(f"At most {text.limit} letters")
    if address := _address(text):
        lines.append(f"On {address}")
    if note := notes.get(text.name):
        lines.append(f"Note: {note}")
    return lines


def _address(text: Text) -> str:
    """Return where the source stands on the site; empty for what stands on several pages."""
    if text.kind != Revision.Kind.PAGE:
        return ""
    try:
        page = settings.SITE_URL + richtext.page_url(text.key, languages.SOURCE)
    except NoReverseMatch:
        return ""
    is_section = text.path.startswith("sections/")
    return f"{page}#{text.path.split('/')[1]}" if is_section else page
