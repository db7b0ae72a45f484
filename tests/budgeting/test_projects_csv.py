"""A file of projects is imported whole or not at all, and every mistake is told with its line."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse
from django.utils import translation

from budgeting import project_files
from budgeting.models import Project
from budgeting.project_files import (
    LARGEST_FILE,
    ProjectFileError,
    decode,
    example_file,
    import_projects,
    projects_file,
    read_projects,
)
from home.errors import NotAllowedError
from tests.factories.budgeting import (
    ContestFactory,
    ProjectFactory,
    coordinator,
    guarantor,
    open_round,
    ready_round,
)
from tests.factories.commons import NeighbourhoodFactory
from tests.signing_in import sign_in_to_admin

pytestmark = pytest.mark.django_db

HEADER = "contest;title_it;cost"


@pytest.fixture
def contest():
    return ContestFactory(name_it="Tutta la città", name_en="The whole city", slug="citta")


def problems(contest, text):
    reading = read_projects(round=contest.scope.round, text=text)
    return [(problem.line, problem.column) for problem in reading.problems]


def test_the_example_file_can_be_imported_as_it_is(contest):
    projects = import_projects(
        round=contest.scope.round, text=decode("".join(example_file()).encode()), by=coordinator()
    )
    assert [(project.number, project.cost) for project in projects] == [(1, 48_500_00)]
    assert Project.objects.get().description_en


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_commas_semicolons_and_tabs_are_understood(contest, separator):
    text = f"{HEADER}\ncitta;Pista;12500\n".replace(";", separator)
    assert len(read_projects(round=contest.scope.round, text=text).projects) == 1


def test_a_contest_is_named_in_either_language_or_by_address(contest):
    text = f"{HEADER}\nTutta la Città;A;1\nthe whole city;B;1\ncitta;C;1\n"
    assert problems(contest, text) == []


def test_a_neighbourhood_is_found_by_its_other_names_too(contest):
    place = NeighbourhoodFactory(name="Le Filande", alternative_names=["Quartiere Bassi"])
    text = "contest;title_it;cost;neighbourhood\ncitta;A;1;quartiere bassi\n"
    reading = read_projects(round=contest.scope.round, text=text)
    assert reading.projects[0].neighbourhood == place


def test_projects_without_a_number_get_the_next_free_ones(contest):
    ProjectFactory(contest=contest, number=4)
    text = "number;contest;title_it;cost\n;citta;A;1\n6;citta;B;1\n;citta;C;1\n"
    reading = read_projects(round=contest.scope.round, text=text)
    assert [project.number for project in reading.projects] == [5, 6, 7]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, "contest"), (1, "title_it"), (1, "cost")]),
        ("contest;title_it\ncitta;A\n", [(1, "cost")]),
        (f"{HEADER};colour\ncitta;A;1;red\n", [(1, "colour")]),
        (f"{HEADER};cost\ncitta;A;1;2\n", [(1, "cost"), (1, "cost")]),
        (f"{HEADER}\n", [(2, "")]),
        (f"{HEADER}\ncitta;A\n", [(2, "")]),
        (f'{HEADER}\ncitta;"A;1\n', [(2, "")]),
        (f"{HEADER}\naltrove;A;1\n", [(2, "contest")]),
        (f"{HEADER}\n;A;1\n", [(2, "contest")]),
        (f"{HEADER}\ncitta;;1\n", [(2, "title_it")]),
        (f"{HEADER}\ncitta;A;\n", [(2, "cost")]),
        (f"{HEADER}\ncitta;A;tanto\n", [(2, "cost")]),
        (f"{HEADER}\ncitta;A;-5\n", [(2, "cost")]),
        (f"{HEADER}\ncitta;{'A' * 251};1\n", [(2, "title_it")]),
        (f"{HEADER};number\ncitta;A;1;uno\n", [(2, "number")]),
        (f"{HEADER};number\ncitta;A;1;9\n", [(2, "number")]),
        (f"{HEADER};number\ncitta;A;1;1\ncitta;B;1;1\n", [(3, "number")]),
        (f"{HEADER};neighbourhood\ncitta;A;1;Atlantide\n", [(2, "neighbourhood")]),
        (f"{HEADER};latitude\ncitta;A;1;43.1\n", [(2, "longitude")]),
        (f"{HEADER};latitude;longitude\ncitta;A;1;143.1;12\n", [(2, "latitude")]),
        (f"{HEADER};latitude;longitude\ncitta;A;1;nan;12\n", [(2, "latitude")]),
        # All mistakes at once, blank lines not counted as projects.
        (f"{HEADER}\ncitta;;1\n\naltrove;B;x\n", [(2, "title_it"), (4, "contest"), (4, "cost")]),
    ],
)
def test_every_mistake_is_told_with_its_line_and_column(contest, text, expected):
    ProjectFactory(contest=contest, number=9)
    assert problems(contest, text) == expected


def test_a_file_with_too_many_projects_is_told_where_to_split_it(contest, monkeypatch):
    monkeypatch.setattr(project_files, "MOST_ROWS", 2)
    rows = "".join(f"citta;Progetto {number};1\n" for number in range(3))
    assert problems(contest, f"{HEADER}\n{rows}") == [(3, "")]


def test_a_place_that_is_not_on_earth_is_told_from_what_is_no_number(contest):
    rows = f"{HEADER};latitude;longitude\ncitta;A;1;43.1;181\ncitta;B;1;nord;12\n"
    with translation.override("en"):
        found = read_projects(round=contest.scope.round, text=rows).problems
        assert [str(problem.message) for problem in found] == [
            "There is no such place: write degrees from -180 to 180.",
            "Write degrees as a number, such as 43.1012.",
        ]


def test_a_file_that_is_not_utf_8_is_refused_with_the_line():
    with pytest.raises(ProjectFileError) as caught:
        decode("contest;title_it;cost\ncitta;Perché;1\n".encode("latin-1"))
    assert caught.value.problems[0].line == 2


def test_one_mistake_and_nothing_is_imported(contest):
    text = f"{HEADER}\ncitta;A;1\ncitta;B;tanto\n"
    with pytest.raises(ProjectFileError):
        import_projects(round=contest.scope.round, text=text, by=coordinator())
    assert not Project.objects.exists()


def test_nothing_is_imported_once_the_vote_is_open():
    round = open_round(ready_round())
    slug = round.scopes.get().contests.get().slug
    with pytest.raises(ProjectFileError):
        import_projects(round=round, text=f"{HEADER}\n{slug};A;1\n", by=coordinator())
    assert round.projects.count() == 3


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_an_exported_text_is_no_formula_and_comes_back_as_it_was(contest, start):
    title = f"{start}HYPERLINK(1)"
    ProjectFactory(contest=contest, number=1, title_it=title, title_en="", area="x")
    text = "".join(projects_file(Project.objects.select_related("contest", "neighbourhood")))
    assert f";'{title}" in text or f";\"'{title}" in text
    Project.objects.all().delete()
    import_projects(round=contest.scope.round, text=decode(text.encode()), by=coordinator())
    assert Project.objects.get().title_it == title


# In the admin


def upload(client, contest, content):
    file = SimpleUploadedFile("projects.csv", content, "text/csv")
    return client.post(
        reverse("rounds_admin:project_import", args=[contest.scope.round_id]), {"file": file}
    )


@pytest.fixture
def admin(client):
    sign_in_to_admin(client, coordinator())
    return client


def test_checking_a_file_writes_nothing_and_importing_it_writes_all(admin, contest):
    response = upload(admin, contest, f"{HEADER}\ncitta;A;1\ncitta;B;2\n".encode())
    assert response.status_code == 200
    assert not Project.objects.exists()
    admin.post(
        reverse("rounds_admin:project_import", args=[contest.scope.round_id]),
        {"text": response.context["text"]},
    )
    assert Project.objects.count() == 2


def test_mistakes_are_shown_in_a_table(admin, contest):
    response = upload(admin, contest, f"{HEADER}\ncitta;A;tanto\n".encode())
    assert response.status_code == 422
    assert "tanto" in response.text
    assert "<td>2</td>" in response.text.replace("\n", "").replace(" ", "")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"x" * (LARGEST_FILE + 1)])
def test_a_file_that_cannot_be_read_is_refused(admin, contest, content):
    assert upload(admin, contest, content).status_code == 422


def test_a_form_sent_without_a_file_says_so(admin, contest):
    address = reverse("rounds_admin:project_import", args=[contest.scope.round_id])
    response = admin.post(address, {})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["file"]


def test_only_coordinators_import_projects(contest):
    text = f"{HEADER}\n{contest.slug};A;1\n"
    with pytest.raises(NotAllowedError):
        import_projects(round=contest.scope.round, text=text, by=guarantor())
    assert not Project.objects.exists()


def test_themes_stand_in_the_same_order_in_both_languages(contest):
    header = "contest;title_it;cost;categories_it;categories_en"
    text = f"{header}\ncitta;A;1;mobilità,scuola;mobility,  school\n"
    assert problems(contest, text) == []
    assert problems(contest, f"{header}\ncitta;A;1;mobilità;mobility, school\n") == [
        (2, "categories_en")
    ]
    assert problems(contest, f"{header}\ncitta;A;1;;mobility\n") == [(2, "categories_en")]
    import_projects(round=contest.scope.round, text=text, by=coordinator())
    project = Project.objects.get()
    assert (project.categories_it, project.categories_en) == (
        "mobilità, scuola",
        "mobility, school",
    )


def test_the_database_keeps_the_same_number_of_themes_in_both_languages(contest):
    with pytest.raises(IntegrityError, match="themes_equal_in_number"):
        ProjectFactory(contest=contest, categories_it="scuola", categories_en="school, energy")
