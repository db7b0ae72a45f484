"""The stories of a small count, read in both languages, and its steps to do again on paper."""

import string
from pathlib import Path

import pytest

from budgeting.tally import (
    Areas,
    BallotGroup,
    Compat,
    Completion,
    Election,
    Eligibility,
    Limits,
    Method,
    Overflow,
    Project,
    Rule,
    Ties,
    Utility,
    VoteType,
    count,
    figures_of,
)
from budgeting.tally.cli import main
from budgeting.tally.explaining import PlainVoice, explain, explain_steps
from budgeting.tally.language import LANGUAGES
from budgeting.tally.sentences import SENTENCES
from budgeting.tally.story import reason, step, whole_story
from budgeting.tally.sufficing import Sufficing

PROJECTS = (
    Project("A", 400_00, "Trees"),
    Project("B", 300_00, "Library"),
    Project("C", 500_00, "Pitch"),
    Project("D", 250_00, "Homework"),
    Project("E", 0, "Idea"),
    Project("F", 100_00, "Fountain", withdrawn=True),
    Project("G", 100_00, "Garden"),
)
BALLOTS = (
    BallotGroup((0, 1, 4)),
    BallotGroup((0,)),
    BallotGroup((0, 2, 5)),
    BallotGroup((1, 3)),
    BallotGroup((1,)),
)
GREEDY = Rule(Method.GREEDY, ties=Ties.COST)
SHARES = Rule(Method.EQUAL_SHARES, ties=Ties.COST)


def election(**changes: object) -> Election:
    parts = {
        "projects": PROJECTS,
        "ballots": BALLOTS,
        "vote_type": VoteType.APPROVAL,
        "budget": 900_00,
        "scale": 2,
        "meta": {"currency": "EUR"},
        **changes,
    }
    return Election(**parts)


def story(project: str, rule: Rule, language: str = "en", **changes: object) -> list[str]:
    case = election(**changes)
    lines = explain(case, count(case, rule), project, language=language).split("\n")
    return lines[1:]


def without_note(lines: list[str]) -> list[str]:
    """What is said before the empty line and after it, but for how it was found."""
    return [line for line in lines if line and not line.startswith(("Found by", "Calcolato"))]


def test_funded_by_votes() -> None:
    assert without_note(story("A", GREEDY)) == [
        "Yes, it was funded.",
        "3 people of 5 chose it; it costs 400 EUR.",
        "It was funded in step 2 of the count.",
        "At its turn 600 EUR were left; after it, 200 EUR remained.",
        "With 1 vote less it would have been funded all the same; with 2 less it would not.",
    ]
    assert without_note(story("A", GREEDY, "it")) == [
        "Sì, è stato finanziato.",
        "3 persone su 5 lo hanno scelto; costa 400 EUR.",
        "È stato finanziato al passo 2 dello scrutinio.",
        "Al suo turno restavano 600 EUR; dopo ne sono rimasti 200 EUR.",
        "Con 1 voto in meno sarebbe stato finanziato lo stesso; con 2 in meno no.",
    ]
    cheap = story("G", GREEDY, ballots=(*BALLOTS, BallotGroup((6,))))
    assert cheap[-2] == "The money was enough for it whatever its votes."


def test_funded_with_no_vote_to_spare() -> None:
    ballots = (BallotGroup((0,), count=2), BallotGroup((3,), count=2))
    lines = story("D", GREEDY, ballots=ballots, budget=400_00)
    assert lines[-2] == "With 1 vote less it would not have been funded."


