"""What a receipt is good for: showing that its commitment is in the public list."""

from dataclasses import dataclass

from .checkpoints import published_commitments
from .models import Checkpoint, Leaf, Round
from .tally.merkle import inclusion_path, is_included


@dataclass(frozen=True)
class InclusionProof:
    """That a commitment stands in the list of a checkpoint (RFC 9162, 2.1.3); `position` from 0."""

    commitment: bytes
    position: int
    size: int
    path: tuple[bytes, ...]
    root: bytes
    checkpoint: int
    head: bytes

    def holds(self) -> bool:
        """Recompute the root from the commitment and the path."""
        return is_included(
            data=self.commitment,
            position=self.position,
            size=self.size,
            path=self.path,
            root=self.root,
        )


def prove_inclusion(*, round: Round, commitment: bytes) -> InclusionProof | None:
    """Return the proof that a commitment is in the public list of the last checkpoint.

    None when it is not, or not yet: checkpoints are made once an hour. Reads the whole list.
    """
    position = (
        Leaf.objects.filter(round=round, commitment=commitment)
        .values_list("position", flat=True)
        .first()
    )
    checkpoint = Checkpoint.objects.filter(round=round).order_by("-number").first()
    if position is None or checkpoint is None or position >= checkpoint.count:
        return None
    leaves = list(published_commitments(round.pk))[: checkpoint.count]
    return InclusionProof(
        commitment=commitment,
        position=position,
        size=checkpoint.count,
        path=tuple(inclusion_path(leaves, position)),
        root=checkpoint.root,
        checkpoint=checkpoint.number,
        head=checkpoint.head,
    )
