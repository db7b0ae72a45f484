"""The territory in the Wagtail admin: snippets, with their own permissions and log."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from .forms import NeighbourhoodForm
from .models import CommonGood, Neighbourhood

# The form class goes on the handler of all panels: the boundary may come from a file.
NEIGHBOURHOOD_PANELS = ObjectList(
    [
        FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
        FieldPanel("alternative_names"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("inhabitants"), FieldPanel("position")]),
        FieldPanel("image"),
        MultiFieldPanel(
            [FieldPanel("summary_it"), FieldPanel("description_it")], heading=_("In Italian")
        ),
        MultiFieldPanel(
            [FieldPanel("summary_en"), FieldPanel("description_en")], heading=_("In English")
        ),
        MultiFieldPanel(
            [FieldPanel("boundary_file"), FieldPanel("boundary"), FieldPanel("neighbours")],
            heading=_("On the map"),
        ),
    ],
    base_form_class=NeighbourhoodForm,
)

GOOD_PANELS = ObjectList(
    [
        FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
        FieldRowPanel([FieldPanel("neighbourhood"), FieldPanel("state")]),
        FieldPanel("image"),
        MultiFieldPanel(
            [FieldPanel("summary_it"), FieldPanel("description_it")], heading=_("In Italian")
        ),
        MultiFieldPanel(
            [FieldPanel("summary_en"), FieldPanel("description_en")], heading=_("In English")
        ),
        MultiFieldPanel(
            [
                FieldPanel("place"),
                FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
            ],
            heading=_("On the map"),
        ),
    ]
)


class NeighbourhoodViewSet(SnippetViewSet):
    """Neighbourhoods: list, add, edit; deleting stops while goods or projects point to one."""

    model = Neighbourhood
    icon = "site"
    menu_label = _("Neighbourhoods")
    list_display = ["name", "kind", "inhabitants", "position"]
    list_filter = ["kind"]
    search_fields = ["name"]
    search_backend_name = None
    ordering = ["position", "name"]
    list_per_page = 50
    edit_handler = NEIGHBOURHOOD_PANELS


class CommonGoodViewSet(SnippetViewSet):
    """Common goods: list by neighbourhood and state, add, edit."""

    model = CommonGood
    icon = "home"
    menu_label = _("Common goods")
    list_display = ["name", "neighbourhood", "state", "place"]
    list_filter = ["neighbourhood", "state"]
    search_fields = ["name", "place"]
    search_backend_name = None
    ordering = ["name", "pk"]
    list_per_page = 50
    edit_handler = GOOD_PANELS


class TerritoryGroup(SnippetViewSetGroup):
    """Both under one entry of the admin's menu."""

    items = (NeighbourhoodViewSet, CommonGoodViewSet)
    menu_label = _("Territory")
    menu_icon = "site"
    menu_order = 250
