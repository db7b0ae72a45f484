"""What goes out means what came in, and betrays nobody."""

import csv
import io
import json
import shlex
import subprocess
import sys
import tracemalloc
from collections import Counter

import pytest
from django.db import connection
from django.utils import translation
from pabulib.checker import Checker

from budgeting import exporting, tally
from budgeting.counting import count_contest
from budgeting.importing import RoundFacts, SourceFile, import_round
from budgeting.insights import insights_of
from budgeting.models import Count, ImportedContest, Project, Round
from budgeting.result_pages import ContestResult
from budgeting.tally import cli
from commons.models import Neighbourhood
from home.models import CitySettings
from tests.factories.commons import NeighbourhoodFactory

from .elections import KNOWN, PROJECTS, import_real, import_small, past_elections, write_file
from .living import destroy_key, sealed_contest
from .test_importing import BALLOTS

pytestmark = pytest.mark.django_db


def count_of(round_: Round) -> Count:
    return Count.objects.select_related("contest__scope__round", "contest__imported").get(
        contest__scope__round=round_
    )


def exported(round_: Round) -> str:
    return "".join(exporting.pabulib_pieces(count_of(round_)))


def meaning(election: tally.Election) -> tuple:
    """Everything that a count depends on, with names instead of places."""
    names = [project.id for project in election.projects]
    ballots = Counter()
    for group in election.ballots:
        pairs = zip(group.choices, group.points or [1] * len(group.choices), strict=True)
        ballots[tuple((names[index], points) for index, points in pairs)] += group.count
    scaled = election.rescaled(2)
    projects = [
        (p.id, p.cost, p.withdrawn, p.name, p.categories, p.neighborhood, p.selected, p.latitude)
        for p in scaled.projects
    ]
    meta = {k: v for k, v in election.meta.items() if k not in ("comment", "currency")}
    return projects, scaled.budget, election.vote_type, election.limits, ballots, meta


@pytest.mark.parametrize("vote_type", BALLOTS)
def test_export_gives_back_the_same_meaning(tmp_path, vote_type):
    header, ballots = BALLOTS[vote_type]
    meta = {"max_length": "3"} if vote_type == "ordinal" else {}
    meta |= {"max_sum_points": "3"} if vote_type == "cumulative" else {}
    projects = [(*project, mark) for project, mark in zip(PROJECTS, "1101", strict=True)]
    round_ = import_small(
        tmp_path,
        vote_type=vote_type,
        header=header,
        ballots=ballots,
        projects=projects,
        project_header="project_id;cost;name;selected",
        **meta,
    )
    before = tally.read_election(tmp_path / "small.pb").election
    after = tally.read_election(io.StringIO(exported(round_))).election
    assert meaning(after) == meaning(before)


@pytest.mark.parametrize("name", KNOWN)
def test_real_elections_come_back_whole(name):
    from .elections import DATA

    round_ = import_real(name)
    before = tally.read_election(DATA / name).election
    after = tally.read_election(io.StringIO(exported(round_))).election
    assert meaning(after)[3:5] == meaning(before)[3:5]
    assert after.rescaled(2).budget == before.rescaled(2).budget
    assert after.recorded_award == frozenset(KNOWN[name]["award"])


