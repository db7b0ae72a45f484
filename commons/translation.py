"""Texts of records that the city writes in each language."""

from modeltranslation.translator import TranslationOptions, register

from .models import CommonGood, Neighbourhood


@register(Neighbourhood)
class NeighbourhoodTranslation(TranslationOptions):
    fields = ("summary", "description")


@register(CommonGood)
class CommonGoodTranslation(TranslationOptions):
    fields = ("summary", "description")
