"""Coordinators count past votes under other rules; workers may die, files may be broken."""

import json
import zlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.users.models import UserProfile

from budgeting import tally
from budgeting.admin.fields import MoneyField, PercentField
from budgeting.importing import RoundFacts
from budgeting.models import Contest, Count, Round, Simulation, SimulationFile
from budgeting.simulator import differences, exporting, running, saving, sources
from budgeting.tally.scenario import Scenario
from budgeting.tally.simulating import simulate
from home.errors import NotAllowedError
from tests.factories.budgeting import coordinator, guarantor
from tests.signing_in import sign_in_to_admin

from .elections import DATA, import_small, write_file

pytestmark = pytest.mark.django_db

State = Simulation.State
SHARES = tally.Rule(tally.Method.EQUAL_SHARES, ties=tally.Ties.FILE_ORDER)
GREEDY = tally.Rule(tally.Method.GREEDY, ties=tally.Ties.FILE_ORDER)


def url(name, *args):
    return reverse(f"simulations_admin:{name}", args=args)


@pytest.fixture
def contest(tmp_path) -> Contest:
    """A published contest of twenty ballots whose projects lie in two places."""
    round_ = import_small(
        tmp_path,
        projects=(
            ("A", 4000, "Alberi", "North"),
            ("B", 3000, "=Biblioteca", "North"),
            ("C", 5000, "Campetto", "South"),
            ("D", 2500, "Doposcuola", "South"),
        ),
        project_header="project_id;cost;name;neighborhood",
        ballots=("A,C", "A,C", "A,C", "B,D", "D") * 4,
    )
    return Contest.objects.get(scope__round=round_)


def simulation_of(contest, *scenarios, with_turnout=False) -> Simulation:
    made = saving.create_from_contest(
        contest=contest, name="Prova", with_turnout=with_turnout, by=None
    )
    for scenario in scenarios or [Scenario(rule=SHARES)]:
        saving.save_scenario(simulation=made, scenario=scenario, by=None)
    return made


def run_whole(simulation) -> Simulation:
    saving.request_run(simulation=simulation, by=None)
    simulation.refresh_from_db()
    return simulation


@pytest.fixture
def admin(client):
    sign_in_to_admin(client, coordinator())
    return client


def upload(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes())


# --- running -------------------------------------------------------------------------------------


def test_the_base_repeats_the_published_result_and_scenarios_differ(contest) -> None:
    simulation = run_whole(simulation_of(contest, with_turnout=True))
    assert simulation.state == State.DONE
    assert simulation.steps_done == simulation.steps_total == 42
    base, shares = (each.result for each in simulation.scenarios.all())
    assert base["winners"] == contest.counts.get().outcome["winners"] == ["A", "C"]
    assert base["difference"] is None
    assert "D" in shares["winners"]
    assert shares["difference"]["gained"] == [n for n in shares["winners"] if n not in "AC"]
    assert [area["name"] for area in shares["measures"]["neighborhoods"]] == ["North", "South"]
    assert shares["turnout"][-1]["ballots"] == 20


def test_only_published_contests_of_enough_ballots_are_offered(contest, tmp_path) -> None:
    tiny = import_small(tmp_path, ballots=("A", "B"), instance="2020", name="tiny.pb")
    assert list(sources.finished_contests()) == [contest]
    Count.objects.update(published_at=None)
    assert not sources.finished_contests().exists()
    with pytest.raises(sources.SourceError):
        simulation_of(Contest.objects.get(scope__round=tiny))


def test_what_is_counted_is_not_counted_again(contest, monkeypatch) -> None:
    simulation = run_whole(simulation_of(contest))
    kept = simulation.scenarios.get(position=1)
    saving.save_scenario(
        simulation=simulation, scenario=Scenario(rule=SHARES, min_votes=5), by=None
    )
    simulation.refresh_from_db()
    assert simulation.state == State.DRAFT
    counted = []
    real = running.simulate
    monkeypatch.setattr(
        running, "simulate", lambda *args, **more: counted.append(args[1]) or real(*args, **more)
    )
    run_whole(simulation)
    assert [each.min_votes for each in counted] == [5]
    assert simulation.scenarios.get(position=1).result == kept.result


def test_changing_the_base_forgets_every_result(contest) -> None:
    simulation = run_whole(simulation_of(contest))
    saving.save_scenario(simulation=simulation, scenario=Scenario(rule=SHARES), position=0, by=None)
    assert not simulation.scenarios.filter(result__isnull=False).exists()


def test_a_tie_that_the_rule_refuses_fails_with_words_and_keeps_the_rest(tmp_path) -> None:
    round_ = import_small(tmp_path, ballots=("A", "B", "C", "D") * 5)
    contest = Contest.objects.get(scope__round=round_)
    refusing = Scenario(rule=replace(GREEDY, ties=tally.Ties.REFUSE))
    simulation = run_whole(simulation_of(contest, refusing))
    assert simulation.state == State.FAILED
    assert simulation.problem == Simulation.Problem.TIE
    assert simulation.scenarios.get(position=0).result
    assert simulation.scenarios.get(position=1).result is None