def test_not_funded_by_votes() -> None:
    assert story("C", GREEDY) == [
        "No, it was not funded.",
        "1 person of 5 chose it; it costs 500 EUR.",
        "At its turn 200 EUR of the budget were left, 300 EUR less than it costs.",
        "",
        "3 more votes, on ballots that choose this project alone, would have been enough; one "
        "fewer would not.",
        "At a cost of 200 EUR, 300 EUR less, it would have been funded; at 201 EUR it would not.",
        "Found by counting all the ballots again, with that one change and everything else as it "
        "was.",
    ]
    assert story("C", GREEDY, "it") == [
        "No, non è stato finanziato.",
        "1 persona su 5 lo ha scelto; costa 500 EUR.",
        "Al suo turno restavano 200 EUR del budget, 300 EUR meno di quanto costa.",
        "",
        "Sarebbero bastati 3 voti in più, su schede che scelgono solo questo progetto; con uno in "
        "meno no.",
        "Con un costo di 200 EUR, 300 EUR in meno, sarebbe stato finanziato; con 201 EUR no.",
        "Calcolato rifacendo lo scrutinio di tutte le schede, con quel solo cambiamento e tutto il "
        "resto com’era.",
    ]


def test_funded_by_the_shares_of_those_who_chose_it() -> None:
    assert without_note(story("B", SHARES)) == [
        "Yes, it was funded.",
        "3 people of 5 chose it; it costs 300 EUR.",
        "It was funded in step 2 of the count.",
        "Each ballot’s share of the budget was 180 EUR.",
        "The cost was divided among those who chose it: nobody paid more than 100 EUR out of "
        "their share of the budget, as if it had been split equally among 3 people.",
        "Everybody who chose it could pay their whole part; afterwards they had 240 EUR left "
        "together.",
    ]
    lines = without_note(story("A", SHARES, "it"))
    assert lines[4:] == [
        "Il costo è stato diviso tra chi lo ha scelto: nessuno ha pagato più di 160 EUR della "
        "propria quota, come se fosse stato diviso in parti uguali tra 2,5 persone.",
        "1 persona non poteva pagare tutta la propria parte e ha dato quello che le restava; "
        "dopo, a chi lo ha scelto restavano in tutto 40 EUR.",
    ]
    assert without_note(story("E", SHARES))[-1] == (
        "It costs nothing, so nobody had to pay for it."
    )


def test_not_funded_because_the_shares_were_spent_or_too_small() -> None:
    assert story("D", SHARES)[2] == (
        "At the end those who chose it had 80 EUR left of their shares, after paying for other "
        "projects they had chosen: 170 EUR too little."
    )
    alone = (*BALLOTS[:3], BallotGroup((3,)), BallotGroup((1,)))
    assert story("D", SHARES, "it", ballots=alone)[2] == (
        "Chi lo ha scelto non ha pagato altri progetti, e tutte le quote insieme fanno 180 EUR: "
        "mancavano 70 EUR."
    )


def test_chosen_by_nobody_and_withdrawn() -> None:
    assert story("G", SHARES)[:2] == [
        "No, it was not funded.",
        "Nobody chose it, of 5; it costs 100 EUR.",
    ]
    assert story("G", SHARES)[3] == (
        "One more vote, on a ballot that chooses this project alone, would have been enough."
    )
    assert story("F", SHARES) == [
        "No, it was not funded.",
        "1 person of 5 had chosen it.",
        "It was withdrawn and could no longer be funded.",
    ]


def test_below_the_minimum() -> None:
    rule = Rule(Method.GREEDY, ties=Ties.COST, min_votes=2)
    assert story("D", rule)[2] == (
        "It got 1 vote: at least 2 were needed to take part. It lacked 1 vote."
    )
    assert story("D", rule, "it")[2] == (
        "Ha avuto 1 voto: per partecipare ne servivano almeno 2. Gli è mancato 1 voto."
    )
    assert story("C", rule)[4:6] == [
        "3 more votes, on ballots that choose this project alone, would have been enough; one "
        "fewer would not.",
        "The one vote it lacked would only have let it take part in the count; the others are what "
        "it then took to win the money.",
    ]
    assert "Con il solo voto che gli mancava" in story("C", rule, "it")[5]
    assert "Not even at a cost of 1 EUR would it have been funded." in story("D", rule)
    eligible = Rule(Method.GREEDY, ties=Ties.COST, eligibility=Eligibility.THREE_BUDGETS)
    ballots = (*BALLOTS[:4], BallotGroup((1,), count=10))
    assert story("A", eligible, ballots=ballots, budget=300_00)[2] == (
        "It got 3 votes: a project of this cost needed at least 7. It lacked 4 votes."
    )


