"""A migration, a new version and the way back, while readers read and staff approve."""

import signal
import time

import pytest

from tests.faults.processes import stop, wait_until
from tests.faults.site import manage
from tests.faults.stand import new_code
from tests.faults.test_killed import beside

pytestmark = pytest.mark.faults

MIGRATION = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "{last}")]
    operations = [
        migrations.AddField("revision", "added", models.TextField(default="", db_default="")),
        migrations.RunSQL("UPDATE content_revision SET added = 'x'", ""),
        migrations.RunSQL("SELECT pg_sleep(2)", ""),
    ]
"""
LAST = 5
"""How many texts are kept for what a test itself approves."""
MARK = "Written-by-the-new-version"


def approving(stand, pause=0.3):
    """Approve one text after the other in a thread, but for the last; returns what stops it."""
    going = [True]

    def approve():
        while going and len(stand.approvals.waiting) > LAST:
            stand.approvals.one()
            time.sleep(pause)

    thread, _ = beside(approve)

    def end():
        going.clear()
        thread.join()

    return end


def test_migration_during_traffic(stand, note):
    node = stand.nodes[0]
    code = new_code(stand, "new")
    migrations = sorted(path.stem for path in (code / "content" / "migrations").glob("0*.py"))
    (code / "content" / "migrations" / "9999_added.py").write_text(
        MIGRATION.format(last=migrations[-1])
    )
    model = code / "content" / "models" / "publishing.py"
    field = '    added = models.TextField(default="", db_default="")\n'
    before = "    kind = models.CharField(max_length=10, choices=Kind)\n"
    text = model.read_text()
    assert before in text
    model.write_text(text.replace(before, field + before))
    env = node.environment | {"PYTHONPATH": str(code), "DATABASE_TIMEOUT": "60"}
    with stand.readers() as readers:
        end = approving(stand)
        readers.at_least(500)
        manage(env, "migrate", "--verbosity", "0")
        readers.at_least(500)
        end()
        behind = stand.approvals.must()  # the old code on the new tables
        wait_until(lambda: stand.is_visible(behind), "the old version stands still")
        manage(env, "migrate", "--verbosity", "0", "content", migrations[-1])
        readers.at_least(500)
        stand.approvals.must()
    statuses = {told.status for told in stand.approvals.refused}
    assert statuses <= {503}
    staff = f"{len(stand.approvals.done)} approvals, {len(stand.approvals.refused)} refused (503)"
    note("A migration there and back in 2 s and more", stand, readers.verdict(), staff)


def change(code, old, new):
    """Change what all pages are made from."""
    page = code / "templates" / "base.html"
    text = page.read_text()
    assert old in text
    page.write_text(text.replace(old, new, 1))


def switch(stand, code):
    """Let both nodes run other code, one after the other, as the runbook says."""
    for node in stand.nodes:
        node.environment["PYTHONPATH"] = str(code)
        stop(node.server)
        stop(node.follower)
        node.start()


def test_update_and_roll_back_during_traffic(stand, note):
    old = stand.nodes[0].code
    code = new_code(stand, "new")
    change(code, "</body>", f"<!-- {MARK} --></body>")
    manage(
        stand.nodes[0].environment
        | {"PYTHONPATH": str(code), "STATIC_ROOT": str(code / "collected")},
        *("collectstatic", "--noinput", "--verbosity", "0"),
    )
    with stand.readers(pause=0.02) as readers:  # two full bakes on both nodes need the cores
        end = approving(stand, 2)
        readers.at_least(500)
        switch(stand, code)
        readers.at_least(500)
        wait_until(lambda: all(is_new(node) for node in stand.nodes), "no new page", 600)
        switch(stand, old)
        readers.at_least(2000)
        wait_until(lambda: not any(is_new(node) for node in stand.nodes), "no old page", 600)
        for node in stand.nodes:  # new code in place, and gunicorn told to take it
            before = set(node.workers)
            node.server.send_signal(signal.SIGHUP)
            wait_until(
                lambda node=node, before=before: (
                    node.workers and before.isdisjoint(node.workers) and node.answers()
                ),
                "old workers go on",
            )
        readers.at_least(2000)
        end()
        stand.approvals.must()
    verdict = readers.verdict()
    assert verdict.total >= 5000
    statuses = {told.status for told in stand.approvals.refused}
    assert statuses <= {0, 502, 503}
    staff = f"{len(stand.approvals.done)} approvals, {len(stand.approvals.refused)} refused"
    note(
        "Update node by node, all pages baked anew, back again, and gunicorn reloaded (HUP)",
        *(stand, verdict, f"{staff} while their node was away"),
    )


def is_new(node):
    """Whether readers of a node get pages of the new version."""
    return MARK in node.get("/en/")[1]
