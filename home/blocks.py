"""The pieces editors put pages together from; each has its template in templates/home/blocks/."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from home.gathering import MOST_NEWEST, PageChooser, PictureChooser
from home.languages import active_language

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]
ICONS = [
    ("it-pencil", _("pencil")),
    ("it-card", _("card")),
    ("it-chart-line", _("chart")),
    ("it-comment", _("comment")),
    ("it-map-marker", _("place")),
    ("it-calendar", _("calendar")),
    ("it-user", _("person")),
    ("it-star-outline", _("star")),
    ("it-tool", _("tool")),
    ("it-info-circle", _("information")),
]


class LinkValue(blocks.StructValue):
    """A link that knows where it leads."""

    @property
    def url(self) -> str:
        """Return the address in the reader's language; empty when the page is gone or hidden."""
        page = self.get("page")
        if page:
            return page.get_url() or "" if page.live else ""
        address = self.get("address") or ""
        if address.startswith("/") and not address.startswith("//"):
            return f"/{active_language()}{address}"
        return address


class LinkBlock(blocks.StructBlock):
    """A link to a page of the site or to an address, with its text."""

    label = blocks.CharBlock(label=_("text"), max_length=120)
    page = PageChooser(label=_("page"), required=False)
    address = blocks.CharBlock(
        label=_("or address"),
        required=False,
        help_text=_(
            "Begins with https:// or, for a part of this site, with the word after the language: "
            "“/bilanci/” leads to /it/bilanci/ or /en/bilanci/."
        ),
    )

    class Meta:
        icon = "link"
        label = _("link")
        value_class = LinkValue
        template = "home/blocks/link.html"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        address = cleaned["address"]
        if bool(cleaned["page"]) == bool(address):
            raise blocks.StructBlockValidationError(
                {"page": ValidationError(_("Choose a page or write an address: one of the two."))}
            )
        if address and not address.startswith(("https://", "http://", "/", "mailto:")):
            raise blocks.StructBlockValidationError(
                {"address": ValidationError(_("An address begins with https:// or with /."))}
            )
        return cleaned


class PictureBlock(blocks.StructBlock):
    """A picture of the library, which brings its alternative text."""

    image = PictureChooser(label=_("picture"))
    caption = blocks.CharBlock(label=_("caption"), required=False, max_length=250)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "home/blocks/picture.html"


class QuoteBlock(blocks.StructBlock):
    """Somebody's words."""

    text = blocks.TextBlock(label=_("words"))
    author = blocks.CharBlock(label=_("who said them"), required=False, max_length=160)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "home/blocks/quote.html"


class AccordionBlock(blocks.StructBlock):
    """Questions that open one by one."""

    items = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(label=_("title"), max_length=160)),
                ("text", blocks.RichTextBlock(label=_("text"), features=TEXT_FEATURES)),
            ]
        ),
        label=_("items"),
        min_num=1,
    )

    class Meta:
        icon = "list-ul"
        label = _("Accordion")
        template = "home/blocks/accordion.html"


class LinksBlock(blocks.StructBlock):
    """A list of links under a title."""

    title = blocks.CharBlock(label=_("title"), required=False, max_length=160)
    links = blocks.ListBlock(LinkBlock(), label=_("links"), min_num=1)

    class Meta:
        icon = "link"
        label = _("Links")
        template = "home/blocks/links.html"


class TableBlock(blocks.StructBlock):
    """A table with a caption; every row has as many cells as there are headings."""

    caption = blocks.CharBlock(
        label=_("caption"), max_length=200, help_text=_("What the table says, in a sentence.")
    )
    headings = blocks.ListBlock(
        blocks.CharBlock(label=_("heading"), max_length=120), label=_("headings"), min_num=2
    )
    rows = blocks.ListBlock(
        blocks.StructBlock(
            [
                (
                    "cells",
                    blocks.ListBlock(
                        blocks.CharBlock(label=_("cell"), max_length=300, required=False),
                        label=_("cells"),
                        min_num=2,
                    ),
                )
            ],
            label=_("row"),
        ),
        label=_("rows"),
        min_num=1,
    )

    class Meta:
        icon = "table"
        label = _("Table")
        template = "home/blocks/table.html"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        width = len(cleaned["headings"])
        wrong = [
            str(number)
            for number, row in enumerate(cleaned["rows"], start=1)
            if len(row["cells"]) != width
        ]
        if wrong:
            raise blocks.StructBlockValidationError(
                {
                    "rows": ValidationError(
                        _(
                            "There are %(width)s headings: give as many cells to each row. Look at "
                            "row %(rows)s."
                        ),
                        params={"width": width, "rows": ", ".join(wrong)},
                    )
                }
            )
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["rows"] = [list(row["cells"]) for row in value["rows"]]
        return context


