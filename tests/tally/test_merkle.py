"""Merkle trees against RFC 9162: its definitions taken literally, and known roots."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgeting.tally.merkle import GrowingTree, inclusion_path, is_included, root_of

# The test leaves and roots of the reference implementation of Certificate Transparency, which
# certificate logs are checked against; the hash construction of RFC 6962 and RFC 9162 is the same.
LEAVES = [
    bytes.fromhex(text)
    for text in [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def sha256(data):
    return hashlib.sha256(data).digest()


def split(n):
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def tree_hash(leaves):
    """RFC 9162, 2.1.1, word by word."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0])
    k = split(len(leaves))
    return sha256(b"\x01" + tree_hash(leaves[:k]) + tree_hash(leaves[k:]))


def path(m, leaves):
    """RFC 9162, 2.1.3.1, word by word."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), tree_hash(leaves[k:])]
    return [*path(m - k, leaves[k:]), tree_hash(leaves[:k])]


@pytest.mark.parametrize("size", range(1, 9))
def test_known_roots(size):
    assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_empty_tree_is_the_hash_of_nothing():
    assert root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_a_growing_tree_has_the_root_of_the_definition_at_every_size(leaves):
    tree = GrowingTree()
    for size, leaf in enumerate(leaves):
        assert tree.root() == tree_hash(leaves[:size])
        tree.append(leaf)
    assert tree.root() == tree_hash(leaves)
    assert tree.size == len(leaves)


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=40), st.data())
def test_every_leaf_has_the_path_of_the_definition_and_it_proves_the_leaf(leaves, data):
    position = data.draw(st.integers(0, len(leaves) - 1))
    proof = inclusion_path(leaves, position)
    assert proof == path(position, leaves)
    facts = {"size": len(leaves), "path": proof, "root": root_of(leaves)}
    assert is_included(data=leaves[position], position=position, **facts)
    assert not is_included(data=leaves[position] + b"!", position=position, **facts)
    assert not is_included(data=leaves[position], position=len(leaves), **facts)


@given(st.integers(2, 40), st.data())
def test_a_path_proves_nothing_elsewhere(size, data):
    leaves = [bytes([i]) for i in range(size)]
    position = data.draw(st.integers(0, size - 1))
    proof = inclusion_path(leaves, position)
    root = root_of(leaves)
    other = data.draw(st.integers(0, size - 1).filter(lambda i: i != position))
    assert not is_included(data=leaves[position], position=other, size=size, path=proof, root=root)
    for wrong in (proof[:-1], [*proof, bytes(32)], [bytes(32), *proof[1:]]):
        assert not is_included(
            data=leaves[position], position=position, size=size, path=wrong, root=root
        )


def test_there_is_no_path_to_a_leaf_that_is_not_there():
    with pytest.raises(IndexError):
        inclusion_path([b"a"], 1)
