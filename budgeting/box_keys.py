"""The key of a ballot box: a file outside the database, and what is computed with it.

The file lies in BOX_KEYS_DIR with mode 0600 and holds 32 random bytes in hexadecimal. It is read at
every use, so that taking it away stops the box at once, on every server that lacks it.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from home.errors import DomainError

from .models import Box, Round

KEY_BYTES = 32
TRACKER_BYTES = 16


class BoxKeyError(DomainError):
    """The box cannot be used for want of its key."""


class BoxKeyMissing(BoxKeyError):
    """There is no key file on this server, or it cannot be read."""


class BoxKeyExposed(BoxKeyError):
    """The key file can be read by others."""


class BoxKeyWrong(BoxKeyError):
    """The file holds another key than the one the box was made with."""


class BoxKeyDestroyed(BoxKeyError):
    """The key was destroyed after sealing."""


class BoxKey:
    """The secret of a box; never printed, never stored in the database."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise ValueError(f"A box key has {KEY_BYTES} bytes.")
        self._secret = secret

    def __repr__(self) -> str:
        return "<BoxKey>"

    def ballot_key(self, *, scope_id: int, voting_id: bytes | memoryview) -> bytes:
        """Return under which key a person's ballots of a scope are in the box.

        HMAC-SHA-256 over the scope's number in ASCII digits and the voting id (16 bytes).
        """
        return hmac.digest(self._secret, scope_bytes(scope_id) + bytes(voting_id), "sha256")

    def tracker(self, *, ballot_key: bytes, replaces: int, form_bits: bytes) -> bytes:
        """Return the number a ballot is followed by: the same for a form that is sent again.

        The first 128 bits of HMAC-SHA-256 over "tracker", the ballot key, the replaced version
        (4 bytes, big-endian) and the form's 16 random bytes.
        """
        message = b"tracker" + ballot_key + replaces.to_bytes(4, "big") + form_bits
        return hmac.digest(self._secret, message, "sha256")[:TRACKER_BYTES]

    def check_value(self, round_id: int) -> bytes:
        """Return what the database keeps to recognise the key by."""
        return hmac.digest(self._secret, b"RIONE-K1" + str(round_id).encode(), "sha256")


def scope_bytes(scope_id: int) -> bytes:
    """Return how a scope is written in keys and commitments: its number, in ASCII digits."""
    return str(scope_id).encode("ascii")


def commitment_of(*, scope_id: int, tracker: bytes, content: str, blinding: bytes) -> bytes:
    """Return the commitment to a ballot.

    SHA-256 over "RIONE-C1" and then four fields, each after its length in 4 bytes, big-endian: the
    scope's number in ASCII digits, the tracker, the ballot as canonical JSON, 32 random bytes.
    """
    digest = hashlib.sha256(b"RIONE-C1")
    for field in (scope_bytes(scope_id), tracker, content.encode(), blinding):
        digest.update(len(field).to_bytes(4, "big"))
        digest.update(field)
    return digest.digest()


def new_key_file(round: Round) -> tuple[str, BoxKey]:
    """Make a key and write it to a file of its own, safely on disk; return its name and the key.

    Should the opening fail afterwards, the file stays: a key nothing was ever locked with.
    """
    secret = secrets.token_bytes(KEY_BYTES)
    name = f"{round.slug[:50]}-{secrets.token_hex(8)}.key"
    path = _folder() / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secret.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        _sync_folder()
    except OSError as error:
        raise BoxKeyError(
            _("The box key cannot be written to the keys folder (%(why)s).")
            % {"why": error.strerror}
        ) from error
    return name, BoxKey(secret)


def load_key(round_id: int) -> BoxKey:
    """Return the key of a round's box, proved to be the right one. Raises BoxKeyError."""
    box = Box.objects.filter(pk=round_id).first()
    if box is None:
        raise BoxKeyMissing(_("This round has no ballot box yet."))
    return load_key_of(box)


def load_key_of(box: Box) -> BoxKey:
    """Return the key of a box, proved to be the right one. Raises BoxKeyError."""
    if box.key_destroyed_at is not None:
        raise BoxKeyDestroyed(_("The key of this ballot box has been destroyed."))
    path = key_path(box)
    try:
        if path.stat().st_mode & 0o077:
            raise BoxKeyExposed(
                _(
                    "Others can read the box key on this server: until that is put right nobody "
                    "can vote."
                )
            )
        key = BoxKey(bytes.fromhex(path.read_text().strip()))
    except OSError as error:
        raise BoxKeyMissing(
            _(
                "The box key is not on this server, so nobody can vote at the moment. "
                "The staff have to bring it back."
            )
        ) from error
    except ValueError as error:
        raise _wrong_key() from error
    if not hmac.compare_digest(key.check_value(box.pk), box.key_check):
        raise _wrong_key()
    return key


def key_path(box: Box) -> Path:
    """Return where the key of a box lies on this server."""
    return _folder() / box.key_name


def witness_path(box: Box) -> Path:
    """Return where this server notes the last head it published; see `checkpoints`."""
    return _folder() / f"{box.key_name}.head"


def delete_key_file(box: Box) -> bool:
    """Delete the key from this server's folder; return whether it was there.

    The bytes are overwritten first; what the disk keeps of them is for the operator to erase.
    """
    path = key_path(box)
    try:
        with path.open("r+b") as file:
            length = os.fstat(file.fileno()).st_size
            file.write(b"0" * length)
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return False
    _sync_folder()
    return True


def _wrong_key() -> BoxKeyWrong:
    return BoxKeyWrong(
        _("The key on this server is not the key of this ballot box, so nobody can vote.")
    )


def _folder() -> Path:
    if not settings.BOX_KEYS_DIR:
        raise BoxKeyError(_("BOX_KEYS_DIR is not set: there is no folder for box keys."))
    folder = Path(settings.BOX_KEYS_DIR)
    if settings.ENVIRONMENT != "production":
        # On a real site the operator makes it, with the right owner; a check says so.
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _sync_folder() -> None:
    descriptor = os.open(_folder(), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
