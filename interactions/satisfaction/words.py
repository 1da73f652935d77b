"""The words of surveys: the question as the customer reads it, the scale's ends, why somebody is not asked."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from interactions.models import Survey, SurveyAbout, SurveyKind
from interactions.satisfaction.sampling import Drawn, Wait
from interactions.satisfaction.scales import SCALES


class SurveyTopic(models.TextChoices):
    """The word for a refusal of surveys, among those of topics (settings.TOPIC_WORDS)."""

    SURVEY = "survey", gettext_lazy("questions about satisfaction")


def question(survey: Survey) -> str:
    """What the customer is asked; nothing about them stands in it."""
    if survey.kind == SurveyKind.NPS:
        return _("How likely are you to recommend us to a friend or colleague?")
    if survey.kind == SurveyKind.CES:
        if survey.about == SurveyAbout.COMPLAINT:
            return _("How much effort did it take you to have your complaint settled?")
        return _("How much effort did it take you to have your matter settled?")
    if survey.about == SurveyAbout.VISIT:
        return _("How satisfied were you with your last visit?")
    if survey.about == SurveyAbout.CALL:
        return _("How satisfied were you with our last call?")
    return _("How satisfied are you with us?")


def ends(kind: str) -> tuple[str, str]:
    """What the first and the last number of the scale mean."""
    if kind == SurveyKind.NPS:
        return _("not at all"), _("very likely")
    if kind == SurveyKind.CES:
        return _("very easy"), _("very hard")
    return _("very dissatisfied"), _("very satisfied")


def case_text(survey: Survey) -> str:
    """What the case says of the answer, and the customer's own words."""
    said = _("%(question)s Answer by survey link: %(score)d of %(most)d.") % {
        "question": question(survey), "score": survey.score, "most": SCALES[survey.kind].most,
    }  # fmt: skip
    return f"{said}\n{survey.text}" if survey.text else said


def why_not(wait: Wait) -> str:
    """Why the customer is not asked now, as a manager may read it."""
    return {
        Wait.RESTRICTED: _("These data are only stored: nobody is asked."),
        Wait.REFUSED: _("Does not wish to be asked."),
        Wait.ASKED: _("Was asked already: at most once in %(days)d days.") % {"days": settings.SURVEY_REST_DAYS},
        Wait.COMPLAINT: _("A complaint is open: nobody is asked meanwhile."),
        Wait.BEREAVEMENT: _("The family mourns: nobody is asked meanwhile."),
    }[wait]


def drawn_words(drawn: Drawn) -> str:
    """Why the contact was drawn or not."""
    facts = {"mark": f"{drawn.mark:.2f}", "percent": drawn.percent}
    if drawn.chosen:
        return _("drawn: its number %(mark)s is below %(percent)d") % facts
    return _("not drawn: its number %(mark)s is not below %(percent)d") % facts


def about_label(about: str) -> str:
    return str(SurveyAbout(about).label)


def kind_short(kind: str) -> str:
    return {"csat": _("satisfaction"), "nps": _("recommendation"), "ces": pgettext("survey", "effort")}[kind]
