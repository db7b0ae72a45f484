"""Wagtail comes with a group "Moderators" that publishes pages and approves them in its workflow.

Here publishers do that, and moderators look after what residents write. The group keeps its rights
on pages, pictures and documents, and its place in the workflow, under its new name; the moderators
become a new group.
"""

from django.db import migrations


def rename(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    if Group.objects.filter(name="Publishers").exists():
        return
    Group.objects.filter(name="Moderators").update(name="Publishers")
    Group.objects.get_or_create(name="Moderators")
    for model in ("Workflow", "Task"):
        apps.get_model("wagtailcore", model).objects.filter(name="Moderators approval").update(
            name="Publication"
        )


def rename_back(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Group.objects.filter(name="Moderators").delete()
    Group.objects.filter(name="Publishers").update(name="Moderators")
    for model in ("Workflow", "Task"):
        apps.get_model("wagtailcore", model).objects.filter(name="Publication").update(
            name="Moderators approval"
        )


class Migration(migrations.Migration):
    dependencies = [
        ("residents", "0003_roll_permission"),
        ("auth", "0012_alter_user_first_name_max_length"),
        # It lets Wagtail's moderators translate, which here is for publishers.
        ("wagtail_localize", "0006_create_submit_translation_permission"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0011_add_choose_permissions"),
        ("wagtailimages", "0023_add_choose_permissions"),
    ]

    operations = [migrations.RunPython(rename, rename_back)]