def test_after_the_end_of_the_count() -> None:
    rule = Rule(Method.GREEDY, ties=Ties.COST, overflow=Overflow.STOP)
    assert story("C", rule, budget=350_00)[2] == (
        "The count ended before its turn, at “Trees (A)”."
    )
    assert story("C", rule, "it", budget=350_00)[2] == (
        "Lo scrutinio è finito prima del suo turno, a «Trees (A)»."
    )


def test_funded_although_not_all_of_its_cost_was_left() -> None:
    rule = Rule(Method.GREEDY, ties=Ties.COST, overflow=Overflow.PARTIAL)
    case = election(budget=650_00)
    assert story("A", rule, budget=650_00)[3] == (
        "350 EUR were left, 50 EUR too little; the rule still funds the first project that does "
        "not fit when enough of its cost is there."
    )
    outcome = count(case, rule)
    voice = PlainVoice(case, "en")
    assert step(figures_of(case, outcome)["A"], voice) == (
        "3 votes, cost 400 EUR: funded. 0 EUR remain."
    )
    assert "2. Trees (A): 3 votes, cost 400 EUR. Only 350 EUR are left" in explain_steps(
        case, outcome
    )


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        (1400_00, "Had it excluded no other project, it would have been funded."),
        (400_00, "Even had it excluded no other project, it would not have been funded."),
    ],
)
def test_excluded_by_a_rival(budget: int, words: str) -> None:
    rivals = frozenset({frozenset({"B", "A"})})
    lines = story("A", GREEDY, conflicts=rivals, budget=budget)
    assert lines[2] == "“Library (B)” was funded, and only one of the two could be."
    assert words in lines


def test_a_free_project_under_a_habit() -> None:
    rule = Rule(Method.EQUAL_SHARES, ties=Ties.COST, compat=Compat.EQUALSHARES_NET)
    assert story("E", rule)[2] == (
        "It costs nothing, and this rule funds only projects that cost something."
    )


def test_savings() -> None:
    rule = Rule(Method.PHRAGMEN, ties=Ties.COST)
    projects = tuple(project for project in PROJECTS if project.cost)
    ballots = (BallotGroup((0, 1)), BallotGroup((0,), count=2), BallotGroup((1,), count=2))
    lines = story("A", rule, projects=projects, ballots=ballots)
    assert lines[3] == (
        "When each ballot had received ≈ 166.67 EUR, those who chose it had saved its whole cost: "
        "they paid it with at most ≈ 166.67 EUR each and began to save again."
    )
    case = election(projects=projects, ballots=ballots)
    assert explain_steps(case, count(case, rule), language="it").split("\n")[1:6] == [
        "I soldi arrivano a tutte le schede allo stesso modo. Appena chi ha scelto un progetto ne "
        "possiede insieme il costo, lo compra e resta senza soldi.",
        "1. Library (B): costo 300 EUR, 3 persone. A 100 EUR per scheda lo possiedono.",
        "   3 schede: 100 EUR ciascuna.",
        "   Dopo veniva Trees (A), a ≈ 133,33 EUR (400/3).",
        "2. Trees (A): costo 400 EUR, 3 persone. A ≈ 166,67 EUR (500/3) per scheda lo possiedono.",
    ]


