"""The demonstration city's home page, its stories, and what other cities have done."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files import File
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from wagtail.models import Locale

from home.models import CitySettings, HomePage, RioneImage, SectionPage, StandardPage

from . import demonstration_texts as texts
from .demonstration_texts import Story, Text

PICTURES = Path(__file__).with_name("demonstration_pictures")
CREDIT = "Rione, CC BY 4.0"


def name_city(say: Callable[[str], None]) -> None:
    """Give the city its name and addresses, before anything is written in its name."""
    say("The city's name")
    city = CitySettings.objects.get()
    city.city_name_it, city.city_name_en = "Comune di Fontelieta", "City of Fontelieta"
    city.tagline_it = "La città si decide insieme"
    city.tagline_en = "A city decided together"
    city.footer_text_it = "Fontelieta è una città inventata: questo sito è una dimostrazione."
    city.footer_text_en = "Fontelieta is an invented city: this site is a demonstration."
    city.address = "Piazza della Fonte 1, Fontelieta"
    city.email = "partecipazione@example.org"
    city.certified_email = "comune@pec.example.org"
    city.accessibility_feedback_email = "accessibilita@example.org"
    city.save()


def load(say: Callable[[str], None]) -> None:
    """Make the city's pages and pictures, in both languages."""
    say("The city's home page and stories")
    italian = HomePage.objects.get(locale__language_code="it")
    english = HomePage.objects.get(locale__language_code="en")
    how = _page(italian, texts.HOW_IT_WORKS, in_menus=True)
    stories = _section(
        italian,
        Text("Storie", "Le persone e i luoghi di Fontelieta, raccontati da vicino.", []),
        Text("Stories", "Fontelieta's people and places, told from close by.", []),
        texts.STORIES,
    )
    experiences = _section(
        italian,
        Text(
            "Esperienze",
            "Che cosa hanno fatto cinque città italiane per decidere e curare insieme.",
            [],
        ),
        Text(
            "Experiences",
            "What five Italian cities have done to decide and to look after places together.",
            [],
        ),
        texts.EXPERIENCES,
    )
    picture = _picture(*texts.HOME_PICTURE)
    for home in (italian, english):
        language = home.locale.language_code
        pages = [page.get_translation(home.locale) for page in (how, stories, experiences)]
        home.image = picture
        home.body = _home_body(language, picture, *pages)
        home.title = home.draft_title = (
            "Fontelieta partecipa" if language == "it" else "Fontelieta takes part"
        )
        home.save_revision().publish()


def _section(home: HomePage, italian: Text, english: Text, stories: Sequence[Story]) -> SectionPage:
    section = SectionPage(show_in_menus=True, locale=home.locale)
    _fill(section, italian)
    home.add_child(instance=section)
    section.save_revision().publish()
    _translate(section, english)
    for story in reversed(stories):
        _page(section, story)
    _spread_dates(stories)
    return section


def _page(parent: Any, story: Story, *, in_menus: bool = False) -> StandardPage:
    page = StandardPage(
        show_in_menus=in_menus,
        locale=parent.locale,
        image=_picture(story.picture, *story.shows),
    )
    _fill(page, story.italian)
    parent.add_child(instance=page)
    page.save_revision().publish()
    _translate(page, story.english)
    return page


def _translate(page: Any, text: Text) -> None:
    translated = page.copy_for_translation(Locale.objects.get(language_code="en"))
    _fill(translated, text)
    translated.slug = ""  # from the title
    translated.full_clean()
    translated.save_revision().publish()


def _fill(page: Any, text: Text) -> None:
    page.title = page.draft_title = text.title
    page.summary = text.summary
    page.body = text.body


def _spread_dates(stories: Sequence[Story]) -> None:
    """Publish one story a week, the first one newest."""
    now = timezone.now()
    for weeks, story in enumerate(stories):
        StandardPage.objects.filter(title__in=[story.italian.title, story.english.title]).update(
            first_published_at=now - timedelta(weeks=weeks)
        )


