"""Search finds pages and records, whatever the accents, at a fixed cost."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail import hooks
from wagtail.models import PageViewRestriction

from commons.models import Neighbourhood
from home.searching import SearchResult, SearchSource, fold, matching
from tests.factories.budgeting import ProjectFactory, RoundFactory
from tests.factories.home import home, in_english, page

pytestmark = pytest.mark.django_db


def look_for(words: str, language: str = "it", **more: str) -> str:
    with translation.override(language):
        address = translation.gettext("search/")
    response = Client().get(f"/{language}/{address}", {"q": words, **more})
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def gardens():
    shown = page(
        "Perché gli orti rendono felice la città",
        summary="Ventidue aiuole in via del Canale",
        body=[("text", "<p>Si innaffiava ogni mattina.</p>")],
    )
    in_english(shown, "Why gardens make a city happy")
    return shown


class TestWords:
    @pytest.mark.parametrize(
        "words",
        [
            "citta",
            "CITTÀ",
            "felice-citta",
            "perche orti",
            "aiuola",
            "innaffiare",
            "l’orti",
            "via canale",
        ],
    )
    def test_accents_capitals_and_endings_make_no_difference(self, gardens, words):
        assert gardens.title in look_for(words)

    @pytest.mark.parametrize(
        "words", ["lavatoi", "lavatoio", "laghi", "lago", "acque", "della acqua", "orto laghi"]
    )
    def test_singular_and_plural_find_each_other(self, words):
        shown = page("Il lavatoio del lago", summary="Orti con acqua pulita")
        assert shown.title in look_for(words)

    def test_a_phrase_and_a_word_left_out_are_taken_at_their_word(self, gardens):
        Neighbourhood.objects.create(name="Riva", slug="riva", summary_it="un porto, tanti laghi")
        assert "/quartieri/riva/" in look_for('"tanti laghi"')
        assert "/quartieri/riva/" not in look_for('"laghi tanti"')
        assert "/quartieri/riva/" not in look_for("porto -laghi")

    def test_all_the_words_are_asked(self, gardens):
        assert gardens.title not in look_for("orti astronave")

    def test_each_language_finds_its_own_pages(self, gardens):
        assert "Why gardens" in look_for("garden", "en")
        assert "Why gardens" not in look_for("garden", "it")
        assert gardens.title not in look_for("orti", "en")

    @pytest.mark.parametrize(
        "words", ["'", "&|!():*", "\\", "%", "a' OR 1=1 --", "\u0301\u0301", "x" * 500, "or\0ti"]
    )
    def test_strange_words_break_nothing(self, gardens, words):
        look_for(words)

    @pytest.mark.parametrize(
        ("text", "folded"),
        [("Città", "citta"), ("PERCHÉ", "perche"), ("l’Orto", "l'orto"), ("ñ", "n")],
    )
    def test_folding(self, text, folded):
        assert fold(text) == folded


class TestWhatIsNotFound:
    def test_drafts_and_restricted_pages(self, gardens):
        draft = page("Astronave in bozza")
        draft.unpublish()
        secret = page("Astronave segreta")
        PageViewRestriction.objects.create(page=secret, restriction_type="login")
        page("Astronave sotto", parent=secret)
        assert "Astronave" not in look_for("astronave").replace("“astronave”", "")

    def test_an_empty_result_helps(self, gardens):
        page("Storie", show_in_menus=True)
        text = look_for("astronave")
        assert 'href="/it/storie/"' in text
        assert 'role="status"' in text

    def test_what_was_asked_is_written_back_safely(self):
        assert "<script>alert" not in look_for("<script>alert(1)</script>")


class TestKinds:
    @pytest.fixture
    def ships(self):
        def search(query: str, language: str) -> list[SearchResult]:
            return [
                SearchResult(f"Nave {number}", f"/nave/{number}/", "", "Nave")
                for number in range(30)
                if query == "orti"
            ]

        with hooks.register_temporarily(
            "rione_search_sources",
            lambda: SearchSource(key="ships", label="Navi", search=search),
        ):
            yield

    def test_records_stand_beside_pages(self, gardens, ships):
        text = look_for("orti")
        assert gardens.title in text
        assert "Nave 0" in text

    def test_one_kind_can_be_chosen(self, gardens, ships):
        text = look_for("orti", kind="ships")
        assert gardens.title not in text
        assert "Nave 0" in text

    def test_results_come_page_by_page_and_keep_the_question(self, gardens, ships):
        first, second = look_for("orti"), look_for("orti", page="2")
        assert "q=orti&amp;page=2" in first
        assert "Nave 29" not in first
        assert "Nave 29" in second


class TestOrder:
    def test_what_is_called_just_so_comes_first_whatever_its_kind(self):
        page("Le Filande, le Filande e ancora le Filande")
        Neighbourhood.objects.create(name="Le Filande", slug="le-filande")
        text = look_for("le filande")
        assert text.index("/quartieri/le-filande/") < text.index("e ancora")

    def test_a_name_comes_before_those_that_contain_it(self):
        for slug in ("a", "b"):
            name = f"Mulino mulino {slug}"
            Neighbourhood.objects.create(name=name, slug=slug, summary_it="mulino " * 9)
        Neighbourhood.objects.create(name="Mulìno", slug="c")
        found = matching(
            Neighbourhood.objects.all(),
            fields=["name", "summary_it"],
            query="mulino",
            language="it",
        )
        assert found[0].slug == "c"

    def test_projects_say_which_round_and_city_they_belong_to(self):
        for number, place in enumerate(["Łódź", "Świecie"]):
            round = RoundFactory(name_it=f"Voto {number}", place=place, is_public=True)
            ProjectFactory(contest__scope__round=round, title_it="Parco nuovo")
        text = look_for("parco")
        assert "Voto 0, Łódź" in text
        assert "Voto 1, Świecie" in text


class TestCost:
    def test_one_page_or_twenty_cost_the_same(self):
        page("Astronave 0")
        with CaptureQueriesContext(connection) as one:
            look_for("astronave")
        for number in range(1, 20):
            page(f"Astronave {number}")
        look_for("astronave")
        with CaptureQueriesContext(connection) as twenty:
            look_for("astronave")
        assert len(twenty) <= len(one) <= 12


class TestRecords:
    def test_columns_are_folded_in_sql(self):
        Neighbourhood.objects.create(
            name="Là in Città", slug="la", summary_it="Gli ORTI di perché", summary_en="Gardens"
        )
        Neighbourhood.objects.create(name="Altro", slug="altro", summary_it="niente")
        found = matching(
            Neighbourhood.objects.all(),
            fields=["name", "summary_it"],
            query="citta perche",
            language="it",
        )
        assert [record.slug for record in found] == ["la"]

    def test_the_best_comes_first(self):
        Neighbourhood.objects.create(name="Altro", slug="b", summary_it="il mulino")
        Neighbourhood.objects.create(name="Mulino", slug="a", summary_it="niente")
        found = matching(
            Neighbourhood.objects.all(),
            fields=["name", "summary_it"],
            query="mulino",
            language="it",
        )
        assert [record.slug for record in found] == ["a", "b"]


def test_a_page_moved_to_another_section_is_still_found(gardens):
    gardens.move(home(), pos="last-child")
    assert gardens.title in look_for("orti")
