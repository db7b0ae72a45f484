"""Rows of earlier counts get the name of their project's place as it is now."""

from django.db import migrations

FORWARD = """
UPDATE budgeting_resultrow AS counted
   SET area = coalesce(neighbourhood.name, project.area)
  FROM budgeting_project AS project
  LEFT JOIN commons_neighbourhood AS neighbourhood ON neighbourhood.id = project.neighbourhood_id
 WHERE project.id = counted.project_id
"""


class Migration(migrations.Migration):
    dependencies = [("budgeting", "0019_one_count_at_a_time_and_areas")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
