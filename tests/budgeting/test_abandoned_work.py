"""A worker that counts, or works out what a count tells, dies in the middle."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from budgeting import background
from budgeting.counting import TELLING, resume_telling, tell, tell_more
from budgeting.counting_runs import (
    LOCKS,
    UnderWayError,
    ask_for_count,
    count_in_background,
    settle,
)
from budgeting.insights import insights_of
from budgeting.models import Count, CountRun
from tests.factories.budgeting import coordinator

from .elections import import_small
from .living import destroy_key, sealed_contest


@pytest.fixture
def queue(settings):
    """Tasks wait in the database, as on the site, and no worker takes them."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.TELL_COUNTS = True
    return DBTaskResult.objects


def take_and_die():
    """Claim every waiting task as a worker does that is killed right after."""
    long_ago = timezone.now() - timedelta(hours=3)
    DBTaskResult.objects.filter(status="READY").update(status="RUNNING", started_at=long_ago)


@pytest.mark.django_db
def test_what_a_killed_worker_left_untold_is_taken_up_once(tmp_path, queue):
    import_small(tmp_path)
    assert len(resume_telling()) == 1
    assert resume_telling() == []  # it waits already
    take_and_die()
    assert len(resume_telling()) == 1
    take_and_die()
    assert tell_more(count=Count.objects.get())
    assert resume_telling() == []  # everything is told


@pytest.mark.django_db
def test_what_failed_is_left_alone_for_an_hour(tmp_path, queue):
    import_small(tmp_path)
    resume_telling()
    queue.update(status="FAILED", finished_at=timezone.now())
    assert resume_telling() == []
    queue.update(finished_at=timezone.now() - timedelta(hours=2))
    assert len(resume_telling()) == 1


@pytest.mark.django_db
def test_a_count_of_fewer_than_ten_ballots_is_never_asked(tmp_path, queue):
    import_small(tmp_path, ballots=["A"] * 9)
    assert resume_telling() == []


@pytest.mark.race
def test_two_workers_never_tell_the_same_count(tmp_path, queue):
    import_small(tmp_path)
    DBTaskResult.objects.all().delete()
    count = Count.objects.get()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [TELLING, count.pk])
        assert resume_telling() == []
        tell.func(count.pk)
        assert not insights_of(count).is_complete
    other.close()
    assert len(resume_telling()) == 1
    tell.func(count.pk)
    assert insights_of(count).is_complete


@pytest.fixture
def countable():
    round_ = sealed_contest().scope.round
    destroy_key(round_)
    return round_


def asked_long_ago(run):
    CountRun.objects.filter(pk=run.pk).update(asked_at=timezone.now() - timedelta(hours=1))


@pytest.mark.django_db
def test_one_count_of_a_round_at_a_time(countable, queue, django_capture_on_commit_callbacks):
    by = coordinator()
    with django_capture_on_commit_callbacks(execute=True):
        run = ask_for_count(round=countable, by=by)
    with pytest.raises(UnderWayError):
        ask_for_count(round=countable, by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        CountRun.objects.create(round=countable, asked_by=by)
    asked_long_ago(run)
    assert settle() == []  # it waits for a worker
    count_in_background.func(run.pk)
    run.refresh_from_db()
    assert (run.ended_at is not None, run.problem) == (True, "")
    assert ask_for_count(round=countable, by=by).pk != run.pk


@pytest.mark.django_db
def test_a_count_whose_worker_was_killed_is_ended_and_can_be_asked_again(
    countable, queue, django_capture_on_commit_callbacks
):
    by = coordinator()
    with django_capture_on_commit_callbacks(execute=True):
        run = ask_for_count(round=countable, by=by)
    asked_long_ago(run)
    take_and_die()
    assert len(settle()) == 1
    run.refresh_from_db()
    assert run.problem
    count_in_background.func(run.pk)  # a late worker does not count for a run that ended
    assert not Count.objects.filter(contest__scope__round=countable).exists()
    ask_for_count(round=countable, by=by)


@pytest.mark.race
def test_the_count_of_a_living_worker_is_left_alone():
    round_ = sealed_contest().scope.round
    run = CountRun.objects.create(round=round_, asked_by=coordinator())
    asked_long_ago(run)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCKS, run.pk])
        assert background.held(LOCKS) == {run.pk}
        assert settle() == []
    other.close()
    assert len(settle()) == 1
