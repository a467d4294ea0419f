"""The database itself refuses to change what a revision says, whoever asks."""

from django.db import migrations

WRITTEN_ONCE = (
    "kind key language number title content origin comment reviewed_by"
    " created_at created_by_id based_on_id"
).split()
APPROVED_ONCE = ("approved_at", "approved_by_id", "reason")

POSTGRESQL = (
    """
    CREATE FUNCTION content_revision_never_changes() RETURNS trigger AS $$
    BEGIN
        RAISE EXCEPTION 'A revision never changes: write a new one.'
            USING ERRCODE = 'integrity_constraint_violation';
    END;
    $$ LANGUAGE plpgsql
    """,
    """
    CREATE TRIGGER content_revision_never_changes
    BEFORE UPDATE ON content_revision FOR EACH ROW
    WHEN ({changed}) EXECUTE FUNCTION content_revision_never_changes()
    """,
)
SQLITE = (
    """
    CREATE TRIGGER content_revision_never_changes
    BEFORE UPDATE ON content_revision FOR EACH ROW WHEN {changed}
    BEGIN SELECT RAISE(ABORT, 'A revision never changes: write a new one.'); END
    """,
)


def create(apps, schema_editor):
    """Make the trigger in the words of the database at hand."""
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    differs = "OLD.{0} IS DISTINCT FROM NEW.{0}" if is_postgresql else "OLD.{0} IS NOT NEW.{0}"
    changed = " OR ".join(differs.format(f'"{name}"') for name in WRITTEN_ONCE)
    approved = " OR ".join(differs.format(f'"{name}"') for name in APPROVED_ONCE)
    changed += f' OR (OLD."approved_at" IS NOT NULL AND ({approved}))'
    for statement in POSTGRESQL if is_postgresql else SQLITE:
        schema_editor.execute(statement.replace("{changed}", changed))


def drop(apps, schema_editor):
    """Take the trigger away again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER content_revision_never_changes ON content_revision")
        schema_editor.execute("DROP FUNCTION content_revision_never_changes")
    else:
        schema_editor.execute("DROP TRIGGER content_revision_never_changes")


class Migration(migrations.Migration):
    dependencies = [("content", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