@pytest.mark.parametrize("name", KNOWN)
def test_recounting_the_published_file_gives_the_published_result(name, tmp_path):
    count = count_of(import_real(name))
    path = tmp_path / "ballots.pb"
    path.write_text("".join(exporting.pabulib_pieces(count)), encoding="utf-8")
    options = shlex.split(exporting.recount_options(count))
    command = [sys.executable, "-m", "budgeting.tally.cli", str(path), *options, "--json"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(run.stdout)["winners"] == count.outcome["winners"]


RULES = [
    {"method": "greedy"},
    {"method": "greedy", "min_votes": 10},
    {"method": "greedy", "min_share": "1/2"},
    {"method": "greedy", "min_share": "1/3"},
    {"method": "greedy", "min_votes": 1, "min_share": "2/3"},
    {"method": "greedy", "order": "votes-per-cost"},
    {"method": "greedy", "order": "votes-per-cost", "min_share": "1/3"},
    {"method": "greedy", "overflow": "stop"},
    {"method": "greedy", "overflow": "partial", "partial_share": "1/2"},
    {"method": "greedy", "overflow": "partial"},
    {"method": "greedy", "eligibility": "3B"},
    {"method": "greedy", "ties": "text"},
    {"method": "equalshares"},
    {"method": "equalshares", "min_votes": 5},
    {"method": "equalshares", "utility": "cardinality"},
    {"method": "equalshares", "completion": "add1", "start": "floor", "step": "1/2"},
    {"method": "equalshares", "completion": "add1u", "stop": "exhaustive"},
    {"method": "equalshares", "completion": "add1", "comparison": "satisfaction"},
    {"method": "equalshares", "comparison": "coverage", "min_share": "1/3", "eligibility": "3B"},
    {"method": "equalshares", "completion": "add1", "compat": "equalshares.net"},
    {"method": "phragmen"},
    {"method": "phragmen", "overflow": "skip"},
    {"method": "phragmen", "compat": "pabutools", "ties": "text"},
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: "-".join(map(str, rule.values())))
def test_whatever_the_rule_the_shown_command_gives_the_same_winners(tmp_path, capsys, rule):
    ballots = ["A", "A,D", "B,D", "D", "C"] * 4 + ["A", "C"]
    path = write_file(tmp_path, ballots=ballots, budget="10000")
    whole = tally.Rule.from_json(rule)
    count = count_of(import_round(files=[SourceFile(path, rule=whole)]))
    published = tmp_path / "published.pb"
    published.write_text(exported(count.contest.scope.round), encoding="utf-8")
    options = exporting.recount_options(count)
    assert cli.main([str(published), *shlex.split(options), "--json"]) == 0
    recounted = json.loads(capsys.readouterr().out)
    assert recounted["winners"] == count.outcome["winners"]
    if options != "--rule from-file":
        assert recounted["rule"] == whole.to_json()


def test_projects_that_exclude_each_other_do_so_in_the_recount_too(tmp_path, capsys):
    round_ = import_small(tmp_path)
    one, other = Project.objects.filter(round=round_, code__in=["A", "B"])
    contest = count_of(round_).contest
    assert {"A", "B"} <= set(count_of(round_).outcome["winners"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        one.rivals.add(other)
        Count.objects.all().delete()
        cursor.execute("SET LOCAL session_replication_role = origin")
    count_contest(contest=contest)
    published = tmp_path / "published.pb"
    published.write_text(exported(round_), encoding="utf-8")
    options = exporting.recount_options(count_of(round_))
    assert "--conflict A,B" in options
    assert cli.main([str(published), *shlex.split(options), "--json"]) == 0
    recounted = json.loads(capsys.readouterr().out)
    assert recounted["winners"] == count_of(round_).outcome["winners"]
    assert not {"A", "B"} <= set(recounted["winners"])


def test_copies_are_the_same_in_every_language(client, tmp_path):
    source = SourceFile(
        write_file(tmp_path),
        titles={"A": {"it": "Alberi", "en": "Trees"}},
        contest_names={"it": "Centro", "en": "Centre"},
    )
    facts = RoundFacts(names={"it": "Voto", "en": "Vote"}, is_ours=True)
    round_ = import_round(files=[source], facts=facts)
    # An own round that was not imported from a file, with a name in META of its own.
    round_.refresh_from_db()
    contest = count_of(round_).contest
    for ending in ("json", "csv", "pb"):
        address = f"/data/results/{round_.slug}/{contest.slug}.{ending}"
        copies = {
            b"".join(client.get(address, headers={"accept-language": asked}).streaming_content)
            for asked in ("it", "en", "")
        }
        assert len(copies) == 1, ending
    document = exporting.result_document(count_of(round_))
    titles = {project["id"]: project["title"] for project in document["projects"]}
    assert titles["A"] == {"it": "Alberi", "en": "Trees"}
    assert titles["D"] == {"it": "Doposcuola", "en": None}
    assert document["contest"]["name"] == {"it": "Centro", "en": "Centre"}
    text = "".join(exporting.csv_pieces(count_of(round_))).removeprefix("\ufeff")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(text))}
    assert (rows["A"]["title"], rows["A"]["title_en"]) == ("Alberi", "Trees")
    assert (rows["D"]["title"], rows["D"]["title_en"]) == ("Doposcuola", "")


def test_an_own_round_names_its_city_and_its_country(tmp_path, settings):
    CitySettings.objects.update(city_name_it="Comune di Prova", city_name_en="City of Prova")
    round_ = import_small(tmp_path, facts=RoundFacts(name="Nostro", is_ours=True))
    ImportedContest.objects.all().delete()  # as if it had been voted here
    settings.COUNTRY = "San Marino"
    for language in ("it", "en"):
        with translation.override(language):
            meta = tally.read_election(io.StringIO(exported(round_))).election.meta
        assert (meta["unit"], meta["country"]) == ("Comune di Prova", "San Marino")
        assert meta["description"].startswith("Nostro: ")


def test_an_imported_round_keeps_its_country(tmp_path):
    round_ = import_small(tmp_path, country="Poland", unit="Katowice")
    meta = tally.read_election(io.StringIO(exported(round_))).election.meta
    assert (meta["unit"], meta["country"]) == ("Katowice", "Poland")


def test_names_in_the_file_are_those_of_its_language(tmp_path):
    path = write_file(tmp_path)
    source = SourceFile(path, titles={"A": {"it": "Alberi", "en": "Trees"}})
    round_ = import_round(files=[source], facts=RoundFacts(is_ours=True))
    with translation.override("en"):
        text = exported(round_)
    assert ";Alberi" in text
    assert "Trees" not in text


def test_no_line_tells_who_voted(tmp_path):
    round_ = import_small(
        tmp_path,
        header="voter_id;vote;age;sex;neighborhood",
        ballots=["A;31;F;Nord", "B;52;M;Sud"] * 10,
    )
    text = exported(round_)
    assert text.split("VOTES\n")[1].startswith("voter_id;vote\n1;")
    assert "Nord" not in text
    assert "52" not in text.split("VOTES\n")[1].replace(";52", "")


def test_ballots_do_not_come_out_in_the_order_in_which_they_came_in(tmp_path):
    round_ = import_small(tmp_path, ballots=["A"] * 30 + ["B"] * 30)
    votes = [line.split(";")[1] for line in exported(round_).split("VOTES\n")[1].split()[1:]]
    assert Counter(votes) == {"A": 30, "B": 30}
    assert votes != ["A"] * 30 + ["B"] * 30
    assert exported(round_) == exported(round_)


def test_pabulib_checker_accepts_a_small_election(tmp_path):
    round_ = import_small(tmp_path, rule="greedy")
    path = tmp_path / "Italy_Prova_2024.pb"
    path.write_text(exported(round_), encoding="utf-8")
    results = Checker().process_files([str(path)])
    report = results["Italy_Prova_2024"]["results"]
    assert "errors" not in report or not report["errors"], report


def test_a_spreadsheet_takes_nothing_for_a_formula(tmp_path):
    round_ = import_small(tmp_path)
    text = "".join(exporting.csv_pieces(count_of(round_)))
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["title"] for row in rows if row["id"] == "B"] == ["'=Biblioteca"]
    assert [row["funded"] for row in rows] == ["1", "1", "1", "0"]
    assert rows[0]["cost"] == "4000.00"


