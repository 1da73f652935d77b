"""Which measure each part of a score rests on, and how many points it can give."""

from dataclasses import asdict

from crm.dashboards.formulas import USUAL, Weights
from crm.dashboards.models import Measured, ScorePart, ScoreWeights

MEASURES: dict[str, Measured] = {
    ScorePart.SATISFACTION: Measured.CSAT,
    ScorePart.FOLLOW_UP: Measured.ON_TIME,
    ScorePart.ACTIVITY: Measured.ACTIVE,
    ScorePart.CARE: Measured.CARED,
    ScorePart.BUSINESS: Measured.PRODUCTS,
}


def in_force() -> Weights:
    """The newest weights an admin has set; before the first, the usual ones."""
    found = ScoreWeights.objects.order_by("-at", "-pk").values(*asdict(USUAL)).first()
    return Weights(**found) if found else USUAL
