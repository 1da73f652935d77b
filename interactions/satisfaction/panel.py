"""A customer's answers as the panel shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm.lib.charts import Spark, spark
from interactions.models import Survey
from interactions.satisfaction.scales import SCALES
from interactions.satisfaction.words import about_label, kind_short


@dataclass(frozen=True)
class Shown:
    """An answer with its scale. low: it opened a case."""

    survey: Survey
    most: int
    about: str
    kind: str
    low: bool


def shown(survey: Survey) -> Shown:
    scale = SCALES[survey.kind]
    return Shown(
        survey, scale.most, about_label(survey.about), kind_short(survey.kind), scale.is_low(survey.score or 0)
    )


def line_of(answers: Sequence[Survey]) -> Spark | None:
    """The answers from the oldest to the newest, each on its own scale from worst to best; None of fewer than three."""
    if len(answers) < 3:
        return None
    return spark([SCALES[one.kind].goodness(one.score or 0) for one in reversed(answers)])
