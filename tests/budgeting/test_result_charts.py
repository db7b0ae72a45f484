"""A chart says what its table says, with figures on its axes, for three projects or hundreds."""

import re

import pytest
from django.utils import translation

from budgeting import charts, result_charts, tally
from budgeting.importing import SourceFile, import_round
from budgeting.models import Round
from budgeting.result_pages import ContestResult, published_counts

from .elections import import_small, write_file


def contest_result(round_: Round) -> ContestResult:
    return ContestResult(published_counts(round_.slug)[0])


@pytest.mark.parametrize(
    ("top", "step"), [(100, 25), (97, 25), (800, 200), (3, 1), (1, 1), (0, 1), (1204, 500)]
)
def test_axes_have_round_figures(top, step):
    assert charts.round_step(top) == step


def test_an_axis_ends_at_a_round_figure_above_the_most():
    scale = charts.scale_up_to(1204)
    assert [tick.label for tick in charts.ticks(scale, str)] == ["0", "500", "1000", "1500"]
    assert scale.at(1500) == 100


def test_marks_of_an_axis_keep_clear_of_the_budget():
    scale = charts.Scale(12_000)
    marks = charts.ticks(scale, str, up_to=10_000)  # 10000 itself is the budget's
    assert [mark.label for mark in marks] == ["0", "2500", "5000", "7500"]


def test_even_the_smallest_amount_is_seen_and_nothing_leaves_the_frame():
    scale = charts.Scale(1_000_000)
    for start, end in ((0, 1), (999_999, 1_000_000), (500_000, 9_000_000)):
        bar = scale.bar(start, end, "funded")
        assert bar.width >= charts.THINNEST
        assert bar.x >= 0
        assert bar.x + bar.width <= 100.01


@pytest.mark.django_db
def test_by_votes_each_project_starts_where_the_one_before_ended(tmp_path):
    chart = contest_result(import_small(tmp_path)).chart(0, 12)
    pieces = {row.line.title: {bar.kind: bar for bar in row.bars} for row in chart.rows}
    first, second = pieces["Alberi in piazza"], pieces["=Biblioteca"]
    assert second["before"].width == pytest.approx(first["funded"].width)
    assert second["funded"].x == pytest.approx(first["funded"].width)
    third = pieces["Campetto"]  # 3,000 left, it costs 5,000
    assert third["missing"].x == chart.limit
    assert third["missing"].width == pytest.approx(100 * 2_000 / 12_000, abs=0.1)


@pytest.mark.django_db
def test_what_was_missing_is_written_beside_the_bar(tmp_path):
    round_ = import_small(tmp_path)
    with translation.override("en"):
        states = [row.state for row in contest_result(round_).chart(0, 12).rows]
    assert states == ["funded", "funded", "did not fit: €2,000 too little", "funded"]


@pytest.mark.django_db
def test_by_equal_shares_the_full_bar_is_the_effective_votes(tmp_path):
    round_ = import_small(tmp_path, rule="equalshares")
    chart = contest_result(round_).chart(0, 12)
    assert chart.kind == result_charts.SHARES
    first = {bar.kind: bar for bar in chart.rows[0].bars}
    assert [tick.label for tick in chart.ticks] == ["0", "5", "10", "15"]
    assert first["pale"].width == first["funded"].width == 100  # all 15 pay the same
    second = {bar.kind: bar for bar in chart.rows[1].bars}
    assert second["pale"].width == pytest.approx(100 * 10 / 15, abs=0.01)
    assert second["funded"].width < second["pale"].width  # some had little left
    assert chart.purses.steps == sum(row.line.row.is_funded for row in chart.rows)


@pytest.mark.django_db
def test_every_row_of_the_table_has_every_figure_of_the_chart(tmp_path):
    for number, rule in enumerate(("greedy", "equalshares")):
        round_ = import_small(tmp_path, rule=rule, instance=f"202{number}")
        chart = contest_result(round_).chart(0, 12)
        assert {len(row.cells) for row in chart.rows} == {len(chart.headings)}
        assert [row.position for row in chart.rows] == [1, 2, 3, 4]


@pytest.mark.django_db
def test_projects_left_out_have_no_bar(tmp_path):
    rule = tally.Rule(method=tally.Method.GREEDY, min_votes=7)
    path = write_file(tmp_path, ballots=["A"] * 12 + ["B"])
    chart = contest_result(import_round(files=[SourceFile(path, rule=rule)])).chart(0, 12)
    assert [bool(row.bars) for row in chart.rows] == [True, False, False, False]


@pytest.mark.django_db
def test_with_five_hundred_projects_the_picture_stays_small(client, tmp_path):
    many = [(f"P{n}", 100 + n, f"Progetto {n}") for n in range(500)]
    round_ = import_small(tmp_path, projects=many, ballots=["P1,P2,P3", "P3,P4"] * 50)
    html = client.get(f"/it/bilancio-partecipativo/{round_.slug}/risultato/").content.decode()
    drawn = re.search(r'<figure class="chart.*?</figure>', html, re.DOTALL)[0]
    assert len(drawn) < 24_000
    assert len(html) < 120_000
    assert "Il verbale dello scrutinio ha tutti i progetti." in html
