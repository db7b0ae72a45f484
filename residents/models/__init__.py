"""People: accounts, and the rolls that say who may vote."""

from .people import User, UserManager
from .rolls import (
    VOTING_ID_BYTES,
    ImportedRow,
    ImportProblem,
    Roll,
    RollDoubt,
    RollEntry,
    RollImport,
    new_voting_id,
)

__all__ = [
    "VOTING_ID_BYTES",
    "ImportProblem",
    "ImportedRow",
    "Roll",
    "RollDoubt",
    "RollEntry",
    "RollImport",
    "User",
    "UserManager",
    "new_voting_id",
]
