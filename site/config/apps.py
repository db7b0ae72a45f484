"""The configuration as a Django app, so that its checks run with the others."""

from django.apps import AppConfig


class ConfigurationConfig(AppConfig):
    name = "config"
    verbose_name = "Configuration"

    def ready(self) -> None:
        from . import checks  # noqa: F401  registers itself
