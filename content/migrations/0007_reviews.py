"""Marks of unsure texts, written once with their revision; reviews, which come later."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NAME = "content_revision_never_changes"
BEFORE = (
    "kind key language number title content origin comment reviewed_by"
    " created_at created_by_id based_on_id"
).split()
WRITTEN_ONCE = [*BEFORE, "unsure"]
APPROVED_ONCE = ("approved_at", "approved_by_id", "reason")

POSTGRESQL = (
    "CREATE TRIGGER {name} BEFORE UPDATE ON content_revision FOR EACH ROW"
    " WHEN ({changed}) EXECUTE FUNCTION {name}()"
)
SQLITE = (
    "CREATE TRIGGER {name} BEFORE UPDATE ON content_revision FOR EACH ROW WHEN {changed}"
    " BEGIN SELECT RAISE(ABORT, 'A revision never changes: write a new one.'); END"
)


def drop(apps, schema_editor):
    """Take the trigger away: SQLite loses it with the table that gets another column."""
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(
        f"DROP TRIGGER IF EXISTS {NAME}" + (" ON content_revision" if is_postgresql else "")
    )


def create(apps, schema_editor, columns=WRITTEN_ONCE):
    """Make the trigger of migration 0002 again, for these columns."""
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    # JSON has no equality on PostgreSQL, JSONB has.
    differs = "OLD.{0} IS DISTINCT FROM NEW.{0}" if is_postgresql else "OLD.{0} IS NOT NEW.{0}"
    changed = " OR ".join(differs.format(f'"{name}"') for name in columns)
    approved = " OR ".join(differs.format(f'"{name}"') for name in APPROVED_ONCE)
    changed += f' OR (OLD."approved_at" IS NOT NULL AND ({approved}))'
    statement = POSTGRESQL if is_postgresql else SQLITE
    schema_editor.execute(statement.replace("{name}", NAME).replace("{changed}", changed))


def create_as_before(apps, schema_editor):
    """Make it as migration 0002 did."""
    create(apps, schema_editor, BEFORE)


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0006_sent_back"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(drop, create_as_before),
        migrations.AddField(
            model_name="revision",
            name="unsure",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Paths of the texts that the author wants somebody to look at again.",
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="reviews",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="What readers are told of its reviews: role, name and day of each.",
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="reviewed_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When what readers are told of its reviews last changed.",
                null=True,
            ),
        ),
        migrations.RunPython(create, drop),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("native", "A native speaker"),
                            ("helpline", "A helpline"),
                            ("youth", "A youth panel"),
                            ("other", "Somebody else: write the role"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        help_text="Readers see it as it stands here, in place of the general word."
                        " For example the name of a helpline, written in the language of the page."
                        " Never the name of a person.",
                        max_length=80,
                        verbose_name="name of the role",
                    ),
                ),
                (
                    "on",
                    models.DateField(help_text="Readers see it.", verbose_name="day of the check"),
                ),
                ("holds", models.BooleanField(default=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviewed",
                        to="content.revision",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "other"), _negated=True),
                            models.Q(("name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="review_names_a_role",
                        violation_error_message="Write the role.",
                    )
                ],
            },
        ),
    ]
