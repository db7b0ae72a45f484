"""What the budget registers with Wagtail."""

from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest
from django.urls import include, path, reverse, reverse_lazy
from django.urls.resolvers import URLResolver
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail_modeladmin.options import modeladmin_register

from home.demonstration import HOOK as DEMONSTRATION
from home.hooks import NavigationItem
from home.searching import SearchSource
from home.tick import HOOK as TICK

from . import (
    checkpoints,
    closing,
    counting,
    counting_runs,
    demonstration,
    home_section,
    past_rounds,
    result_sections,
    searching,
)
from .admin.base import may_see_rounds
from .admin.deliveries import DeliveryAdmin
from .admin.home_panel import add_rounds
from .joint_acts import Role
from .simulator import demonstration as council_examples
from .simulator import running
from .sitemaps import (
    DeliverySitemap,
    GuideSitemap,
    ProjectSitemap,
    ResultSitemap,
    RoundSitemap,
)

hooks.register("construct_homepage_panels", add_rounds)

# A vote is closed before its closing checkpoint is due.
hooks.register(TICK, closing.close_due_rounds, order=10)
hooks.register(TICK, checkpoints.make_due_checkpoints, order=20)
hooks.register(TICK, running.settle, order=90)
hooks.register(TICK, counting_runs.settle, order=90)
hooks.register(TICK, counting.resume_telling, order=95)

# Before the round in preparation, which is the latest one and so the one on the home page.
hooks.register(DEMONSTRATION, past_rounds.load_round_to_publish, order=25)
hooks.register(DEMONSTRATION, demonstration.load, order=30)
hooks.register(DEMONSTRATION, past_rounds.load, order=40)
hooks.register(DEMONSTRATION, council_examples.load, order=45)

hooks.register("rione_home_sections", home_section.today_section)
hooks.register("rione_home_sections", result_sections.latest_result)
hooks.register("rione_home_sections", result_sections.works)
hooks.register("rione_neighbourhood_sections", home_section.neighbourhood_section)


class RoundsMenuItem(MenuItem):
    """A menu item for coordinators and guarantors."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_rounds(request.user)


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLResolver]:
    """Put the rounds below /admin/rounds/, the simulator below /admin/simulations/."""
    # By name: its forms need the columns of each language, which exist once all apps are ready.
    return [
        path("rounds/", include("budgeting.admin.urls")),
        path("simulations/", include("budgeting.admin.simulation_urls")),
    ]


@hooks.register("register_admin_menu_item")
def register_rounds_menu_item() -> MenuItem:
    """Lead to the rounds."""
    return RoundsMenuItem(
        _("Rounds"),
        reverse_lazy("rounds_admin:rounds"),
        name="rounds",
        icon_name="clipboard-list",
        order=150,
    )


@hooks.register("register_admin_menu_item")
def register_acts_menu_item() -> MenuItem:
    """Lead to what needs a signature."""
    return RoundsMenuItem(
        _("Signatures"),
        reverse_lazy("rounds_admin:acts"),
        name="signatures",
        icon_name="edit",
        order=151,
    )


class SimulatorMenuItem(MenuItem):
    """A menu item for coordinators."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(Role.COORDINATOR))


@hooks.register("register_admin_menu_item")
def register_simulator_menu_item() -> MenuItem:
    """Lead to the simulator."""
    return SimulatorMenuItem(
        _("Simulator"),
        reverse_lazy("simulations_admin:simulations"),
        name="simulator",
        icon_name="sliders",
        order=152,
    )


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Name the acts that the log tells of."""
    actions.register_action("budgeting.round.set", _("Change a round"), _("Round changed"))
    actions.register_action("budgeting.scope.set", _("Change contests"), _("Contests changed"))
    actions.register_action("budgeting.criteria.set", _("Change criteria"), _("Criteria changed"))
    actions.register_action("budgeting.phases.set", _("Change dates"), _("Dates changed"))
    actions.register_action("budgeting.project.set", _("Change a project"), _("Project changed"))
    actions.register_action(
        "budgeting.projects.imported", _("Import projects"), _("Projects imported")
    )
    actions.register_action("budgeting.hold.placed", _("Place a hold"), _("Hold placed"))
    actions.register_action("budgeting.hold.lifted", _("Lift a hold"), _("Hold lifted"))
    actions.register_action(
        "budgeting.count.asked", _("Have a round counted"), _("Count asked for")
    )
    actions.register_action("budgeting.act.requested", _("Ask for an act"), _("Act asked for"))
    actions.register_action("budgeting.act.confirmed", _("Confirm an act"), _("Act confirmed"))
    actions.register_action("budgeting.act.refused", _("Refuse an act"), _("Act refused"))
    for action, label, done in (
        ("changed", _("Change a simulation"), _("Simulation changed")),
        ("run", _("Run a simulation"), _("Simulation run")),
        ("stopped", _("Stop a simulation"), _("Simulation stopped")),
        ("shown", _("Show a simulation"), _("Simulation shown on the site")),
        ("hidden", _("Hide a simulation"), _("Simulation taken off the site")),
    ):
        actions.register_action(f"budgeting.simulation.{action}", label, done)


@hooks.register("rione_navigation_items")
def navigation_items() -> list[NavigationItem]:
    """Offer the rounds for the main navigation."""
    return [NavigationItem(gettext("Participatory budget"), reverse("budgeting:rounds"), order=10)]


@hooks.register("rione_search_sources", order=10)
def rounds_source() -> SearchSource:
    """Let the search find rounds."""
    return searching.ROUNDS


@hooks.register("rione_search_sources", order=11)
def projects_source() -> SearchSource:
    """Let the search find projects."""
    return searching.PROJECTS


@hooks.register("rione_search_sources", order=12)
def guides_source() -> SearchSource:
    """Let the search find the page that compares award rules."""
    return searching.GUIDES


@hooks.register("rione_sitemap")
def sitemap() -> dict[str, type[Sitemap]]:
    """Offer the public pages of rounds for sitemap.xml."""
    return {
        "rounds": RoundSitemap,
        "projects": ProjectSitemap,
        "guides": GuideSitemap,
        "results": ResultSitemap,
        "works": DeliverySitemap,
    }


modeladmin_register(DeliveryAdmin)
