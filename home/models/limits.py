"""How often something was done, so that it can be limited."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RateCount(models.Model):
    """How many times one action was taken for one subject in the current stretch of time.

    `key` is a keyed hash of both, so no address is kept; see `home.limits`.
    """

    key = models.BinaryField(_("key"), max_length=32, unique=True)
    count = models.PositiveIntegerField(_("count"))
    expires_at = models.DateTimeField(_("until"), db_index=True)

    class Meta:
        verbose_name = _("count of a limited action")
        verbose_name_plural = _("counts of limited actions")

    def __str__(self) -> str:
        return f"{self.count}"