def test_a_scenario_that_does_not_fit_the_election_fails_with_words(contest) -> None:
    halves = Scenario(areas=(("North", Fraction(5000)),))
    simulation = run_whole(simulation_of(contest, halves))
    assert (simulation.state, simulation.problem) == (State.FAILED, Simulation.Problem.SCENARIO)


def test_an_election_that_is_taken_back_is_no_longer_simulated(contest) -> None:
    simulation = simulation_of(contest)
    Count.objects.update(published_at=None)
    simulation = run_whole(simulation)
    assert (simulation.state, simulation.problem) == (State.FAILED, Simulation.Problem.SOURCE)


def test_an_accident_ends_in_failed_and_in_the_log(contest, monkeypatch, caplog) -> None:
    monkeypatch.setattr(running, "simulate", lambda *args, **more: 1 / 0)
    simulation = run_whole(simulation_of(contest))
    assert (simulation.state, simulation.problem) == (State.FAILED, "unexpected")
    assert "ZeroDivisionError" in caplog.text
    monkeypatch.undo()
    assert run_whole(simulation).state == State.DONE


def test_somebody_stops_it_and_goes_on_later(contest, monkeypatch) -> None:
    simulation = simulation_of(contest)
    real = running.simulate

    def stop_in_the_second(*args, **more):
        if args[1].rule == SHARES:
            Simulation.objects.update(is_stop_asked=True)
        return real(*args, **more)

    monkeypatch.setattr(running, "simulate", stop_in_the_second)
    run_whole(simulation)
    assert simulation.state == State.STOPPED
    assert simulation.scenarios.get(position=0).result
    monkeypatch.undo()
    assert run_whole(simulation).state == State.DONE


def test_somebody_stops_it_in_the_middle_of_a_long_count(contest, monkeypatch) -> None:
    """Add-one makes many runs in one count; none of them tells progress."""
    add_one = replace(SHARES, completion=tally.Completion.ADD1)
    simulation = simulation_of(contest, Scenario(rule=add_one))
    real = running.simulate

    def ask_in_the_second(*args, **more):
        if args[1].rule == add_one:
            Simulation.objects.update(is_stop_asked=True)
        return real(*args, **{**more, "tell": None})

    monkeypatch.setattr(running, "simulate", ask_in_the_second)
    monkeypatch.setattr(running, "SECONDS_BETWEEN_LOOKS", 0)
    run_whole(simulation)
    assert simulation.state == State.STOPPED
    assert simulation.scenarios.get(position=0).result
    assert simulation.scenarios.get(position=1).result is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"projects": [("A", 10**12, "Dear"), ("B", 1, "Cheap")], "ballots": ["A,B"] * 12},
            "above one hundred billion",
        ),
        ({"budget": str(10**12)}, "above one hundred billion"),
        (
            {
                "vote_type": "cumulative",
                "header": "voter_id;vote;points",
                "ballots": ["A;2000000"] * 12,
                "max_sum_points": "9000000",
            },
            "more than a million points",
        ),
    ],
)
def test_an_upload_with_endless_numbers_is_refused(tmp_path, changes, says) -> None:
    content = write_file(tmp_path, **changes).read_bytes()
    with translation.override("en"), pytest.raises(sources.SourceError, match=says):
        sources.read_upload(name="x.pb", content=content)


def test_an_upload_is_read_no_further_than_it_may_go(tmp_path, monkeypatch) -> None:
    content = write_file(tmp_path, ballots=["A"] * 12).read_bytes()
    monkeypatch.setattr(sources, "MOST_BALLOTS", 10)
    with (
        translation.override("en"),
        pytest.raises(sources.SourceError, match="more than 10 ballots"),
    ):
        sources.read_upload(name="x.pb", content=content)
    monkeypatch.setattr(sources, "MOST_PROJECTS", 1)
    with (
        translation.override("en"),
        pytest.raises(sources.SourceError, match="more than 1 projects"),
    ):
        sources.read_upload(name="x.pb", content=content)


def test_a_worker_told_to_end_leaves_it_stopped(contest, monkeypatch) -> None:
    simulation = simulation_of(contest)

    def end(*args, **more):
        raise SystemExit(1)

    monkeypatch.setattr(running, "simulate", end)
    with pytest.raises(SystemExit):
        running.run_now(simulation)
    simulation.refresh_from_db()
    assert simulation.state == State.STOPPED


