"""The names of the workflow and of its one step stand in buttons and sentences of the admin.

They are texts of the database, in one language for everybody: the city's, as people write it.
"""

from django.db import migrations

NAMES = {"Workflow": "Pubblicazione", "Task": "Controllo"}
BEFORE = "Publication"


def rename(apps, schema_editor):
    for model, name in NAMES.items():
        apps.get_model("wagtailcore", model).objects.filter(name=BEFORE).update(name=name)


def rename_back(apps, schema_editor):
    for model, name in NAMES.items():
        apps.get_model("wagtailcore", model).objects.filter(name=name).update(name=BEFORE)


class Migration(migrations.Migration):
    dependencies = [
        ("residents", "0008_roll_guards_whole"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(rename, rename_back)]
