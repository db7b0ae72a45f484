"""Conditions that several tables share."""

from django.db import models
from django.db.models.lookups import Exact

SHA256_BYTES = 32


def is_sha256(field: str) -> models.Q:
    """Return the condition that a binary column holds as many bytes as SHA-256 gives."""
    length = models.Func(
        models.F(field), function="octet_length", output_field=models.IntegerField()
    )
    return models.Q(Exact(length, SHA256_BYTES))
