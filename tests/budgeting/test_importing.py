"""A past election becomes a finished round, or nothing at all."""

import tracemalloc
from fractions import Fraction

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from budgeting.import_checks import ImportRefused
from budgeting.importing import RoundFacts, SourceFile, import_round
from budgeting.models import (
    Count,
    ImportedContest,
    Project,
    Round,
    Scope,
    SealedChoices,
    TurnoutTable,
)
from budgeting.tally import Method, Overflow, Rule

from .elections import KNOWN, PROJECTS, import_real, import_small, past_elections, write_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def rows_everywhere() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for model in apps.get_models():
            cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
            found[model._meta.db_table] = cursor.fetchone()[0]
    return found


def test_a_file_becomes_a_published_round(tmp_path):
    round_ = import_small(tmp_path)
    assert (round_.state, round_.is_public, round_.place) == ("published", True, "Prova")
    assert str(round_) == "Prova 2024"
    assert round_.language == "it"
    phase = round_.phases.get()
    assert f"{phase.starts_at:%Y-%m-%dT%H%z}" == "2024-02-29T23+0000"
    count = Count.objects.get(contest__scope__round=round_)
    assert (count.ballots, count.funded, count.cost) == (20, 3, 950_000)
    assert count.published_at is not None


def test_several_files_become_one_round_with_several_contests(tmp_path):
    first = write_file(tmp_path, name="one.pb", subunit="Nord")
    second = write_file(
        tmp_path, name="two.pb", subunit="Sud", vote_type="choose-1", ballots=["A"] * 12
    )
    round_ = import_round(files=[SourceFile(first), SourceFile(second)])
    scopes = list(Scope.objects.filter(round=round_))
    assert [scope.vote_type for scope in scopes] == ["approval", "choose-1"]
    assert list(round_.projects.values_list("number", flat=True)) == list(range(1, 9))
    assert Count.objects.filter(contest__scope__round=round_).count() == 2


BALLOTS = {
    "approval": ("voter_id;vote", ["A,B", "B", ""] * 5),
    "choose-1": ("voter_id;vote", ["A", "B", "C"] * 5),
    "cumulative": ("voter_id;vote;points", ["A,B;2,1", "B;3", "C,D;0,3"] * 5),
    "scoring": ("voter_id;vote;points", ["A,B;2,-1", "B;3", "C,D;0,3"] * 5),
    "ordinal": ("voter_id;vote", ["C,A,B", "B", "A,B"] * 5),
}


@pytest.mark.parametrize("vote_type", BALLOTS)
def test_every_ballot_type_is_read(tmp_path, vote_type):
    header, ballots = BALLOTS[vote_type]
    meta = {"max_length": "3"} if vote_type == "ordinal" else {}
    round_ = import_small(tmp_path, vote_type=vote_type, header=header, ballots=ballots, **meta)
    assert SealedChoices.objects.filter(contest__scope__round=round_).count() == 15
    assert Count.objects.get(contest__scope__round=round_).ballots == 15


def test_points_without_a_limit_take_what_the_ballots_give(tmp_path):
    header, ballots = BALLOTS["cumulative"]
    round_ = import_small(tmp_path, vote_type="cumulative", header=header, ballots=ballots)
    assert round_.scopes.get().max_sum_points == 3


def test_both_awards_are_kept(tmp_path):
    projects = [(*project, mark) for project, mark in zip(PROJECTS, "1013", strict=True)]
    round_ = import_small(
        tmp_path, projects=projects, project_header="project_id;cost;name;selected"
    )
    rows = Count.objects.get(contest__scope__round=round_).rows.order_by("project__number")
    assert [row.recorded for row in rows] == [1, 0, 1, 3]
    assert [row.is_funded for row in rows] == [True, True, False, True]


@pytest.mark.parametrize("name", KNOWN)
def test_real_elections_give_the_official_award(name):
    round_ = import_real(name)
    count = Count.objects.get(contest__scope__round=round_)
    ours = {row.project.code for row in count.rows.select_related("project") if row.is_funded}
    assert ours == set(KNOWN[name]["award"])
    assert count.cost == KNOWN[name]["cost"] * 100


SCORES = {"vote_type": "scoring", "header": "voter_id;vote;points", "ballots": ["A;1"] * 20}
VOTES = {"project_header": "project_id;cost;name;votes"}

