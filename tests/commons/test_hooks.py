"""What other apps add to the pages of goods and neighbourhoods."""

import pytest
from django.utils.safestring import mark_safe

from commons import hooks


def test_a_section_belongs_to_a_place_that_the_page_has() -> None:
    assert hooks.PageSection(hooks.MORE, mark_safe("<p>")).slot == hooks.MORE
    with pytest.raises(ValueError, match="slot"):
        hooks.PageSection("below", mark_safe("<p>"))