def test_while_it_runs_nothing_changes_and_nobody_else_runs_it(contest) -> None:
    simulation = simulation_of(contest)
    Simulation.objects.update(state=State.WAITING)
    with pytest.raises(saving.SimulationError):
        saving.request_run(simulation=simulation, by=None)
    with pytest.raises(saving.SimulationError):
        saving.save_scenario(simulation=simulation, scenario=Scenario(), by=None)
    with pytest.raises(saving.SimulationError):
        saving.remove_scenario(simulation=simulation, position=1, by=coordinator())
    with pytest.raises(saving.SimulationError):
        saving.delete_simulation(simulation=simulation, by=coordinator())
    saving.request_stop(simulation=simulation, by=coordinator())
    running.run(pk=simulation.pk)  # its turn comes after it was stopped
    simulation.refresh_from_db()
    assert simulation.state == State.STOPPED
    with pytest.raises(saving.SimulationError):
        saving.request_stop(simulation=simulation, by=coordinator())


def test_what_cannot_be_asked_of_a_simulation_is_said(contest) -> None:
    alone = saving.create_from_contest(contest=contest, name="Sola", by=None)
    with translation.override("en"):
        with pytest.raises(saving.SimulationError, match="nothing to compare"):
            saving.request_run(simulation=alone, by=None)
        with pytest.raises(saving.SimulationError, match="as it was stays"):
            saving.remove_scenario(simulation=alone, position=0, by=coordinator())
        done = run_whole(simulation_of(contest))
        with pytest.raises(saving.SimulationError, match="already counted"):
            saving.request_run(simulation=done, by=None)


def test_a_new_name_keeps_the_results_and_another_turnout_does_not(contest) -> None:
    done = run_whole(simulation_of(contest))
    by = coordinator()
    saving.set_texts(simulation=done, name="Altra", note="", with_turnout=False, by=by)
    done.refresh_from_db()
    assert (done.name, done.state) == ("Altra", State.DONE)
    saving.set_texts(simulation=done, name="Altra", note="", with_turnout=True, by=by)
    done.refresh_from_db()
    assert done.state == State.DRAFT
    assert not done.scenarios.exclude(result=None).exists()


def test_a_scenario_saved_as_it_was_keeps_its_result(contest) -> None:
    done = run_whole(simulation_of(contest))
    saving.save_scenario(simulation=done, scenario=Scenario(rule=SHARES), position=1, by=None)
    assert done.scenarios.get(position=1).result


def test_a_simulation_that_loses_what_was_not_yet_counted_is_done(contest) -> None:
    done = run_whole(simulation_of(contest))
    saving.save_scenario(simulation=done, scenario=Scenario(rule=SHARES, min_votes=2), by=None)
    done.refresh_from_db()
    assert done.state == State.DRAFT
    saving.remove_scenario(simulation=done, position=2, by=coordinator())
    done.refresh_from_db()
    assert done.state == State.DONE


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Most votes first"),
        ({"min_votes": 5}, "Most votes first · at least 5 votes"),
        ({"min_share": Fraction(1, 20)}, "Most votes first · at least 5% of the ballots"),
        (
            {"overflow": tally.Overflow.PARTIAL, "partial_share": Fraction(9, 10)},
            "Most votes first · a project that costs too much: fund it all the same if enough of "
            "its cost is left, then stop · 90% of the cost must be left",
        ),
        ({"areas": tally.Areas.LAPSE}, "Most votes first"),
    ],
)
def test_a_rule_is_called_by_what_differs_from_the_vote(changes, words) -> None:
    with translation.override("en"):
        assert differences.title(replace(GREEDY, **changes), GREEDY) == words


def test_a_rule_without_the_votes_thresholds_says_that_it_has_none() -> None:
    own = replace(GREEDY, min_votes=5, min_share=Fraction(1, 20))
    with translation.override("en"):
        told = differences.title(GREEDY, own)
        shares = replace(SHARES, completion=tally.Completion.ADD1, step=Fraction(5, 2))
        steps = differences.title(shares, SHARES)
    assert "no minimum of votes" in told
    assert "no minimum share of ballots" in told
    assert "steps of 2.50" in steps


def test_only_coordinators_change_simulations_whatever_page_they_come_from(
    contest, tmp_path
) -> None:
    read = sources.read_upload(name="x.pb", content=write_file(tmp_path).read_bytes())
    simulation = simulation_of(contest)
    stranger = guarantor()
    texts = {"name": "Altra", "note": "", "with_turnout": False}
    of_it = {"simulation": simulation, "by": stranger}
    for attempt in (
        lambda: saving.create_from_contest(contest=contest, name="Altra", by=stranger),
        lambda: saving.create_from_upload(upload=read, name="Altra", by=stranger),
        lambda: saving.set_texts(**of_it, **texts),
        lambda: saving.save_scenario(**of_it, scenario=Scenario(rule=SHARES)),
        lambda: saving.remove_scenario(**of_it, position=1),
        lambda: saving.copy_simulation(**of_it, name="Copia"),
        lambda: saving.request_run(**of_it),
        lambda: saving.request_stop(**of_it),
        lambda: saving.show(**of_it),
        lambda: saving.hide(**of_it),
        lambda: saving.delete_simulation(**of_it),
    ):
        with pytest.raises(NotAllowedError):
            attempt()
    assert Simulation.objects.count() == 1