def _picture(name: str, description: str, description_en: str) -> RioneImage:
    with (PICTURES / f"{name}.webp").open("rb") as content:
        picture = RioneImage(
            title=description[:80],
            description=description,
            description_en=description_en,
            credit=CREDIT,
            file=File(content, name=f"{name}.webp"),
        )
        picture.save()
    return picture


def _home_body(
    language: str, picture: RioneImage, how: Any, stories: Any, experiences: Any
) -> list[tuple[str, Any]]:
    italian = language == "it"

    def link(label: str, *, page: Any = None, view: str = "") -> dict[str, Any]:
        return {"label": label, "page": page, "address": _address(view, language)}

    places = _address("commons:neighbourhoods", language)
    results = _address("budgeting:rounds", language)
    ways = [
        {
            "icon": "it-info-circle",
            "title": "Scopri come funziona" if italian else "See how it works",
            "text": (
                "Cinque passi, dalla proposta al cantiere, e chi decide che cosa."
                if italian
                else "Five steps, from proposal to building site, and who decides what."
            ),
            "link": link("Come funziona" if italian else "How it works", page=how),
        },
        {
            "icon": "it-map-marker",
            "title": "Conosci il tuo quartiere" if italian else "Get to know your neighbourhood",
            "text": (
                "I luoghi di tutti, come stanno e che cosa potrebbero diventare."
                if italian
                else "The places that belong to all, how they are and what they could become."
            ),
            "link": link(
                "Quartieri" if italian else "Neighbourhoods", view="commons:neighbourhoods"
            ),
        },
        {
            "icon": "it-chart-line",
            "title": "Guarda com’è andata" if italian else "Look at the results",
            "text": (
                "I voti contati, spiegati uno per uno e pronti da ricontare."
                if italian
                else "Votes counted, explained one by one, ready to be recounted."
            ),
            "link": link("Risultati" if italian else "Results", view="budgeting:rounds"),
        },
    ]
    offered = [True, bool(places), bool(results)]
    return [
        (
            "hero",
            {
                "title": (
                    "Fontelieta la decidiamo insieme"
                    if italian
                    else "We decide about Fontelieta together"
                ),
                "text": (
                    "450.000 euro per i beni comuni della città: 150.000 per tutti, 50.000 per "
                    "ogni quartiere."
                    if italian
                    else "450,000 euros for the city's common goods: 150,000 for everybody, 50,000 "
                    "for each neighbourhood."
                ),
                "image": picture,
                "link": link("Scopri come funziona" if italian else "See how it works", page=how),
            },
        ),
        (
            "ways",
            {
                "title": "Da dove cominciare" if italian else "Where to begin",
                "ways": [way for way, there in zip(ways, offered, strict=True) if there],
            },
        ),
        (
            "map",
            {
                "title": "I quartieri" if italian else "The neighbourhoods",
                "text": (
                    "Sei quartieri, ognuno con i suoi beni comuni e 50.000 euro da assegnare."
                    if italian
                    else "Six neighbourhoods, each with its common goods and 50,000 euros to award."
                ),
            },
        ),
        (
            "latest",
            {
                "title": "Storie" if italian else "Stories",
                "section": stories,
                "count": 3,
            },
        ),
        (
            "news",
            {"title": "In arrivo" if italian else "Coming up", "text": ""},
        ),
        (
            "delivered",
            {
                "title": "Fatto" if italian else "Done",
                "text": (
                    "Progetti votati e realizzati." if italian else "Projects voted and delivered."
                ),
            },
        ),
        (
            "latest",
            {
                "title": "Che cosa fanno altre città" if italian else "What other cities do",
                "section": experiences,
                "count": 3,
            },
        ),
    ]


def _address(view: str, language: str) -> str:
    """Return the address of a record view after the language, or nothing where it is not there."""
    if not view:
        return ""
    with translation.override(language):
        try:
            return reverse(view).removeprefix(f"/{language}")
        except NoReverseMatch:
            return ""
