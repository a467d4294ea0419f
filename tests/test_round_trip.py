"""Every kind of text goes out to translators' tools and comes back without loss."""

import copy
import html
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from campaign import languages
from content import markdown, richtext
from content.interchange import faults
from content.interchange.exporting import export
from content.interchange.planning import plan
from content.interchange.reading import read
from content.interchange.texts import texts_of
from content.interchange.writing import write
from content.models import Revision
from content.publishing import qa, workflow, working_copy
from content.publishing.snapshots import MODELS, find, snapshot
from tests import factories
from tests.test_markdown import BLOCKS
from tests.test_translation_files import PLAIN, through_a_tool

pytestmark = pytest.mark.django_db

LANGUAGE = "ga"
Content = dict[str, Any]


def some(kind: str) -> tuple[str, str]:
    """An item of this kind; a country with a remark on one of its services."""
    if kind != Revision.Kind.COUNTRY:
        live = Revision.objects.live().filter(kind=kind, language=languages.SOURCE)
        return kind, max(live, key=lambda r: len(str(r.content))).key
    country = factories.japan()
    factories.childline(country, remark_en="They have a garden.")
    return kind, country.code


def with_texts(content: Content, texts: dict[str, str]) -> Content:
    """The same content, with these texts at their paths."""
    content = copy.deepcopy(content)
    for path, text in texts.items():
        where, _, rest = path.partition("/")
        if where == "remarks":
            content["remarks"][rest] = text
        elif where == "sections":
            key, _, name = rest.partition("/")
            next(s for s in content["sections"] if s["key"] == key)[name] = text
        else:
            content[path] = text
    return content


def make_live(kind: str, key: str) -> Revision:
    """What the working copy says in the source is live, whatever the rules say of it."""
    draft = workflow.save_draft(find(kind, key), languages.SOURCE, factories.editor())
    Revision.objects.of(kind, key, languages.SOURCE).live().update(is_live=False)
    draft.is_live, draft.approved_at = True, draft.created_at
    draft.save()
    return draft


def seen(kind: str, content: Content) -> dict[str, Any]:
    """What a reader sees of each text."""
    return {
        path: markdown.tree(text) if qa.is_rich(path) else text
        for path, text in texts_of(kind, content)
    }


@pytest.mark.parametrize("kind", MODELS)
@given(
    word=PLAIN,
    body=BLOCKS,
    width=st.sampled_from([0, 40, 78, 200]),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
# Making an example smaller would take minutes: each is a whole export.
@settings(
    max_examples=2,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
def test_a_text_of_every_kind_goes_out_and_comes_back_without_loss(
    kind, word, body, width, line_end
):
    assume(not faults.FORBIDDEN.search(word + html.unescape(body)))
    assume(not faults.HTML.search(word + markdown.to_markdown(body)))
    with transaction.atomic():
        kind, key = some(kind)
        source = snapshot(find(kind, key), languages.SOURCE)
        paths = [path for path, text in texts_of(kind, source) if text]
        assert paths

        def texts(start: str) -> dict[str, str]:
            rich = richtext.clean(f"<p>{start}</p>{body}")
            return {p: rich if qa.is_rich(p) else f"{start} {word}" for p in paths}

        working_copy.write(find(kind, key), languages.SOURCE, with_texts(source, texts("A")))
        live = make_live(kind, key)
        translated = with_texts(live.content, texts("B"))
        working_copy.write(find(kind, key), LANGUAGE, translated)
        draft = workflow.save_draft(find(kind, key), LANGUAGE, factories.editor())
        unsure = paths[-1:] if len(paths) > 1 else []
        workflow.save_draft(find(kind, key), LANGUAGE, factories.editor(), unsure=unsure)
        file = read(through_a_tool(export(LANGUAGE), width, line_end))
        assert [e.name.partition("/")[2] for e in file.entries if e.is_fuzzy] == unsure
        assert not plan(file).written
        # Then everything that was translated is lost, and the file brings back what is done.
        Revision.objects.filter(kind=kind, key=key, language=LANGUAGE).delete()
        nothing = with_texts(live.content, dict.fromkeys(paths, ""))
        working_copy.write(find(kind, key), LANGUAGE, nothing)
        (back,) = write(file, factories.editor()).drafts
        done = with_texts(draft.content, dict.fromkeys(unsure, ""))
        assert seen(kind, back.content) == seen(kind, done)
        transaction.set_rollback(True)
