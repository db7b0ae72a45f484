"""Fields of this app."""

from typing import Any

from django.db import models


class BytesField(models.BinaryField):
    """A few bytes (a key, a hash), read back as `bytes` instead of a view on a buffer."""

    _pyi_private_set_type: bytes
    _pyi_private_get_type: bytes

    def from_db_value(self, value: Any, *_: Any) -> bytes | None:
        return None if value is None else bytes(value)
