"""The embedded PostgreSQL is found again after a crash and shared by commands that run at once."""

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2
import pytest

from config.embedded_postgresql import server
from config.embedded_postgresql.folders import data_folder

START = (
    "import sys; from pathlib import Path; "
    "from config.embedded_postgresql.server import ensure_running; "
    "print(ensure_running(Path(sys.argv[1])))"
)


@pytest.fixture
def project(tmp_path, settings):
    """A checkout of its own, whose server is stopped in the end."""
    project = tmp_path / "project"
    project.mkdir()
    yield project
    server.stop(project)


def start_in_new_process(project: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", START, str(project)],
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": "site", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def server_process(project: Path) -> psutil.Process:
    pid = (data_folder(project) / "postmaster.pid").read_text().splitlines()[0]
    return psutil.Process(int(pid))


def test_commands_that_start_at_once_share_one_server(project):
    starting = [start_in_new_process(project) for _ in range(3)]
    sockets = set()
    for process in starting:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        sockets.add(out.strip())
    assert len(sockets) == 1
    assert server_process(project).is_running()


def test_after_a_crash_the_next_command_starts_it_again(project):
    first = server.ensure_running(project)
    killed = server_process(project)
    killed.kill()
    killed.wait(30)
    assert start_in_new_process(project).wait(120) == 0
    assert server_process(project).pid != killed.pid
    assert (first / ".s.PGSQL.5432").exists()


def test_a_process_number_taken_by_something_else_does_not_pass_for_the_server(project):
    server.ensure_running(project)
    killed = server_process(project)
    killed.kill()
    killed.wait(30)
    pid_file = data_folder(project) / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    lines[0] = str(psutil.Process().pid)
    pid_file.write_text("\n".join(lines))
    process = start_in_new_process(project)
    assert process.wait(120) == 0, process.stderr.read()
    assert server_process(project).name().startswith("postgres")


def test_a_server_in_use_is_not_stopped_under_its_users(project):
    socket = server.ensure_running(project)
    with closing(psycopg2.connect(host=socket, user="postgres", dbname="postgres")):
        with pytest.raises(server.InUseError):
            server.stop(project)
        assert server.ensure_running(project) == socket


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's data lie outside the checkout")
class TestCheckoutsOfRoot:
    def test_a_checkout_made_anew_at_the_same_place_begins_anew(self, project):
        server.ensure_running(project)
        first = data_folder(project)
        server.stop(project)
        shutil.rmtree(project)
        project.mkdir()
        server.ensure_running(project)
        assert data_folder(project) != first
        assert not first.exists()

    def test_what_deleted_checkouts_leave_behind_is_removed_by_the_next_start(
        self, project, tmp_path
    ):
        gone = tmp_path / "gone"
        gone.mkdir()
        server.ensure_running(gone)
        folder = data_folder(gone)
        shutil.rmtree(gone)
        server.ensure_running(project)
        assert not [each for each in folder.parent.iterdir() if each.name.startswith(folder.name)]

    def test_the_data_of_other_checkouts_stay(self, project, tmp_path):
        other = tmp_path / "other"
        other.mkdir()
        server.ensure_running(other)
        server.ensure_running(project)
        assert server_process(other).is_running()
        server.stop(other)
