"""An archive of a kit: the same bytes for the same files, and every byte of it counts."""

import io
import random
import struct
import zipfile

import pytest

from budgeting.tally.kit_archive import (
    LARGEST,
    MOST_FILES,
    ArchiveError,
    Entry,
    Packing,
    archive_pieces,
    open_kit,
)
from budgeting.tally.recounting import Verdict, _check_packing

FILES = {"README.txt": b"read me\n", "ballots.pb": b"META\n" * 50, "frozen/rules-0.json": b"{}"}


def archive(files=None):
    return b"".join(archive_pieces([Entry.of(*item) for item in (files or FILES).items()]))


def packed(files, **options):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **options) as other:
        for name, content in files.items():
            other.writestr(name, content)
    return buffer.getvalue()


def opened(tmp_path, content):
    path = tmp_path / "kit.zip"
    path.write_bytes(content)
    return open_kit(path)


def test_an_archive_gives_back_its_files(tmp_path):
    kit = opened(tmp_path, archive())
    assert {name: kit.read(name) for name in kit.names} == FILES
    with kit.open("ballots.pb") as lines:
        assert list(lines) == [b"META\n"] * 50


def test_nothing_is_packed_that_no_reader_would_take():
    one = Entry.of("README.txt", b"")
    huge = Entry("ballots.pb", LARGEST + 1, 0, tuple)
    many = [Entry.of(f"{number}.txt", b"") for number in range(MOST_FILES + 1)]
    for entries in ([one, one], [huge], many):
        with pytest.raises(ValueError, match="archive"):
            list(archive_pieces(entries))


def test_other_programs_open_it_too():
    with zipfile.ZipFile(io.BytesIO(archive())) as other:
        assert other.testzip() is None
        assert {info.filename: other.read(info) for info in other.infolist()} == FILES


def test_the_same_files_give_the_same_bytes():
    assert archive() == archive()


def is_seen(tmp_path, content):
    """Whether a change is refused, or told by the recount as a difference."""
    try:
        kit = opened(tmp_path, content)
    except ArchiveError as refused:
        return bool(refused.remedy)
    told = [finding.verdict for finding in _check_packing(kit)]
    return Verdict.DIFFERS in told or set(kit.names) != set(FILES)


def test_no_byte_of_an_archive_can_change_unseen(tmp_path):
    content = archive()
    chance = random.Random(7)
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1 << chance.randrange(8)
        assert is_seen(tmp_path, bytes(changed)), place


def test_a_damaged_archive_of_another_program_is_refused_or_gives_the_files(tmp_path):
    chance = random.Random(8)
    for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        content = packed(FILES, compression=compression)
        for place in range(len(content)):
            changed = bytearray(content)
            changed[place] ^= 1 << chance.randrange(8)
            if not is_seen(tmp_path, bytes(changed)):
                kit = open_kit(tmp_path / "kit.zip")
                assert kit.packing is Packing.REPACKED
                assert {name: kit.read(name) for name in kit.names} == FILES


def test_a_changed_file_is_named(tmp_path):
    content = bytearray(archive())
    content[content.index(b"META")] ^= 1
    kit = opened(tmp_path, bytes(content))
    assert kit.damaged == ("ballots.pb",)
    [finding] = _check_packing(kit)
    assert finding.verdict is Verdict.DIFFERS
    assert "ballots.pb" in finding.detail


@pytest.mark.parametrize(
    "change",
    [lambda c: c[:-1], lambda c: c + b"x", lambda c: b"", lambda c: c[5:], lambda c: b"x" + c],
)
def test_an_archive_that_is_not_whole_is_refused(tmp_path, change):
    for content in (archive(), packed(FILES)):
        with pytest.raises(ArchiveError) as caught:
            opened(tmp_path, change(content))
        assert "Download the archive again" in caught.value.remedy


def test_an_archive_packed_again_is_read_and_said_to_be(tmp_path):
    for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        kit = opened(tmp_path, packed({"frozen/": b""} | FILES, compression=compression))
        assert kit.packing is Packing.REPACKED
        assert {name: kit.read(name) for name in kit.names} == FILES
        assert [each.verdict for each in _check_packing(kit)] == [Verdict.NOT_POSSIBLE]


def test_an_archive_that_became_smaller_was_packed_again_and_not_changed(tmp_path):
    zeros = {"ballots.pb": bytes(50_000)}
    kit = opened(tmp_path, packed(zeros, compression=zipfile.ZIP_DEFLATED))
    assert kit.packing is Packing.REPACKED
    assert kit.read("ballots.pb") == bytes(50_000)


