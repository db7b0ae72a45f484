"""An archive of a kit: the same bytes for the same files, and every byte of it counts."""

import io
import random
import struct
import zipfile

import pytest

from budgeting.tally.kit_archive import ArchiveError, Entry, archive_pieces, open_kit

FILES = {"README.txt": b"read me\n", "ballots.pb": b"META\n" * 50, "frozen/rules-0.json": b"{}"}


def archive(files=None):
    return b"".join(archive_pieces([Entry.of(*item) for item in (files or FILES).items()]))


def opened(tmp_path, content):
    path = tmp_path / "kit.zip"
    path.write_bytes(content)
    return open_kit(path)


def test_an_archive_gives_back_its_files(tmp_path):
    kit = opened(tmp_path, archive())
    assert {name: kit.read(name) for name in kit.names} == FILES
    with kit.open("ballots.pb") as lines:
        assert list(lines) == [b"META\n"] * 50


def test_other_programs_open_it_too():
    with zipfile.ZipFile(io.BytesIO(archive())) as other:
        assert other.testzip() is None
        assert {info.filename: other.read(info) for info in other.infolist()} == FILES


def test_the_same_files_give_the_same_bytes():
    assert archive() == archive()


def test_no_byte_of_an_archive_can_change_unseen(tmp_path):
    content = archive()
    chance = random.Random(7)
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1 << chance.randrange(8)
        with pytest.raises(ArchiveError):
            opened(tmp_path, bytes(changed))


def test_a_changed_file_is_named(tmp_path):
    content = bytearray(archive())
    content[content.index(b"META")] ^= 1
    with pytest.raises(ArchiveError, match=r"ballots\.pb"):
        opened(tmp_path, bytes(content))


@pytest.mark.parametrize(
    "change", [lambda c: c[:-1], lambda c: c + b"x", lambda c: b"", lambda c: c[5:]]
)
def test_an_archive_that_is_not_whole_is_refused(tmp_path, change):
    with pytest.raises(ArchiveError):
        opened(tmp_path, change(archive()))


def packed(files, **options):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **options) as other:
        for name, content in files.items():
            other.writestr(name, content)
    return buffer.getvalue()


def test_an_archive_packed_again_is_refused_with_what_to_do(tmp_path):
    bomb = packed({"ballots.pb": bytes(50_000_000)}, compression=zipfile.ZIP_DEFLATED)
    for content in (bomb, packed(FILES)):
        with pytest.raises(ArchiveError) as caught:
            opened(tmp_path, content)
        assert "Download the archive again" in caught.value.remedy


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "a/../b", "a\\b", "", "a/b/c", ".hidden", "a:b"]
)
def test_no_name_leads_elsewhere(tmp_path, name):
    with pytest.raises(ValueError, match="not a name"):
        archive({name: b"x"})
    with pytest.raises(ArchiveError):
        opened(tmp_path, packed({name or "x": b"x"}))


def test_a_directory_that_promises_too_much_is_refused(tmp_path):
    content = bytearray(archive())
    struct.pack_into("<H", content, len(content) - 12, 60_000)
    with pytest.raises(ArchiveError):
        opened(tmp_path, bytes(content))


def test_a_folder_is_read_like_its_archive(tmp_path):
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    kit = open_kit(tmp_path)
    assert {name: kit.read(name) for name in kit.names} == FILES


def test_a_folder_with_links_or_strange_files_is_refused(tmp_path):
    (tmp_path / "ballots.pb").symlink_to("/etc/passwd")
    with pytest.raises(ArchiveError, match="link"):
        open_kit(tmp_path)
    (tmp_path / "ballots.pb").unlink()
    (tmp_path / ".DS_Store").write_bytes(b"")
    with pytest.raises(ArchiveError, match="DS_Store"):
        open_kit(tmp_path)
