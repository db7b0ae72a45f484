"""Texts of records that the city writes in each language."""

from modeltranslation.translator import TranslationOptions, register

from .models import (
    Contest,
    Criterion,
    Delivery,
    DeliveryPhoto,
    Expense,
    Hold,
    Milestone,
    Override,
    Project,
    Round,
    Scope,
)


@register(Round)
class RoundTranslation(TranslationOptions):
    fields = ("name", "summary", "who_may_propose", "who_may_vote", "tie_procedure")


@register(Scope)
class ScopeTranslation(TranslationOptions):
    fields = ("name",)


@register(Contest)
class ContestTranslation(TranslationOptions):
    fields = ("name",)


@register(Criterion)
class CriterionTranslation(TranslationOptions):
    fields = ("question", "help_text")


@register(Hold)
class HoldTranslation(TranslationOptions):
    fields = ("reason",)


@register(Project)
class ProjectTranslation(TranslationOptions):
    fields = ("title", "description", "categories")


@register(Delivery)
class DeliveryTranslation(TranslationOptions):
    fields = ("note",)


@register(Milestone)
class MilestoneTranslation(TranslationOptions):
    fields = ("title", "delay_reason")


@register(Expense)
class ExpenseTranslation(TranslationOptions):
    fields = ("purpose",)


@register(DeliveryPhoto)
class DeliveryPhotoTranslation(TranslationOptions):
    fields = ("caption",)


@register(Override)
class OverrideTranslation(TranslationOptions):
    fields = ("payer", "reason")
