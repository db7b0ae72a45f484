"""An election stands once on the page for the council, and only if ten people voted."""

from django.conf import settings
from django.db import migrations, models


KEEP_ONE_OF_EACH = """
UPDATE budgeting_simulation s SET file_sha256 = f.sha256
  FROM budgeting_simulationfile f WHERE f.id = s.file_id;
UPDATE budgeting_simulation s SET shown_at = NULL
 WHERE shown_at IS NOT NULL AND ((facts -> 'ballots')::int < 10 OR EXISTS (
        SELECT FROM budgeting_simulation o
         WHERE o.shown_at IS NOT NULL AND o.id > s.id
           AND (o.contest_id = s.contest_id
                OR (o.file_id IS NOT NULL AND o.file_sha256 = s.file_sha256))));
"""
"""The latest of an election stays on the page; votes of fewer than ten people leave it."""


class Migration(migrations.Migration):

    dependencies = [
        ('budgeting', '0023_guards_of_decisions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='simulation',
            name='file_sha256',
            field=models.CharField(blank=True, db_default='', default='', max_length=64, verbose_name='SHA-256 of the file'),
        ),
        migrations.AddConstraint(
            model_name='simulation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('file__isnull', True), ('file_sha256', '')), models.Q(('file__isnull', False), ('file_sha256__regex', '^[0-9a-f]{64}$')), _connector='OR'), name='budgeting_simulation_hash_of_its_file'),
        ),
        migrations.AddConstraint(
            model_name='simulation',
            constraint=models.CheckConstraint(condition=models.Q(('shown_at__isnull', True), ('facts__ballots__gte', 10), _connector='OR'), name='budgeting_simulation_shown_of_ten_people'),
        ),
        migrations.AddConstraint(
            model_name='simulation',
            constraint=models.UniqueConstraint(condition=models.Q(('contest__isnull', False), ('shown_at__isnull', False)), fields=('contest',), name='budgeting_simulation_contest_shown_once'),
        ),
        migrations.AddConstraint(
            model_name='simulation',
            constraint=models.UniqueConstraint(condition=models.Q(('file__isnull', False), ('shown_at__isnull', False)), fields=('file_sha256',), name='budgeting_simulation_file_shown_once'),
        ),
    ]