# --- files ---------------------------------------------------------------------------------------


def test_an_uploaded_file_is_kept_without_people_and_deleted_with_the_last_copy(
    admin, tmp_path
) -> None:
    path = write_file(
        tmp_path,
        header="voter_id;vote;age;sex",
        ballots=("A,B;33;F", "A;44;M", "C;55;F", "D;66;M") * 5,
    )
    response = admin.post(
        url("simulation_add"), {"name": "Un file", "file": upload(path), "with_turnout": ""}
    )
    simulation = Simulation.objects.get()
    assert response.url == url("scenario_add", simulation.pk)
    stored = zlib.decompress(SimulationFile.objects.get().content).decode()
    assert "voter_id;vote\n" in stored
    assert ";33" not in stored
    saving.save_scenario(simulation=simulation, scenario=Scenario(rule=SHARES), by=None)
    assert run_whole(simulation).state == State.DONE
    copied = saving.copy_simulation(simulation=simulation, name="Copia", by=coordinator())
    assert copied.state == State.DONE
    admin.post(url("delete", simulation.pk))
    assert SimulationFile.objects.exists()
    admin.post(url("delete", copied.pk))
    assert not SimulationFile.objects.exists()
    assert not Simulation.objects.exists()


@pytest.mark.parametrize(
    ("change", "field", "word"),
    [
        ({"vote_type": "telepathy"}, "file", "telepathy"),
        ({"rule": "unknown"}, "rule", ""),
        ({"ballots": ()}, "file", ""),
        ({"budget": "100.005"}, "file", ""),
    ],
)
def test_a_file_that_cannot_be_simulated_is_told_at_its_field(
    admin, tmp_path, change, field, word
) -> None:
    path = write_file(tmp_path, **change)
    response = admin.post(url("simulation_add"), {"name": "Un file", "file": upload(path)})
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert list(errors) == [field]
    assert word in str(errors[field])
    assert not Simulation.objects.exists()
    assert not SimulationFile.objects.exists()


def test_the_rule_of_a_file_that_is_silent_is_chosen(admin, tmp_path) -> None:
    path = write_file(tmp_path, rule="unknown")
    admin.post(
        url("simulation_add"),
        {"name": "Un file", "file": upload(path), "rule": "equalshares/add1"},
    )
    base = Simulation.objects.get().scenarios.get()
    assert base.settings["rule"]["completion"] == "add1"


def test_a_silent_file_is_simulated_by_the_rule_that_was_chosen(tmp_path) -> None:
    path = write_file(tmp_path, rule="unknown")
    upload = sources.read_upload(name="x.pb", content=path.read_bytes(), rule=SHARES)
    made = saving.create_from_upload(upload=upload, name="X", with_turnout=False, by=None)
    saving.save_scenario(simulation=made, scenario=Scenario(rule=GREEDY), by=None)
    rules = [each.result["rule"]["method"] for each in run_whole(made).scenarios.all()]
    assert rules == ["equalshares", "greedy"]


def test_rankings_are_simulated_too(tmp_path) -> None:
    path = write_file(
        tmp_path, vote_type="ordinal", ballots=["C,A,B", "B", "A,B"] * 5, max_length="3"
    )
    upload = sources.read_upload(name="x.pb", content=path.read_bytes())
    assert upload.facts["ballots"] == 15