BROKEN = {
    "unknown project": ({"ballots": ["A", "Z"] * 10}, 25, "Z"),
    "cut off": ({"num_votes": "21"}, 8, "21"),
    "amount": ({"projects": [("A", "four", "Alberi")]}, 18, "four"),
    "rule": ({"rule": "unknown"}, 11, "--rule"),
    "no budget": ({"budget": "0"}, 9, "budget"),
    "three decimals": ({"budget": "10000.001"}, 9, "two decimals"),
    "currency": ({"currency": "euro"}, 14, "ISO 4217"),
    "endless budget": ({"budget": "1" + "0" * 22}, 9, "budget"),
    "endless ballot": ({"max_length": "99999"}, 16, "max_length"),
    "endless cost of a ballot": ({"max_sum_cost": "1" + "0" * 20}, 16, "max_sum_cost"),
    "endless points": (SCORES | {"ballots": ["A;" + "9" * 18] * 20}, 24, "points"),
    "endless score": (SCORES | {"default_score": "9" * 11}, 16, "default_score"),
    "endless votes": (VOTES | {"projects": [("A", 4000, "Alberi", "9" * 30)]}, 18, "votes"),
    "endless price": ({"projects": [("A", "1" + "0" * 22, "Alberi")]}, 18, "cost"),
    "endless title": ({"projects": [("A", 4000, "x" * 2000)]}, 18, "project_id"),
    "endless name": ({"unit": "x" * 500}, None, "name"),
    "no text": ({"comment": "a\0b"}, 16, "UTF-8"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_leaves_nothing_behind(tmp_path, case):
    options, line, words = BROKEN[case]
    before = rows_everywhere()
    with pytest.raises(ImportRefused) as refused:
        import_small(tmp_path, **options)
    assert rows_everywhere() == before
    assert words in str(refused.value)
    assert "small.pb" in str(refused.value)
    if line:
        assert refused.value.line == line


ODD = {
    "a place that is no number": {
        "project_header": "project_id;cost;name;latitude;longitude",
        "projects": [(*project, "NaN", "Infinity") for project in PROJECTS],
    },
    "a place that is not on Earth": {
        "project_header": "project_id;cost;name;latitude;longitude",
        "projects": [(*project, "91", "12") for project in PROJECTS],
    },
    "a day that is none": {"date_begin": "31.02.2024"},
    "an age that is no number": {"header": "voter_id;vote;age", "ballots": ["A;²"] * 20},
    "days at the ends of the calendar": {"date_begin": "01.01.0001", "date_end": "31.12.9999"},
}


@pytest.mark.parametrize("case", ODD)
def test_what_no_count_depends_on_stops_no_import(tmp_path, case):
    assert import_small(tmp_path, **ODD[case]).state == "published"


def test_the_one_city_that_says_custom_greedy_is_counted_as_it_counts(tmp_path):
    path = write_file(tmp_path, rule="unknown")
    round_ = import_round(files=[SourceFile(path, rule="greedy-custom")])
    rule = Rule.from_json(round_.scopes.get().award_rule)
    # A project that does not fit whole is funded where four fifths of its cost are left.
    assert (rule.method, rule.overflow) == (Method.GREEDY, Overflow.PARTIAL)
    assert rule.partial_share == Fraction(4, 5)


def test_a_broken_second_file_takes_the_first_with_it(tmp_path):
    good = write_file(tmp_path, name="good.pb")
    bad = write_file(tmp_path, name="bad.pb", ballots=["A", "Z"])
    before = rows_everywhere()
    with pytest.raises(ImportRefused, match=r"bad\.pb"):
        import_round(files=[SourceFile(good), SourceFile(bad)])
    assert rows_everywhere() == before


def test_the_same_name_twice_is_refused(tmp_path):
    import_small(tmp_path)
    with pytest.raises(ImportRefused, match="--round"):
        import_small(tmp_path)
    import_small(tmp_path, facts=RoundFacts(name="Un'altra"))


def test_a_name_that_makes_no_address_is_refused(tmp_path):
    with pytest.raises(ImportRefused, match="--round"):
        import_small(tmp_path, facts=RoundFacts(name="???"))


def test_currencies_do_not_mix(tmp_path):
    euro = write_file(tmp_path, name="euro.pb")
    zloty = write_file(tmp_path, name="zloty.pb", currency="PLN")
    with pytest.raises(ImportRefused, match="PLN"):
        import_round(files=[SourceFile(euro), SourceFile(zloty)])


@pytest.mark.parametrize(
    ("own", "said", "taken"),
    [("EUR", "PLN", "EUR"), ("", "PLN", "PLN"), ("zloty", "PLN", "PLN"), ("EUR", "", "EUR")],
)
def test_the_currency_of_a_file_is_its_own_where_it_has_one(tmp_path, own, said, taken):
    assert import_small(tmp_path, currency=own, facts=RoundFacts(currency=said)).currency == taken


def test_an_unknown_currency_is_not_guessed(tmp_path):
    assert import_small(tmp_path, currency="").currency == "XXX"


def test_a_withdrawn_project_does_not_stand(tmp_path):
    projects = [*PROJECTS[:3], ("D", 999999999, "Doposcuola")]
    round_ = import_small(tmp_path, projects=projects)
    project = Project.objects.get(round=round_, code="D")
    assert project.state == "withdrawn"
    assert project.result_rows.get().reason == "withdrawn"


def test_people_become_tables_without_small_cells(tmp_path):
    ballots = ["A;17;F;internet"] * 30 + ["B;44;M;paper"] * 25 + ["C;80;M;internet"] * 3
    round_ = import_small(tmp_path, header="voter_id;vote;age;sex;voting_method", ballots=ballots)
    tables = {
        table.kind: {tuple(cell["labels"]): cell["ballots"] for cell in table.cells}
        for table in TurnoutTable.objects.filter(contest__scope__round=round_)
    }
    assert tables == {
        "age": {("16-24",): 30, ("35-44", "75+"): 28},
        "sex": {("F",): 30, ("M",): 28},
        "channel": {("internet",): 33, ("paper",): 25},
    }


def test_nothing_of_a_single_ballot_is_kept(tmp_path):
    """Neither voter_id nor age nor place stands anywhere in the database."""
    import_small(
        tmp_path,
        header="voter_id;vote;age;neighborhood",
        ballots=["A;97;Zonaunica"] + ["B;30;Y"] * 20,
    )
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label == "budgeting":
                table = model._meta.db_table
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', ["%Zonaunica%"]
                )
                assert cursor.fetchone()[0] == 0, table


def test_what_is_odd_about_a_file_is_kept(tmp_path):
    round_ = import_small(tmp_path, ballots=["A,A", "B"] * 6)
    imported = ImportedContest.objects.get(contest__scope__round=round_)
    assert [warning["code"] for warning in imported.warnings] == ["repeated-choice"]
    assert imported.warnings[0]["count"] == 6
    assert imported.meta["unit"] == "Prova"
    assert len(imported.file_sha256) == 64


def test_the_command_says_what_to_do(tmp_path, capsys):
    path = write_file(tmp_path, rule="unknown")
    with pytest.raises(CommandError, match=r"--rule.*Nothing was imported"):
        call_command("import_pabulib", str(path))
    call_command("import_pabulib", str(path), rule="greedy", round="Vote")
    call_command("import_pabulib", str(path), rule='{"method": "equalshares"}', round="Another")
    assert "20 of 20 ballots read" in capsys.readouterr().out
    assert Scope.objects.get(round__slug="another").award_rule["method"] == "equalshares"
    with pytest.raises(CommandError, match="--rule"):
        call_command("import_pabulib", str(path), rule='{"method": "lottery"}', round="Third")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ImportRefused, match=r"nowhere\.pb"):
        import_round(files=[SourceFile(tmp_path / "nowhere.pb")])