def test_points() -> None:
    cumulative = {
        "vote_type": VoteType.CUMULATIVE,
        "ballots": (BallotGroup((0, 1), (3, 2)), BallotGroup((1, 2), (4, 1))),
        "limits": Limits(max_points=4, max_sum_points=5),
    }
    assert story("C", GREEDY, **cumulative)[1:] == [
        "1 person of 2 named it and gave it 1 point; it costs 500 EUR.",
        "At its turn 200 EUR of the budget were left, 300 EUR less than it costs.",
        "",
        "One more ballot, with 4 points for this project alone, would have been enough.",
        "At a cost of 200 EUR, 300 EUR less, it would have been funded; at 201 EUR it would not.",
        "Found by counting all the ballots again, with that one change and everything else as it "
        "was.",
    ]
    dear = (*PROJECTS[:2], Project("C", 901_00))
    assert (
        "Non sarebbero bastate nemmeno 10 schede in più, ciascuna con 4 punti solo per questo "
        "progetto."
    ) in story("C", GREEDY, "it", projects=dear, **cumulative)


def test_what_is_not_known_yet_is_said() -> None:
    case = election()
    voice = PlainVoice(case, "it")
    told = figures_of(case, count(case, GREEDY))["C"]
    pending = whole_story(told, voice, None, major=100)
    assert pending.enough == (
        "Stiamo calcolando che cosa sarebbe bastato, rifacendo lo scrutinio: torna tra qualche "
        "minuto.",
    )
    assert whole_story(told, voice, Sufficing(), major=100).note == ""


def test_steps_in_one_sentence_each() -> None:
    case = election()
    told = figures_of(case, count(case, SHARES))
    voice = PlainVoice(case, "en")
    assert step(told["B"], voice) == (
        "Bought for 300 EUR by 3 people, who pay at most 100 EUR each. Of the budget 600 EUR "
        "remain."
    )
    assert step(told["E"], voice) == "1 vote, cost 0 EUR: funded. 900 EUR remain."
    assert step(told["D"], voice) == (
        "1 vote, cost 250 EUR: not funded. Those who chose it had 80 EUR left together: 170 EUR "
        "too little."
    )


@pytest.mark.parametrize(
    ("rule", "budget", "words"),
    [
        (GREEDY, 900_00, "At its turn 600 EUR were left, enough for it."),
        (SHARES, 900_00, "Those who chose it paid for it with at most 160 EUR each."),
        (
            Rule(Method.PHRAGMEN, ties=Ties.COST),
            900_00,
            "Those who chose it could pay for it first, with at most ≈ 166.67 EUR each.",
        ),
        (
            Rule(Method.GREEDY, ties=Ties.COST, overflow=Overflow.PARTIAL),
            650_00,
            "It was the first that did not fit: most of its cost was left, so it was funded and "
            "the count ended.",
        ),
    ],
)
def test_the_reason_in_one_sentence(rule: Rule, budget: int, words: str) -> None:
    case = election(budget=budget)
    voice = PlainVoice(case, "en")
    assert reason(figures_of(case, count(case, rule))["A"], voice) == words


def test_a_free_project_has_its_reason_too() -> None:
    case = election()
    told = figures_of(case, count(case, SHARES))["E"]
    assert reason(told, PlainVoice(case, "it")) == "Non costa nulla, e qualcuno lo ha scelto."


def test_equal_shares_on_paper() -> None:
    case = election()
    lines = explain_steps(case, count(case, SHARES)).split("\n")
    assert lines[0] == "7 projects, 5 ballots, a budget of 900 EUR."
    assert lines[1].startswith("Write 180 EUR on each ballot")
    assert lines[2] == "1. Idea (E): it costs nothing and somebody chose it."
    assert lines[3:6] == [
        "2. Library (B): cost 300 EUR, price 1/3 for each unit of what its 3 people get.",
        "   Equal: Library (B), Trees (A). Decided by: lower cost.",
        "   3 ballots with 180 EUR pay 100 EUR each.",
    ]


def test_greedy_on_paper_names_what_did_not_fit() -> None:
    case = election(ballots=(*BALLOTS, BallotGroup((2,), count=3)), budget=960_00)
    text = explain_steps(case, count(case, GREEDY))
    # The pitch (4 votes, 500) leaves 460: after the library the trees do not fit.
    assert "   Before it these did not fit: Trees (A)." in text
    assert "Not funded: Fountain (F). It was withdrawn and could no longer be funded." in text


