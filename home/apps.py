from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = _("Home")

    def ready(self) -> None:
        from . import new_site, signals, spreadsheets  # noqa: F401  signals connects itself

        spreadsheets.protect_exports()
        post_migrate.connect(new_site.begin_when_empty, sender=self, dispatch_uid="home.new_site")