def test_few_ballots_publish_totals_only(tmp_path):
    round_ = import_small(tmp_path, ballots=["A", "A,B", "C"])
    document = exporting.result_document(count_of(round_))
    assert document["totals_only"] is True
    assert not {"outcome", "turnout", "blank_ballots", "inputs_sha256"} & set(document)
    assert not {"votes", "reason", "rank"} & set(document["projects"][0])
    rows = csv.DictReader(
        io.StringIO("".join(exporting.csv_pieces(count_of(round_))).lstrip("\ufeff"))
    )
    assert all(row["votes"] == row["reason"] == "" or row["reason"] == "funded" for row in rows)


def test_few_ballots_do_not_show_in_the_order_of_the_projects(tmp_path):
    count = count_of(import_small(tmp_path, ballots=["D", "D,C", "B,D"]))
    listed = [project["id"] for project in exporting.result_document(count)["projects"]]
    text = "".join(exporting.csv_pieces(count)).lstrip("\ufeff")
    assert [row["id"] for row in csv.DictReader(io.StringIO(text))] == listed == list("ABCD")


def test_the_json_document_says_everything(tmp_path):
    count = count_of(import_small(tmp_path))
    document = json.loads("".join(exporting.json_pieces(count)))
    assert document["format"] == "rione-result/1"
    assert document["outcome"]["winners"] == ["A", "B", "D"]
    assert [project["id"] for project in document["projects"] if project["funded"]] == [
        "A",
        "B",
        "D",
    ]
    assert document["inputs_sha256"] == count.inputs_sha256


def peak_of_an_export(round_: Round) -> int:
    count = count_of(round_)
    tracemalloc.start()
    try:
        for _piece in exporting.pabulib_pieces(count):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_ballots(tmp_path):
    few = import_small(tmp_path, ballots=["A,B", "C"] * 1_000, instance="2023")
    many = import_small(tmp_path, ballots=["A,B", "C"] * 10_000, instance="2024")
    peak_of_an_export(few)
    small = peak_of_an_export(few)
    assert peak_of_an_export(many) < max(2 * small, small + 3_000_000)


@pytest.mark.elections
@pytest.mark.parametrize(
    "name", ["Poland_Krakow_2020_Lagiewniki-Borek_Falecki", "Poland_Katowice_2020_Bogucice"]
)
def test_past_elections_come_back_whole(name):
    path = past_elections() / f"{name}.pb"
    round_ = import_round(files=[SourceFile(path)])
    before = tally.read_election(path).election
    after = tally.read_election(io.StringIO(exported(round_))).election
    assert meaning(after) == meaning(before)


def test_a_neighbourhood_renamed_since_changes_nothing_published():
    contest = sealed_contest()
    place = NeighbourhoodFactory(name="Borgo Vecchio")
    destroy_key(contest.scope.round)
    with connection.cursor() as cursor:  # a project of an open round refuses an update
        cursor.execute("SET LOCAL session_replication_role = replica")
        Project.objects.filter(contest=contest).update(neighbourhood=place)
        cursor.execute("SET LOCAL session_replication_role = origin")
    count = count_contest(contest=contest)

    def published():
        found = Count.objects.select_related("contest__scope__round").get(pk=count.pk)
        pages = [row.where for row in ContestResult(found).rows]
        awards = insights_of(found).awards
        return (
            pages,
            [area.name for award in awards for area in award.neighbourhoods],
            "".join(exporting.csv_pieces(found)),
            "".join(exporting.json_pieces(found)),
            "".join(exporting.pabulib_pieces(found)),
        )

    before = published()
    assert all("Borgo Vecchio" in each for each in before)
    Neighbourhood.objects.filter(pk=place.pk).update(name="Borgo Nuovo")
    assert published() == before
