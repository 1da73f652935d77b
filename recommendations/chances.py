"""How likely a rule is welcome in a segment, as outcomes have taught it, and the bank's weights."""

from recommendations.arbitration import Chances, Weight
from recommendations.models import PRIOR, RuleChance, Weights


def chances() -> Chances:
    """(rule, segment; None: everywhere) -> chance of all that is known, lowered by the share of those it annoys.

    What annoys weighs twice: who was annoyed did not welcome it either.
    """
    return {
        (rule, segment): chance * (1 - annoyance)
        for rule, segment, chance, annoyance in RuleChance.objects.values_list("rule", "segment", "chance", "annoyance")
    }


def chance_of(known: Chances, rule: int, segment: int | None) -> float:
    """The chance in the segment, else everywhere, else the prior."""
    everywhere = known.get((rule, None), PRIOR)
    return known.get((rule, segment), everywhere) if segment is not None else everywhere


def welcome_chance(rule: int, segment: int | None) -> float:
    """The same for one rule and segment (ids)."""
    return chance_of(chances(), rule, segment)


def weight() -> Weight:
    """The bank's weights."""
    row = Weights.objects.first()
    return Weight(row.benefit, row.chance, row.value) if row is not None else Weight()