def promising(size):
    """Pack a file of zeros whose size is said to be another, in its header and in the directory."""
    bomb = bytearray(packed({"ballots.pb": bytes(5_000_000)}, compression=zipfile.ZIP_DEFLATED))
    struct.pack_into("<I", bomb, 22, size)
    struct.pack_into("<I", bomb, bomb.index(b"PK\1\2") + 24, size)
    return bytes(bomb)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (promising(LARGEST + 1), "unpacks to more"),
        (promising(10), "cannot be unpacked"),
        (packed({f"{number}.txt": b"" for number in range(MOST_FILES + 1)}), "unpacks to more"),
        (packed({f"{number}.txt": b"" for number in range(3 * MOST_FILES)}), "promises more"),
        (packed(FILES, compression=zipfile.ZIP_LZMA), "compressed in a way"),
        (packed(FILES, compression=zipfile.ZIP_BZIP2), "compressed in a way"),
    ],
    ids=["bomb", "bomb that lies", "many files", "large directory", "lzma", "bzip2"],
)
def test_what_another_program_packed_is_no_more_than_a_kit(tmp_path, content, why):
    with pytest.raises(ArchiveError, match=why) as caught:
        opened(tmp_path, content)
    assert "Download the archive again" in caught.value.remedy


def named(name):
    """Pack a file under a name that the packer itself would not write."""
    other = "q" * len(name) or "q"
    whole = packed({other: b"x"})
    if name:
        return whole.replace(other.encode(), name.encode())
    parts = bytearray(whole.replace(b"q", b""))  # 30 bytes, the content, 46 bytes, the end
    struct.pack_into("<H", parts, 26, 0)
    struct.pack_into("<H", parts, 31 + 28, 0)
    struct.pack_into("<II", parts, 31 + 46 + 12, 46, 31)
    return bytes(parts)


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "a/../b", "a\\b", "", "a/b/c", ".hidden", "a:b", "a\0b"]
)
def test_no_name_leads_elsewhere(tmp_path, name):
    with pytest.raises(ValueError, match="not a name"):
        archive({name: b"x"})
    with pytest.raises(ArchiveError):
        opened(tmp_path, named(name))
    with pytest.raises(ArchiveError):
        opened(tmp_path, named(f"{name}/"))


def test_a_file_said_to_lie_far_beyond_the_archive_is_refused(tmp_path):
    files = packed(FILES)
    start = files.index(b"PK\1\2")
    listed, end = bytearray(files[start:-22]), bytearray(files[-22:])
    far = struct.pack("<HHQ", 1, 8, 2**64 - 1)  # the extra field of offsets over 32 bits
    struct.pack_into("<H", listed, 30, len(far))
    struct.pack_into("<I", listed, 42, 0xFFFFFFFF)
    name_end = 46 + len("README.txt")
    listed[name_end:name_end] = far
    struct.pack_into("<I", end, 12, len(listed))
    with pytest.raises(ArchiveError, match="not where it says"):
        opened(tmp_path, files[:start] + bytes(listed + end))


def test_a_directory_that_promises_too_much_is_refused(tmp_path):
    content = bytearray(archive())
    struct.pack_into("<H", content, len(content) - 12, 60_000)
    with pytest.raises(ArchiveError, match="promises more"):
        opened(tmp_path, bytes(content))


def test_a_folder_is_read_like_its_archive(tmp_path):
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    kit = open_kit(tmp_path)
    assert {name: kit.read(name) for name in kit.names} == FILES


def test_what_is_larger_than_any_kit_is_not_even_read(tmp_path):
    huge = tmp_path / "kit.zip"
    with huge.open("wb") as file:
        file.truncate(LARGEST + 1)  # takes no room on the disk
    with pytest.raises(ArchiveError, match="larger than any kit"):
        open_kit(huge)
    with pytest.raises(ArchiveError, match="more than a kit"):
        open_kit(tmp_path)


def test_a_folder_of_more_files_than_a_kit_has_is_refused(tmp_path):
    for number in range(MOST_FILES + 1):
        (tmp_path / f"{number}.txt").write_bytes(b"")
    with pytest.raises(ArchiveError) as refused:
        open_kit(tmp_path)
    assert "Unpack the archive again" in refused.value.remedy


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_file_is_there_once(tmp_path, compression):
    content = packed({"one.txt": b"1", "two.txt": b"2"}, compression=compression)
    with pytest.raises(ArchiveError, match="twice"):
        opened(tmp_path, content.replace(b"two.txt", b"one.txt"))


def test_an_archive_that_ends_inside_a_file_is_refused(tmp_path):
    """The directory is right in itself, and promises bytes that were cut out."""
    content = bytearray(archive({"ballots.pb": b"META\n" * 50}))
    directory = content.index(b"PK\1\2")
    struct.pack_into("<I", content, len(content) - 6, directory - 100)
    del content[directory - 100 : directory]
    assert is_seen(tmp_path, bytes(content))


def test_bytes_between_the_files_and_their_directory_are_seen(tmp_path):
    content = bytearray(archive())
    directory = content.index(b"PK\1\2")
    struct.pack_into("<I", content, len(content) - 6, directory + 5)
    content[directory:directory] = b"extra"
    kit = opened(tmp_path, bytes(content))
    assert kit.packing is Packing.REPACKED
    assert {name: kit.read(name) for name in kit.names} == FILES


def test_a_folder_with_links_or_strange_files_is_refused(tmp_path):
    (tmp_path / "ballots.pb").symlink_to("/etc/passwd")
    with pytest.raises(ArchiveError, match="link"):
        open_kit(tmp_path)
    (tmp_path / "ballots.pb").unlink()
    (tmp_path / ".DS_Store").write_bytes(b"")
    with pytest.raises(ArchiveError, match="DS_Store"):
        open_kit(tmp_path)
