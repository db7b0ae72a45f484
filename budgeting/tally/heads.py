"""The chain of checkpoints of a ballot box, recomputed from its public list of commitments.

Each head is SHA-256("RIONE-H1" ‖ previous head ‖ root ‖ number of commitments, 8 bytes big-endian ‖
SHA-256 of the frozen rules), with 32 zero bytes before the first. The root is that of the Merkle
tree (RFC 9162) over the commitments so far.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .language import tell
from .merkle import GrowingTree
from .recount_words import WORDS

FIRST_HEAD = bytes(32)


class ChainBrokenError(Exception):
    """A checkpoint (``number``, from 1) does not follow from the list of commitments."""

    def __init__(self, number: int) -> None:
        super().__init__(tell(WORDS, "chain-broken", number=number))
        self.number = number


@dataclass(frozen=True)
class Link:
    """One published checkpoint: its number, commitments so far, root and head (32 bytes each)."""

    number: int
    count: int
    root: bytes
    head: bytes


@dataclass(frozen=True)
class Chain:
    """A chain that was recomputed: how many checkpoints, how many commitments, the last head."""

    checkpoints: int
    commitments: int
    head: bytes


def head_of(*, previous: bytes, root: bytes, count: int, rules_hash: bytes) -> bytes:
    """Return the head of a checkpoint; every argument but `count` has 32 bytes."""
    message = b"RIONE-H1" + previous + root + count.to_bytes(8, "big") + rules_hash
    return hashlib.sha256(message).digest()


def recompute_chain(
    links: Iterable[Link], commitments: Iterable[bytes], *, rules_hash: bytes
) -> Chain:
    """Recompute every checkpoint. Raises ChainBrokenError.

    The commitments of each checkpoint stand in ascending order: nothing there tells when each
    ballot came in.
    """
    leaves: Iterator[bytes] = iter(commitments)
    tree = GrowingTree()
    head = FIRST_HEAD
    number = 0
    for number, link in enumerate(links, start=1):
        previous_leaf = b""
        while tree.size < link.count:
            leaf = next(leaves, None)
            if leaf is None or leaf <= previous_leaf:
                raise ChainBrokenError(number)
            tree.append(leaf)
            previous_leaf = leaf
        root = tree.root()
        head = head_of(previous=head, root=root, count=tree.size, rules_hash=rules_hash)
        if (number, tree.size, root, head) != (link.number, link.count, link.root, link.head):
            raise ChainBrokenError(number)
    if next(leaves, None) is not None:
        raise ChainBrokenError(number + 1)
    return Chain(checkpoints=number, commitments=tree.size, head=head)
