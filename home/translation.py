"""Texts of the city's settings in each language."""

from modeltranslation.translator import TranslationOptions, register

from .models.city import CitySettings


@register(CitySettings)
class CitySettingsTranslation(TranslationOptions):
    fields = ("city_name", "tagline", "footer_text")
    required_languages = ("it",)