@pytest.mark.parametrize(("written", "kept"), [("PL", "pl"), ("polski", ""), ("zz", "")])
def test_a_language_is_a_code_or_nothing(tmp_path, written, kept):
    said = []
    path = write_file(tmp_path, language=written)
    assert import_round(files=[SourceFile(path)], say=said.append).language == kept
    assert any("--language" in line for line in said) == (not kept)


def test_a_language_given_that_is_no_code_is_refused(tmp_path):
    source = SourceFile(write_file(tmp_path, language="polski"))
    with pytest.raises(ImportRefused, match="--language pl"):
        import_round(files=[source], facts=RoundFacts(language="polski"))
    assert import_round(files=[source], facts=RoundFacts(language="pl")).language == "pl"


def peak_of_an_import(folder, ballots: int) -> int:
    path = write_file(
        folder,
        header="voter_id;vote;age;sent_at",
        ballots=[
            f"{('A,B', 'A', 'C,D')[n % 3]};{n % 80};{'at noon ' * 12}{n}" for n in range(ballots)
        ],
    )
    tracemalloc.start()
    try:
        import_round(files=[SourceFile(path)], facts=RoundFacts(name=f"Round {ballots}"))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_ballots(tmp_path):
    """Ten times the ballots may cost what finds repeated voter numbers, and who chose what."""
    peak_of_an_import(tmp_path, 1_000)
    small, large = peak_of_an_import(tmp_path, 2_000), peak_of_an_import(tmp_path, 20_000)
    assert large - small < 18_000 * 240


@pytest.mark.elections
@pytest.mark.parametrize(
    "name",
    [
        "Netherlands_Assen_2024",
        "Poland_Katowice_2020_Bogucice",
        "Poland_Krakow_2022_Zwierzyniec",
        "Poland_Wroclaw_2016_Rejon_nr_8_250",
        "Poland_Czestochowa_2024_Stradom",
        "Poland_Warszawa_2018_Radosc",
    ],
)
def test_past_elections_give_the_official_award(name):
    round_ = import_round(files=[SourceFile(past_elections() / f"{name}.pb")])
    rows = Count.objects.get(contest__scope__round=round_).rows.all()
    assert {row.project_id for row in rows if row.is_funded} == {
        row.project_id for row in rows if row.recorded == 1
    }


def test_no_round_is_made_without_files():
    with pytest.raises(ImportRefused):
        import_round(files=[])
    assert not Round.objects.exists()