def test_a_tie_on_paper_says_what_decided() -> None:
    case = election()
    assert "   Equal: Library (B), Trees (A). Decided by: lower cost." in explain_steps(
        case, count(case, GREEDY)
    )


def test_what_can_no_longer_be_paid_is_said_on_paper() -> None:
    ballots = (BallotGroup((0, 2), count=3), BallotGroup((1,), count=2))
    case = election(ballots=ballots)
    text = explain_steps(case, count(case, SHARES))
    assert "   Next would have been Library (B), at 1/2." in text
    assert "   From now on too little is left for Pitch (C): 140 EUR." in text


def test_completion_on_paper() -> None:
    rule = Rule(Method.EQUAL_SHARES, ties=Ties.COST, completion=Completion.ADD1U)
    case = election()
    text = explain_steps(case, count(case, rule), language="it")
    assert "Scrivi" in text


def test_many_kinds_of_payers_are_not_listed() -> None:
    """Fourteen pairs with different purses buy the last project together."""
    pairs = tuple(Project(str(at), (at + 1) * 10) for at in range(14))
    ballots = tuple(BallotGroup((at, 14), count=2) for at in range(14))
    case = election(projects=(*pairs, Project("all", 250_00)), ballots=ballots, budget=280_00)
    rule = Rule(Method.EQUAL_SHARES, ties=Ties.COST, utility=Utility.CARDINALITY)
    assert "   Nobody pays more than ≈ 8.93 EUR (125/14), and everybody can." in explain_steps(
        case, count(case, rule)
    )
    # Two cheap projects more, for the first pair alone, leave it with less than the price.
    poor = (*pairs, Project("all", 250_00), Project("x", 5_00), Project("y", 5_00))
    ballots = (BallotGroup((0, 14, 15, 16), count=2), *ballots[1:])
    case = election(projects=poor, ballots=ballots, budget=280_00)
    assert "; 2 ballots have less and give all of it." in explain_steps(case, count(case, rule))


def test_areas_on_paper() -> None:
    projects = (
        Project("1", 40_00, neighborhood="North"),
        Project("2", 20_00),
    )
    ballots = (BallotGroup((0,), count=2), BallotGroup((1,), count=2))
    areas = (("North", 60_00), ("", 40_00))
    case = election(projects=projects, ballots=ballots, budget=100_00, areas=areas)
    text = explain_steps(case, count(case, Rule(Method.GREEDY, ties=Ties.COST, areas=Areas.LAPSE)))
    assert "Area North, with 60 EUR:" in text
    assert "1 project, 4 ballots, a budget of 40 EUR." in text
    assert "Area of the whole city, with 40 EUR:" in text


def test_both_languages_say_the_same_with_the_same_figures() -> None:
    def figures(text: object) -> set[str]:
        forms = [text] if isinstance(text, str) else list(text)
        return {
            name
            for form in forms
            for _literal, name, _spec, _conversion in string.Formatter().parse(form)
            if name
        }

    for key, texts in SENTENCES.items():
        assert set(texts) == set(LANGUAGES), key
        assert figures(texts["en"]) == figures(texts["it"]), key


WIELICZKA = str(
    Path(__file__).parent.parent.parent / "tests/data/poland_wieliczka_2023_green-budget.pb"
)


def test_the_command_tells_one_story(capsys) -> None:
    assert main([WIELICZKA, "--rule", "greedy", "--explain", "9", "--language", "it"]) == 0
    assert "288 persone su 6.586 lo hanno scelto; costa 50.000 PLN." in capsys.readouterr().out


def test_the_command_tells_every_step(capsys, tmp_path) -> None:
    assert main([WIELICZKA, "--rule", "greedy", "--explain"]) == 0
    assert "Take the projects in the order of the count" in capsys.readouterr().out


def test_the_command_refuses_an_unknown_project(capsys) -> None:
    assert main([WIELICZKA, "--rule", "greedy", "--explain", "nothing"]) == 2
    assert "there is no project 'nothing'" in capsys.readouterr().err
