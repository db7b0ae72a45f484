"""What makes the site this city's: name, logo, colour, contacts, texts of header and footer."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from home.colours import SMALLEST_CONTRAST, contrast_with_white


@register_setting(icon="home", order=10)
class CitySettings(BaseSiteSetting):
    """Texts have a column per language (home/translation.py); the Italian one is the fallback."""

    city_name = models.CharField(
        _("name of the city"),
        max_length=120,
        default="Comune",
        help_text=_("As it stands in the header, for example “Comune di Fontelieta”."),
    )
    site_name = models.CharField(
        _("name of the site"),
        max_length=60,
        default="Rione",
        help_text=_("Short; it ends the title of every page."),
    )
    tagline = models.CharField(_("tagline"), max_length=160, blank=True)
    region_name = models.CharField(
        _("body above the city"),
        max_length=120,
        blank=True,
        help_text=_("Region or union of municipalities; it stands at the very top."),
    )
    region_url = models.URLField(_("its site"), blank=True)
    logo = models.ForeignKey(
        "home.RioneImage",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The coat of arms, on a transparent ground. Without it a drawn one is shown."),
    )
    primary_colour = models.CharField(
        _("main colour"),
        max_length=7,
        default="#0066cc",
        help_text=_("As # and six digits. White text on it must be readable."),
    )
    address = models.CharField(_("postal address"), max_length=200, blank=True)
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    certified_email = models.EmailField(_("certified e-mail (PEC)"), blank=True)
    vat_number = models.CharField(_("tax code / VAT number"), max_length=60, blank=True)
    accessibility_feedback_email = models.EmailField(
        _("address for accessibility problems"),
        blank=True,
        help_text=_("People write here when a page cannot be used. It stands in the footer."),
    )
    accessibility_statement_url = models.URLField(
        _("statement on form.agid.gov.it"),
        blank=True,
        help_text=_("Without it the footer links to this site's own statement."),
    )
    footer_text = models.TextField(_("text in the footer"), blank=True, max_length=500)

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("city_name_it"),
                FieldPanel("city_name_en"),
                FieldPanel("site_name"),
                FieldPanel("tagline_it"),
                FieldPanel("tagline_en"),
                FieldPanel("logo"),
                FieldPanel("primary_colour"),
                FieldPanel("region_name"),
                FieldPanel("region_url"),
            ],
            heading=_("The city"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("address"),
                FieldPanel("telephone"),
                FieldPanel("email"),
                FieldPanel("certified_email"),
                FieldPanel("vat_number"),
            ],
            heading=_("Contacts"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("accessibility_feedback_email"),
                FieldPanel("accessibility_statement_url"),
                FieldPanel("footer_text_it"),
                FieldPanel("footer_text_en"),
            ],
            heading=_("Footer"),
        ),
    ]

    class Meta:
        verbose_name = _("city")
        constraints = [
            models.CheckConstraint(
                name="home_citysettings_colour_is_hexadecimal",
                condition=models.Q(primary_colour__regex=r"^#[0-9a-fA-F]{6}$"),
            )
        ]

    def clean(self) -> None:
        super().clean()
        try:
            contrast = contrast_with_white(self.primary_colour)
        except ValueError:
            raise ValidationError(
                {"primary_colour": _("Write # and six digits, for example #0066cc.")}
            ) from None
        if contrast < SMALLEST_CONTRAST:
            raise ValidationError(
                {
                    "primary_colour": _(
                        "White text on this colour has a contrast of %(contrast).1f to 1: many "
                        "people could not read it. Choose a darker shade, of at least 4.5 to 1."
                    )
                    % {"contrast": contrast}
                }
            )
