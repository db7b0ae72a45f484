"""Runs of a count that never ended are ended, so that one at a time can be required."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("budgeting", "0017_themes_in_two_languages")]

    operations = [
        migrations.RunSQL(
            "UPDATE budgeting_countrun SET ended_at = clock_timestamp() WHERE ended_at IS NULL",
            migrations.RunSQL.noop,
        ),
    ]
