"""Merkle trees of RFC 9162 (Certificate Transparency 2.0), section 2.1, over SHA-256.

Leaf data are bytes; hashes are 32 bytes. Nothing here knows of ballots.
"""

import hashlib
from collections.abc import Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class GrowingTree:
    """A tree that only grows, in memory that grows with the logarithm of its size.

    It keeps the roots of the perfect subtrees that its leaves form from left to right, one for
    each 1 among the binary digits of its size.
    """

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, data: bytes) -> None:
        """Add a leaf at the end."""
        peak = leaf_hash(data)
        size = self.size
        while size & 1:
            peak = node_hash(self._peaks.pop(), peak)
            size >>= 1
        self._peaks.append(peak)
        self.size += 1

    def root(self) -> bytes:
        """Return the hash of the whole tree as it stands."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root of the tree over these leaves."""
    tree = GrowingTree()
    for data in leaves:
        tree.append(data)
    return tree.root()


def inclusion_path(leaves: Sequence[bytes], position: int) -> list[bytes]:
    """Return the hashes that lead from a leaf to the root (RFC 9162, 2.1.3.1).

    Raises IndexError when there is no leaf at this position.
    """
    if not 0 <= position < len(leaves):
        raise IndexError(f"no leaf {position} among {len(leaves)}")
    level = [leaf_hash(data) for data in leaves]
    path = []
    while len(level) > 1:
        sibling = position ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        # A last node without a sibling goes up as it is.
        level = [
            node_hash(level[i], level[i + 1]) if i + 1 < len(level) else level[i]
            for i in range(0, len(level), 2)
        ]
        position >>= 1
    return path


def is_included(
    *, data: bytes, position: int, size: int, path: Sequence[bytes], root: bytes
) -> bool:
    """Say whether a path proves a leaf's place in a tree of this size and root (2.1.3.2)."""
    if not 0 <= position < size:
        return False
    node, last, current = position, size - 1, leaf_hash(data)
    for step in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            current = node_hash(step, current)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            current = node_hash(current, step)
        node >>= 1
        last >>= 1
    return last == 0 and current == root
