"""Form fields of the staff area: rich text, emergency numbers, lists of lines and of codes."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget

from campaign import languages
from content import countries, richtext
from content.models.directory import EMERGENCY_SERVICES, validate_phone
from content.models.fields import validate_seen

EXTENSIONS: dict[str, Any] = {
    "Paragraph": True,
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "Bold": True,
    "Link": {
        "enableTarget": False,
        "protocols": ["https", {"scheme": "page", "optionalSlashes": True}],
        "autolink": False,
    },
    "HardBreak": True,
    "History": True,
    # The browser's spelling help reads the field's `lang`; editors want it.
    "NoSpellCheck": False,
}
"""What the rich text editor offers: no more than content.richtext keeps."""

ONLY_PARAGRAPH = re.compile(r"<li><p>((?:(?!</?p>).)*?)</p>(?=</li>|<ul>|<ol>)", re.DOTALL)


def tidy(text: str) -> str:
    """Return clean HTML in the form in which revisions hold it.

    The editor puts every list item into a paragraph; ours stand without, as in Markdown.
    """
    cleaned = richtext.clean(text or "")
    return ONLY_PARAGRAPH.sub(r"<li>\1", cleaned)


class RichTextField(ProseEditorFormField):
    """Rich text as the whole site understands it; cleaned on the way in."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["widget"] = AdminProseEditorWidget(attrs={"rows": 6})
        super().__init__(extensions=dict(EXTENSIONS), sanitize=tidy, **kwargs)

    def validate(self, value: Any) -> None:
        """Raise ValidationError for a link that cleaning would drop without a word."""
        super().validate(value)
        for target in richtext.links(value or ""):
            if target.partition(":")[0] not in richtext.SCHEMES:
                raise ValidationError(
                    f"The link “{target}” starts with neither https:// nor page: (a page of ours)."
                )
            if not richtext.is_target(target):
                raise ValidationError(
                    f"The link “{target}” is not written as links are: https://a.example/ or"
                    " page:stop, without spaces and hidden characters."
                )

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the text differs; another way of writing the same HTML is no change."""
        return tidy(initial or "").split() != tidy(data or "").split()


class LinesField(forms.CharField):
    """A list of words, one a line."""

    widget: forms.Widget = forms.Textarea(attrs={"rows": 3, "cols": 40})

    def prepare_value(self, value: Any) -> Any:
        """Return the list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Return the lines that are not empty, as a list."""
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other words, or the same in another order, were written."""
        return bool((initial or []) != self.to_python(data))


class AddressesField(LinesField):
    """A list of web addresses, one a line; staff read them, so old ones without https will do."""

    def validate(self, value: Any) -> None:
        """Raise ValidationError for a line that is no web address."""
        super().validate(value)
        for address in value:
            if not re.match(r"https?://[^/?#]", address):
                raise ValidationError(f"“{address}” is no address that starts with https://.")
            validate_seen(address)


class CodesField(LinesField):
    """A list of language codes, on one line."""

    widget = forms.TextInput(attrs={"class": "vTextField"})

    def prepare_value(self, value: Any) -> Any:
        """Return the codes with spaces between."""
        return " ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Return the codes as a list."""
        return re.split(r"[\s,]+", value.strip()) if value and value.strip() else []

    def validate(self, value: Any) -> None:
        """Raise ValidationError for what is no code of a language that CLDR knows."""
        super().validate(value)
        for code in value:
            known = re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]{2,4})?", code)
            if not known or countries.language_name(code, languages.SOURCE) == code:
                raise ValidationError(f"“{code}” is no code of a language. An example: de fr.")


class EmergencyNumbersField(forms.CharField):
    """Emergency numbers, one a line: the number as dialled, then whom it reaches."""

    widget = forms.Textarea(attrs={"rows": 4, "cols": 30})

    def prepare_value(self, value: Any) -> Any:
        """Return the numbers as lines such as `112 all`."""
        if not isinstance(value, list):
            return value
        return "\n".join(f"{entry['number']} {entry['for']}" for entry in value)

    def to_python(self, value: Any) -> Any:
        """Return a list of `{"number": ..., "for": ...}`. Raises ValidationError with the line."""
        return [self._entry(line) for line in (value or "").splitlines() if line.strip()]

    def _entry(self, line: str) -> dict[str, str]:
        number, _, service = line.strip().rpartition(" ")
        if service not in EMERGENCY_SERVICES or not number:
            services = ", ".join(EMERGENCY_SERVICES)
            raise ValidationError(
                f"Cannot read “{line.strip()}”. Write the number and one of {services}: 112 all"
            )
        validate_phone(number.strip())
        return {"number": number.strip(), "for": service}

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether a number, whom it reaches, or the order differs."""
        try:
            given = self.to_python(data)
        except ValidationError:
            return True
        return [(e["number"], e["for"]) for e in initial or []] != [
            (e["number"], e["for"]) for e in given
        ]