class DownloadBlock(blocks.StructBlock):
    """A document to download, with its kind and weight."""

    document = DocumentChooserBlock(label=_("document"))
    title = blocks.CharBlock(label=_("title"), required=False, max_length=200)

    class Meta:
        icon = "download"
        label = _("Download")
        template = "home/blocks/download.html"


class ReadingBlocks(blocks.StreamBlock):
    """The body of a page to read."""

    text = blocks.RichTextBlock(
        label=_("Text"), features=TEXT_FEATURES, template="home/blocks/text.html", icon="pilcrow"
    )
    picture = PictureBlock()
    quote = QuoteBlock()
    accordion = AccordionBlock()
    links = LinksBlock()
    table = TableBlock()
    download = DownloadBlock()


class HeroBlock(blocks.StructBlock):
    """The first screen: what can be done today, from the rounds; until then, these words."""

    title = blocks.CharBlock(label=_("title"), max_length=120)
    text = blocks.TextBlock(label=_("text"), max_length=400)
    image = PictureChooser(label=_("picture"), required=False)
    link = LinkBlock(
        label=_("button"),
        required=False,
        help_text=_("Shown when no round has something to do today."),
    )

    class Meta:
        icon = "home"
        label = _("What can be done today")
        template = "home/blocks/hero.html"


class WaysBlock(blocks.StructBlock):
    """Ways to take part, each with a drawing, a sentence and a link."""

    title = blocks.CharBlock(label=_("title"), max_length=120)
    ways = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("icon", blocks.ChoiceBlock(label=_("drawing"), choices=ICONS)),
                ("title", blocks.CharBlock(label=_("title"), max_length=80)),
                ("text", blocks.TextBlock(label=_("text"), max_length=300)),
                ("link", LinkBlock(label=_("link"))),
            ]
        ),
        label=_("ways"),
        min_num=1,
        max_num=6,
    )

    class Meta:
        icon = "group"
        label = _("Ways to take part")
        template = "home/blocks/ways.html"


class SlotBlock(blocks.StructBlock):
    """A place that the participation apps fill; nothing is shown while it is empty."""

    title = blocks.CharBlock(label=_("title"), max_length=120)
    text = blocks.TextBlock(label=_("text"), required=False, max_length=400)
    slot = ""

    def __init__(self, *arguments: Any, slot: str = "", **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.slot = slot

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        sections = (parent_context or {}).get("sections", {})
        context["offered"] = sections.get(self.slot, [])
        return context

    class Meta:
        icon = "placeholder"
        template = "home/blocks/slot.html"


class MapBlock(SlotBlock):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"slot": "map", **options})

    class Meta:
        icon = "site"
        label = _("Map of the neighbourhoods")


class DeliveredBlock(SlotBlock):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"slot": "delivered", **options})

    class Meta:
        icon = "tick"
        label = _("Delivered projects")


class NewsBlock(SlotBlock):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"slot": "news", **options})

    class Meta:
        icon = "calendar"
        label = _("Coming up")


class LatestPagesBlock(blocks.StructBlock):
    """The newest pages of a section, for example its stories."""

    title = blocks.CharBlock(label=_("title"), max_length=120)
    section = PageChooser(label=_("section"), page_type="home.SectionPage")
    count = blocks.IntegerBlock(label=_("how many"), default=3, min_value=1, max_value=MOST_NEWEST)

    class Meta:
        icon = "doc-full"
        label = _("Latest pages of a section")
        template = "home/blocks/latest.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        section = value.get("section")
        context["section"] = section
        context["pages"] = section.newest(value["count"]) if section else []
        return context


class HomeBlocks(blocks.StreamBlock):
    """The parts of the home page, in the order the city wants."""

    hero = HeroBlock(group=_("Filled by the rounds"))
    ways = WaysBlock()
    map = MapBlock(group=_("Filled by the rounds"))
    latest = LatestPagesBlock()
    news = NewsBlock(group=_("Filled by the rounds"))
    delivered = DeliveredBlock(group=_("Filled by the rounds"))
    text = blocks.RichTextBlock(
        label=_("Text"), features=TEXT_FEATURES, template="home/blocks/text_section.html"
    )

    class Meta:
        block_counts = {"hero": {"max_num": 1}, "map": {"max_num": 1}}
