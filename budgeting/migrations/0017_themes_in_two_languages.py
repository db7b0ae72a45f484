"""Themes of projects in a column per language; those there were become the Italian ones.

Rows of a round that has been opened refuse any update: the Italian column is therefore made as a
generated one, which takes no update, and becomes an ordinary one at once.
"""

from django.db import migrations, models

FORWARD = """
ALTER TABLE budgeting_project
    ADD COLUMN categories_it varchar(500) GENERATED ALWAYS AS (categories) STORED,
    ADD COLUMN categories_en varchar(500);
ALTER TABLE budgeting_project
    ALTER COLUMN categories_it DROP EXPRESSION;
ALTER TABLE budgeting_project
    ADD CONSTRAINT budgeting_project_themes_equal_in_number CHECK (
        coalesce(categories_en, '') = ''
        OR cardinality(string_to_array(categories_en, ','))
         = cardinality(string_to_array(coalesce(categories_it, ''), ',')));
"""

BACKWARD = """
ALTER TABLE budgeting_project
    DROP CONSTRAINT budgeting_project_themes_equal_in_number,
    DROP COLUMN categories_it,
    DROP COLUMN categories_en;
"""


def _themes(**more):
    return models.CharField(
        blank=True,
        help_text="Separated by commas.",
        max_length=500,
        verbose_name="themes",
        **more,
    )


class Migration(migrations.Migration):
    dependencies = [("budgeting", "0016_record_guards")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(FORWARD, BACKWARD)],
            state_operations=[
                migrations.AddField("project", "categories_it", _themes(null=True)),
                migrations.AddField("project", "categories_en", _themes(null=True)),
                migrations.AlterField("project", "categories", _themes()),
            ],
        ),
    ]
