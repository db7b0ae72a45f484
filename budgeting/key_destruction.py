"""Destroying the key of a sealed box, and recording it: only then may the count run.

With the key the shares of the guarantors, the backups and the write-ahead logs of the voting days
are destroyed; those the program cannot see, and two people sign that it was done.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from home.errors import DomainError

from .box_keys import delete_key_file
from .joint_acts import Effect
from .models import Box, JointAct, Round, Seal
from .phases import database_clock


class DestructionRefused(DomainError):
    """The key of this box is not to be destroyed now."""


def check(act: JointAct) -> None:
    """Raise DestructionRefused unless the box is sealed and its key not yet destroyed."""
    if not Seal.objects.filter(round=act.round, is_imported=False).exists():
        raise DestructionRefused(
            _("The key is needed until the box is sealed, its backup made and restored as a trial.")
        )
    if Box.objects.filter(pk=act.round_id, key_destroyed_at__isnull=False).exists():
        raise DestructionRefused(_("The destruction of this key is already on record."))


def apply(act: JointAct) -> None:
    """Delete the key on this server and record the destruction."""
    box = Box.objects.get(pk=act.round_id)
    # Should the record fail, the key is gone all the same, and the act is signed again.
    delete_key_file(box)
    box.key_destroyed_at, box.key_destruction = database_clock(), act
    box.save(update_fields=["key_destroyed_at", "key_destruction"])


def details(act: JointAct) -> list[tuple[Any, Any]]:
    """Return what the second person signs."""
    return [
        (
            _("With the key"),
            _(
                "the shares of the guarantors, every backup and the write-ahead logs of the voting "
                "days are destroyed."
            ),
        )
    ]


def delete_here(*, round: Round) -> bool:
    """Delete the key from one more server, once its destruction is on record.

    Returns whether it was there. Raises DestructionRefused before.
    """
    box = Box.objects.filter(round=round, key_destroyed_at__isnull=False).first()
    if box is None:
        raise DestructionRefused(_("Two people have to sign the destruction of the key first."))
    return delete_key_file(box)


EFFECT = Effect(check=check, apply=apply, details=details)
