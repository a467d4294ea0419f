"""What leaves the staff area is logged: who took what, never from where."""

import logging

import pytest

from tests import factories
from tests.admin_support import Desk

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/admin/content/contact/export/csv/", "Exported: contacts-"),
        ("/admin/content/revision/desk/fr/export/", "Exported: say-no-fr.po, by Edith."),
    ],
)
def test_it_is_logged_who_took_data_out(caplog, path, said):
    caplog.set_level(logging.INFO, "campaign.staff")
    edith = Desk(factories.editor())
    assert edith.client.get(path, REMOTE_ADDR="10.7.7.7").status_code == 200
    logged = [r.getMessage() for r in caplog.records if r.name == "campaign.staff"]
    (line,) = [text for text in logged if text.startswith("Exported")]
    assert line.startswith(said)
    assert line.endswith(", by Edith.")
    assert "10.7.7.7" not in caplog.text


def test_who_may_not_take_it_out_is_refused_and_nothing_is_logged(caplog):
    caplog.set_level(logging.INFO, "campaign.staff")
    paula = Desk(factories.partner("IE"))
    assert paula.client.get("/admin/content/revision/desk/fr/export/").status_code == 403
    assert not [r for r in caplog.records if r.getMessage().startswith("Exported")]
