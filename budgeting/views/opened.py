"""What all pages of a published result begin with: which count, where it is, the way to it."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from home.addresses import home_crumb

from ..models import Count, Round
from ..result_pages import ContestResult, address, published_counts

Trail = list[tuple[str, str | None]]


@dataclass(frozen=True)
class Opened:
    """A published result: one contest's, and whether its round has others."""

    found: ContestResult
    has_others: bool

    @property
    def url(self) -> str:
        """The address of the result's own page."""
        if self.has_others:
            return address(self.found.count)
        return round_result_address(self.found.round)

    def trail(self, *last: tuple[str, str | None]) -> Trail:
        """List where the reader is: home, round, result, contest, and `last`."""
        found = self.found
        steps = round_trail(found.round)
        if self.has_others:
            steps.append((str(found.contest), address(found.count)))
        return [*steps, *last]


def published_or_404(slug: str) -> list[Count]:
    """Return the published counts of a public round; Http404 without any."""
    counts = published_counts(slug)
    if not counts:
        raise Http404
    return counts


def open_result(slug: str, contest: str) -> Opened:
    """Return the published result of a contest; Http404 where there is none."""
    counts = published_or_404(slug)
    count = next((count for count in counts if count.contest.slug == contest), None)
    if count is None:
        raise Http404
    return Opened(ContestResult(count), len(counts) > 1)


def open_explained(slug: str, contest: str) -> Opened:
    """Return a result that may be explained; Http404 where only the totals are public."""
    opened = open_result(slug, contest)
    if opened.found.publishes_totals_only:
        raise Http404
    return opened


def round_result_address(round_: Round) -> str:
    """Return the address of the result of a whole round."""
    return reverse("budgeting:result", kwargs={"slug": round_.slug})


def to_round(round_: Round) -> Trail:
    """List what stands above the pages of a round: home, rounds, round."""
    return [
        home_crumb(),
        (_("Participatory budget"), reverse("budgeting:rounds")),
        (str(round_), round_.get_absolute_url()),
    ]


def round_trail(round_: Round) -> Trail:
    """List where the reader of a round's result is: home, rounds, round, result."""
    return [*to_round(round_), (_("Result"), round_result_address(round_))]