def test_a_file_too_large_is_refused_wherever_it_comes_from(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(sources, "LARGEST_FILE", 10)
    with pytest.raises(sources.SourceError) as refused:
        sources.read_upload(name="x.pb", content=write_file(tmp_path).read_bytes())
    assert refused.value.field == "file"


def test_one_source_and_only_one(admin, contest, tmp_path) -> None:
    neither = admin.post(url("simulation_add"), {"name": "Niente"})
    assert list(neither.context["form"].errors) == ["contest"]
    both = admin.post(
        url("simulation_add"),
        {"name": "Tutto", "contest": contest.pk, "file": upload(write_file(tmp_path))},
    )
    assert list(both.context["form"].errors) == ["file"]
    idle = admin.post(
        url("simulation_add"), {"name": "Regola", "contest": contest.pk, "rule": "greedy"}
    )
    assert list(idle.context["form"].errors) == ["rule"]
    empty = admin.post(url("simulation_add"), {})
    assert set(empty.context["form"].errors) == {"name", "contest"}
    assert not Simulation.objects.exists()


def test_a_file_too_large_is_refused_before_it_is_read(admin, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(sources, "LARGEST_FILE", 100)
    response = admin.post(
        url("simulation_add"), {"name": "Grande", "file": upload(write_file(tmp_path))}
    )
    assert list(response.context["form"].errors) == ["file"]


# --- the admin -----------------------------------------------------------------------------------


def test_a_coordinator_makes_runs_and_compares(admin, contest) -> None:
    response = admin.post(
        url("simulation_add"),
        {"name": "Meno scelte", "contest": contest.pk, "with_turnout": "on"},
    )
    simulation = Simulation.objects.get()
    assert response.url == url("scenario_add", simulation.pk)
    rule = {"rule-method": "equalshares", "rule-eligibility": "none", "rule-ties": "file-order"}
    form = {"name": "", "max_length": "1", "cost_percent": "110", "costs": "A; 10,00", **rule}
    admin.post(response.url, form)
    stored = simulation.scenarios.get(position=1).settings
    assert stored["max_length"] == 1
    assert stored["costs"] == {"A": "10/1"}
    assert stored["cost_factor"] == "11/10"
    assert admin.post(url("run", simulation.pk)).url == url("simulation", simulation.pk)
    page = admin.get(url("simulation", simulation.pk))
    column = page.context["sim"].columns[1]
    assert column.result["draws"] == 10
    assert column.result["costs"]["A"] == 1000
    other = simulation_of(contest)
    run_whole(other)
    both = admin.get(url("compare"), {"s": [simulation.pk, other.pk]})
    assert len(both.context["pages"]) == 2
    one = admin.get(url("compare"), {"s": [simulation.pk]}, follow=True)
    assert one.redirect_chain
    assert one.context["ticked"] == {simulation.pk}
    assert [message.level_tag for message in one.context["messages"]] == ["error"]


def what_the_form_sends(admin, simulation) -> dict[str, str]:
    """Return the fields of a new scenario as a browser sends them when nobody changes anything."""
    context = admin.get(url("scenario_add", simulation.pk)).context
    return {
        field.html_name: "" if field.value() is None else str(field.value())
        for form in (context["form"], context["rule_form"])
        for field in form
    }


REAL = replace(
    SHARES,
    completion=tally.Completion.ADD1,
    comparison=tally.Comparison.SATISFACTION,
    eligibility=tally.Eligibility.THREE_BUDGETS,
    areas=tally.Areas.NEXT,
    min_votes=2,
)


@pytest.mark.parametrize(
    ("own", "sent", "changed"),
    [
        (REAL, {"rule-min_votes": "5"}, {"min_votes": 5}),
        (REAL, {"rule-completion": "none"}, {"completion": tally.Completion.NONE}),
        (replace(GREEDY, min_share=Fraction(1, 40)), {"rule-min_votes": "5"}, {"min_votes": 5}),
    ],
)
def test_a_new_scenario_begins_with_the_vote_as_it_was(admin, contest, own, sent, changed) -> None:
    simulation = simulation_of(contest, Scenario(rule=SHARES))
    simulation.scenarios.filter(position=0).update(settings=Scenario(rule=own).to_json())
    as_it_was = what_the_form_sends(admin, simulation)
    refused = admin.post(url("scenario_add", simulation.pk), as_it_was)
    assert refused.status_code == 422
    assert refused.context["form"].non_field_errors()
    assert simulation.scenarios.count() == 2
    admin.post(url("scenario_add", simulation.pk), as_it_was | sent)
    stored = Scenario.from_json(simulation.scenarios.get(position=2).settings)
    assert stored.rule == replace(own, **changed)


def test_scenarios_of_one_method_are_called_by_what_differs(admin, contest) -> None:
    rules = [
        SHARES,
        replace(SHARES, completion=tally.Completion.ADD1),
        replace(SHARES, completion=tally.Completion.ADD1, step=Fraction(50)),
        replace(SHARES, min_votes=4),
        replace(SHARES, comparison=tally.Comparison.COVERAGE),
        replace(SHARES, utility=tally.Utility.CARDINALITY),
    ]
    simulation = simulation_of(contest, *[Scenario(rule=rule) for rule in rules])
    columns = admin.get(url("simulation", simulation.pk)).context["sim"].all_columns
    names = [column.title for column in columns]
    assert len(set(names)) == len(names)
    assert names[1] == columns[1].rule_name
    assert "4" in names[4]


@pytest.mark.parametrize(
    ("sent", "form", "field"),
    [
        ({"rule-min_votes": "21"}, "rule_form", "min_votes"),  # there are 20 ballots
        ({"budget": "1"}, "form", "budget"),  # the cheapest project costs 2500
        ({"budget": "3000", "cost_percent": "200"}, "form", "budget"),
    ],
)
def test_what_can_fund_nothing_is_told_at_its_field(admin, contest, sent, form, field) -> None:
    simulation = simulation_of(contest)
    sent = what_the_form_sends(admin, simulation) | sent
    response = admin.post(url("scenario_add", simulation.pk), sent)
    assert list(response.context[form].errors) == [field]
    assert simulation.scenarios.count() == 2


def test_every_field_of_the_rule_stands_once_under_the_methods_that_use_it(admin, contest) -> None:
    simulation = simulation_of(contest)
    response = admin.get(url("scenario_add", simulation.pk))
    form, page = response.context["rule_form"], response.content.decode()
    for field in form:
        assert page.count(f'name="{field.html_name}"') == 1, field.name
    methods = {
        each["field"].name: each["methods"] for part in form.parts() for each in part["fields"]
    }
    assert methods["overflow"].split() == ["greedy", "phragmen"]
    assert methods["comparison"] == "equalshares"
    assert not {"method", "min_votes", "ties"} & set(methods)


@pytest.mark.parametrize(
    ("language", "typed"), [("it", ("1.234,50", "2,5")), ("en", ("1,234.50", "2.5"))]
)
def test_amounts_stand_in_fields_as_the_reader_writes_them(language, typed) -> None:
    with translation.override(language):
        shown = (
            MoneyField().prepare_value(123450),
            PercentField().prepare_value(Fraction(1, 40)),
        )
        assert shown == typed
        assert MoneyField().clean(typed[0]) == 123450
        assert PercentField().clean(typed[1]) == Fraction(1, 40)


def test_the_turnout_chart_has_figures_on_both_axes(admin, contest) -> None:
    simulation = run_whole(simulation_of(contest, with_turnout=True))
    page = admin.get(url("simulation", simulation.pk)).context["sim"]
    assert [figure for _x, figure in page.ticks_across] == ["10", "20"]
    figures = [int(figure) for _y, figure in page.ticks_upwards]
    assert (figures[0], figures[-1]) == (0, max(column.funded for column in page.columns))
    # The last point of every line stands over the last figure.
    assert {curve.points.split()[-1].split(",")[0] for curve in page.curves} == {
        page.ticks_across[-1][0]
    }


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_table_is_in_the_language_of_whoever_asks(
    client, contest, monkeypatch, language
) -> None:
    def pieces(_simulation):
        yield str(translation.get_language())

    person = coordinator()
    UserProfile.objects.update_or_create(user=person, defaults={"preferred_language": language})
    sign_in_to_admin(client, person)
    simulation = simulation_of(contest)
    monkeypatch.setattr(exporting, "csv_pieces", pieces)
    assert b"".join(client.get(url("csv", simulation.pk))).decode() == language


def test_mistakes_in_a_scenario_are_told_at_their_fields_and_nothing_is_lost(
    admin, contest
) -> None:
    simulation = simulation_of(contest)
    sent = {
        "max_length": "0",
        "budget": "tanto",
        "costs": "A 100",
        "area_0": "10",
        "rule-method": "greedy",
        "rule-min_share": "200",
    }
    response = admin.post(url("scenario_add", simulation.pk), sent)
    assert response.status_code == 422
    assert set(response.context["form"].errors) >= {"max_length", "budget", "costs", "area_1"}
    assert "min_share" in response.context["rule_form"].errors
    assert 'value="tanto"' in response.content.decode()
    assert simulation.scenarios.count() == 2


@pytest.mark.parametrize(
    ("costs", "word"), [("A 100", "1"), ("Z; 100", "Z"), ("A; 10\nB; tanto", "2")]
)
def test_a_wrong_line_of_costs_is_named(admin, contest, costs, word) -> None:
    simulation = simulation_of(contest)
    response = admin.post(url("scenario_add", simulation.pk), {"costs": costs})
    assert word in str(response.context["form"].errors["costs"])


def test_areas_get_budgets_in_the_form(admin, contest) -> None:
    simulation = simulation_of(contest)
    sent = {
        "area_0": "7.000",
        "area_1": "3.000",
        "unspent": "next",
        "rule-method": "greedy",
        "rule-eligibility": "none",
        "rule-ties": "file-order",
    }
    admin.post(url("scenario_add", simulation.pk), sent)
    stored = Scenario.from_json(simulation.scenarios.get(position=2).settings)
    assert stored.areas == (("North", Fraction(7000)), ("South", Fraction(3000)))
    run_whole(simulation)
    winners = simulation.scenarios.get(position=2).result["winners"]
    assert set(winners) == {"A", "B", "D"}


def test_only_coordinators_see_the_simulator(client, contest) -> None:
    simulation = simulation_of(contest)
    for person in (guarantor(),):
        sign_in_to_admin(client, person)
        for name, args in (("simulations", ()), ("simulation", (simulation.pk,))):
            assert client.get(url(name, *args)).status_code == 302
        client.post(url("delete", simulation.pk))
    assert Simulation.objects.exists()


def test_the_list_filters_and_costs_the_same_for_twenty(admin, contest) -> None:
    run_whole(simulation_of(contest))
    admin.get(url("simulations"))
    with CaptureQueriesContext(connection) as one:
        admin.get(url("simulations"))
    for number in range(24):
        simulation = simulation_of(contest)
        Simulation.objects.filter(pk=simulation.pk).update(name=f"Numero {number}")
    with CaptureQueriesContext(connection) as many:
        page = admin.get(url("simulations")).context["page"]
    assert len(one) == len(many)
    assert page.paginator.num_pages == 2
    for words in ("numero 7", "numero 7\0"):
        assert admin.get(url("simulations"), {"q": words}).context["page"].paginator.count == 1
    done = admin.get(url("simulations"), {"state": "done"}).context["page"]
    assert done.paginator.count == 1
    assert admin.get(url("simulations"), {"source": "file"}).context["page"].paginator.count == 0


def test_the_page_of_a_simulation_costs_the_same_with_many_scenarios(admin, contest) -> None:
    few = run_whole(simulation_of(contest))
    many = run_whole(
        simulation_of(contest, *[Scenario(rule=SHARES, min_votes=at) for at in range(6)])
    )
    counts = []
    for simulation in (few, many):
        admin.get(url("simulation", simulation.pk))
        with CaptureQueriesContext(connection) as queries:
            admin.get(url("simulation", simulation.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    with pytest.raises(saving.SimulationError):
        saving.save_scenario(simulation=many, scenario=Scenario(), by=None)


def test_progress_is_a_piece_of_the_page_until_it_ends(admin, contest) -> None:
    simulation = simulation_of(contest)
    Simulation.objects.update(state=State.WAITING, steps_total=10, steps_done=3)
    waiting = admin.get(url("progress", simulation.pk))
    assert b"hx-get" in waiting.content
    assert "HX-Refresh" not in waiting
    Simulation.objects.update(state=State.DONE)
    assert admin.get(url("progress", simulation.pk))["HX-Refresh"] == "true"


def test_files_of_a_simulation_are_harmless_and_canonical(admin, contest) -> None:
    simulation = run_whole(simulation_of(contest))
    table = b"".join(admin.get(url("csv", simulation.pk))).decode()
    assert "'=Biblioteca" in table
    assert len(table.strip().splitlines()) == 5
    text = admin.get(url("json", simulation.pk)).content.decode()
    assert json.loads(text)["scenarios"][1]["result"]["winners"]
    assert text == exporting.json_text(simulation)


# --- the page for a council ----------------------------------------------------------------------


def council(client, language="en"):
    with translation.override(language):
        return client.get(reverse("budgeting:how_awards_differ"))


def test_a_simulation_with_both_rules_stands_on_the_public_page(admin, client, contest) -> None:
    assert council(client).context["examples"] == []
    one_rule = run_whole(simulation_of(contest, Scenario(rule=GREEDY, min_votes=3)))
    with pytest.raises(saving.SimulationError):
        saving.show(simulation=one_rule, by=None)
    simulation = run_whole(simulation_of(contest))
    admin.post(url("show", simulation.pk))
    (example,) = council(client).context["examples"]
    assert example.greedy.winners == ["A", "C"]
    assert example.change.gained[0].id == "D"
    assert not example.was_equal_shares
    assert example.result_url
    saving.save_scenario(simulation=simulation, scenario=Scenario(rule=SHARES), by=None)
    assert council(client).context["examples"] == []  # until it is counted again


def test_a_simulation_that_loses_one_of_the_two_rules_is_no_example(client, contest) -> None:
    simulation = run_whole(
        simulation_of(contest, Scenario(rule=SHARES), Scenario(rule=GREEDY, min_votes=3))
    )
    saving.show(simulation=simulation, by=None)
    assert len(council(client).context["examples"]) == 1
    saving.remove_scenario(simulation=simulation, position=1, by=coordinator())
    assert council(client).context["examples"] == []


def test_the_public_page_counts_nothing_and_costs_few_queries(
    client, contest, monkeypatch, tmp_path
) -> None:
    for number in range(3):
        simulation = run_whole(simulation_of(contest))
        saving.show(simulation=simulation, by=None)
        assert len(council(client).context["examples"]) == 1, number  # one for each election
    for name in ("Uno", "Due"):
        round_ = import_small(tmp_path, ballots=["A,B", "C"] * 6, facts=RoundFacts(name=name))
        other = Contest.objects.get(scope__round=round_)
        saving.show(simulation=run_whole(simulation_of(other)), by=None)
    assert len(council(client).context["examples"]) == 3
    monkeypatch.setattr("budgeting.tally.simulating.count", lambda *a, **k: pytest.fail("counted"))
    for language in ("it", "en"):
        with CaptureQueriesContext(connection) as queries:
            response = council(client, language)
        assert len(queries) <= 8
        assert not response.cookies
        assert "public" in response["Cache-Control"]


def test_a_round_that_is_taken_off_the_site_is_no_example(client, contest) -> None:
    saving.show(simulation=run_whole(simulation_of(contest)), by=None)
    assert council(client).context["examples"]
    Round.objects.update(is_public=False)
    assert council(client).context["examples"] == []


def test_two_copies_of_a_file_are_one_example(client, tmp_path) -> None:
    path = write_file(tmp_path, ballots=("A,B", "A", "C", "D") * 5)
    for name in ("Uno", "Due"):
        made = saving.create_from_upload(
            upload=sources.read_upload(name="x.pb", content=path.read_bytes()), name=name, by=None
        )
        saving.save_scenario(simulation=made, scenario=Scenario(rule=SHARES), by=None)
        saving.show(simulation=run_whole(made), by=None)
    assert [each.page.simulation.name for each in council(client).context["examples"]] == ["Due"]


def test_the_database_shows_an_election_once(contest, tmp_path) -> None:
    one, other = (run_whole(simulation_of(contest)) for _ in range(2))
    saving.show(simulation=one, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Simulation.objects.filter(pk=other.pk).update(shown_at=timezone.now())
    path = write_file(tmp_path, ballots=("A,B", "A", "C", "D") * 5)
    files = [
        saving.create_from_upload(
            upload=sources.read_upload(name="x.pb", content=path.read_bytes()), name="X", by=None
        )
        for _ in range(2)
    ]
    for each in files:
        saving.save_scenario(simulation=each, scenario=Scenario(rule=SHARES), by=None)
        run_whole(each)
    shown = Simulation.objects.filter(pk__in=[each.pk for each in files])
    with pytest.raises(IntegrityError), transaction.atomic():
        shown.update(shown_at=timezone.now())


def test_who_comes_second_at_the_same_moment_is_told_so(contest, monkeypatch) -> None:
    one, other = (run_whole(simulation_of(contest)) for _ in range(2))
    saving.show(simulation=one, by=None)
    # As if the other had been put there after we looked for others.
    nobody = Simulation.objects.none()
    monkeypatch.setattr(saving, "_others_of_its_election", lambda _simulation: nobody)
    with pytest.raises(saving.SimulationError):
        saving.show(simulation=other, by=None)
    other.refresh_from_db()
    assert other.shown_at is None


def test_a_vote_of_fewer_than_ten_people_is_not_shown(admin, client, tmp_path) -> None:
    path = write_file(tmp_path, ballots=("A,B", "A", "C"))
    made = saving.create_from_upload(
        upload=sources.read_upload(name="x.pb", content=path.read_bytes()), name="Tre", by=None
    )
    saving.save_scenario(simulation=made, scenario=Scenario(rule=SHARES), by=None)
    run_whole(made)
    answer = admin.post(url("show", made.pk), follow=True)
    with translation.override("en"), pytest.raises(saving.SimulationError, match="Fewer than ten"):
        saving.show(simulation=made, by=None)
    with pytest.raises(saving.SimulationError) as refused:
        saving.show(simulation=made, by=None)
    (told,) = answer.context["messages"]
    assert str(told).strip() == str(refused.value)
    assert council(client).context["examples"] == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Simulation.objects.filter(pk=made.pk).update(shown_at=timezone.now())


def test_deleting_a_shown_simulation_says_that_it_leaves_the_page(admin, contest) -> None:
    simulation = run_whole(simulation_of(contest))
    hidden = admin.get(url("delete", simulation.pk)).context["question"]
    saving.show(simulation=simulation, by=None)
    shown = admin.get(url("delete", simulation.pk)).context["question"]
    assert shown.startswith(hidden)
    assert len(shown) > len(hidden)


def test_it_can_be_taken_off_the_page(admin, client, contest) -> None:
    simulation = run_whole(simulation_of(contest))
    saving.show(simulation=simulation, by=None)
    admin.post(url("show", simulation.pk), {"hide": "1"})
    assert council(client).context["examples"] == []


def test_the_page_is_found(client) -> None:
    with translation.override("en"):
        found = client.get("/en/search/", {"q": "equal shares"})
        assert reverse("budgeting:how_awards_differ") in found.content.decode()
    assert "how-awards-differ" in client.get("/sitemap.xml").content.decode()


def test_real_elections_are_simulated_as_their_cities_counted_them() -> None:
    reading = tally.read_election(DATA / "poland_swiecie_2023_.pb")
    known = json.loads((DATA / "elections.json").read_text("utf-8"))["poland_swiecie_2023_.pb"]
    found = simulate(reading.election, Scenario(), own=tally.Rule.from_json(known["rule"]))
    assert set(found.winners) == set(known["award"])
