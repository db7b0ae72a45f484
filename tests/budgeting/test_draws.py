"""One seed, one order: in the frozen rules, in the count, in the published file, in a recount."""

import io
import json
import shlex

import pytest
from django.db import connection

from budgeting import exporting, tally
from budgeting.counting import UndefinedRuleError, count_contest
from budgeting.draws import draw_for, names_in_file
from budgeting.models import Contest, Count, Scope
from budgeting.sealed_box import ImportedBallot, import_sealed
from budgeting.tally import cli
from home.models import CitySettings
from tests.factories.budgeting import open_round, ready_round

from .elections import import_small

pytestmark = pytest.mark.django_db
SEED = "07-14-33-61-90"


def sealed_round(ballots):
    """A round opened by two people, whose sealed ballots are written as the sealing writes them."""
    CitySettings.objects.update(city_name_it="Fontelieta", city_name_en="City of Fontelieta")
    round_ = open_round(ready_round(projects=4))
    contest = Contest.objects.get(scope__round=round_)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE budgeting_round SET state = 'preparation' WHERE id = %s", [round_.pk]
        )
        round_.refresh_from_db()
        import_sealed(
            round=round_, ballots=[ImportedBallot(contest.pk, ballot) for ballot in ballots]
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    return contest


@pytest.fixture
def tied_contest():
    """Four projects of one cost, chosen equally often."""
    return sealed_round([[1], [2], [3], [4]] * 5)


def test_the_frozen_names_are_those_of_the_published_file(tied_contest):
    frozen = json.loads(tied_contest.scope.round.frozen_rules.get(number=0).document)
    names = frozen["scopes"][0]["contests"][0]["draw"]
    drawn = draw_for(tied_contest, SEED)
    assert names == {"round": drawn.round, "contest": drawn.contest}
    assert names["round"].startswith("Fontelieta 2")


def test_an_imported_vote_is_drawn_with_the_names_of_its_file(tmp_path):
    contest = Contest.objects.get(scope__round=import_small(tmp_path))
    drawn = draw_for(contest, SEED)
    assert (drawn.round, drawn.contest) == ("Prova 2024", "")


def test_a_rule_that_is_not_defined_for_the_ballots_counts_nothing(tied_contest):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Scope.objects.filter(pk=tied_contest.scope_id).update(
            vote_type="ordinal", award_rule={"method": "phragmen", "ties": "file-order"}
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(UndefinedRuleError):
        count_contest(contest=Contest.objects.get(pk=tied_contest.pk))
    assert not Count.objects.exists()


def test_a_city_that_changes_its_name_keeps_the_frozen_order(tied_contest):
    before = draw_for(tied_contest, SEED)
    CitySettings.objects.update(city_name_it="Fontelieta sul Rio")
    assert draw_for(tied_contest, SEED) == before
    assert names_in_file(tied_contest)["unit"] == "Fontelieta"


def test_the_published_seed_gives_the_published_order_to_everybody(tied_contest, tmp_path, capsys):
    count = count_contest(contest=tied_contest, draw=draw_for(tied_contest, SEED))
    assert {tie["decided_by"] for tie in count.outcome["ties"]} == {"draw"}
    count = Count.objects.select_related("contest__scope__round").get(pk=count.pk)
    path = tmp_path / "published.pb"
    path.write_text("".join(exporting.pabulib_pieces(count)), encoding="utf-8")
    meta = tally.read_election(io.StringIO(path.read_text("utf-8"))).election.meta
    assert tally.Draw.for_file(meta, SEED) == draw_for(tied_contest, SEED)
    options = shlex.split(exporting.recount_options(count))
    assert cli.main([str(path), *options, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["trace"] == exported_trace(count)


def exported_trace(count):
    """The stored steps in whole units, as a file without hundredths gives them."""
    return [
        step | {name: step[name] // 100 for name in ("cost", "left")}
        for step in count.outcome["trace"]
    ]
