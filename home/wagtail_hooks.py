"""What this app adds to the Wagtail admin, and to what is done regularly."""

from wagtail import hooks
from wagtail.rich_text.feature_registry import FeatureRegistry

from . import limits
from .rich_links import PageLinks
from .tick import HOOK as TICK

hooks.register(TICK, limits.prune)


@hooks.register("register_rich_text_features", order=10)  # after Wagtail's own
def links_to_pages(features: FeatureRegistry) -> None:
    """Let rich text find the addresses of pages in our way."""
    features.register_link_type(PageLinks)
