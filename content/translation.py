"""Which fields are translated. Working copies only: the public site reads revisions.

`fallback_languages` stays empty everywhere: a missing translation is missing, and one function
(publishing.live.choose) decides what readers see instead.
"""

from modeltranslation.translator import TranslationOptions, register

from content import models


@register(models.Page)
class PageOptions(TranslationOptions):
    fields = ("title", "summary")


@register(models.Section)
class SectionOptions(TranslationOptions):
    fields = ("heading", "body")


@register(models.Situation)
class SituationOptions(TranslationOptions):
    fields = ("title", "lead", "body")


@register(models.GuideStep)
class GuideStepOptions(TranslationOptions):
    fields = ("title", "note")


@register(models.Scenario)
class ScenarioOptions(TranslationOptions):
    fields = ("situation", "answer", "reason")


@register(models.Term)
class TermOptions(TranslationOptions):
    fields = ("term", "instead", "reason")


@register(models.Figure)
class FigureOptions(TranslationOptions):
    fields = ("statement", "caution", "place")


@register(models.Platform)
class PlatformOptions(TranslationOptions):
    fields = ("in_app", "note")


@register(models.Phrase)
class PhraseOptions(TranslationOptions):
    fields = ("words", "hint")


@register(models.Contact)
class ContactOptions(TranslationOptions):
    fields = ("remark",)
