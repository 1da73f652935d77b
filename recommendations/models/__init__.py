"""Needs, the rules that find them, products that answer them, and suggestions with their outcomes. Import from here."""

from recommendations.models.credit import CreditDecision, CreditRequest, Decided, GradeLimit, ScorecardBand
from recommendations.models.funnel import FunnelCount, StagedFunnelCount
from recommendations.models.investor import Civil, InvestorStanding
from recommendations.models.need import STANDING, CustomerNeed, Need, NeedSource, NeedState
from recommendations.models.product import RATED, Product, Regime
from recommendations.models.rule import Rule
from recommendations.models.suggestion import (
    LIVE,
    Answer,
    StagedSuggestion,
    Suggestion,
    SuggestionSource,
    SuggestionState,
)
from recommendations.models.weighing import PRIOR, RuleChance, RuleMonth, Weights

__all__ = [
    "LIVE",
    "PRIOR",
    "RATED",
    "STANDING",
    "Answer",
    "Civil",
    "CreditDecision",
    "CreditRequest",
    "CustomerNeed",
    "Decided",
    "FunnelCount",
    "GradeLimit",
    "InvestorStanding",
    "Need",
    "NeedSource",
    "NeedState",
    "Product",
    "Regime",
    "Rule",
    "RuleChance",
    "RuleMonth",
    "ScorecardBand",
    "StagedFunnelCount",
    "StagedSuggestion",
    "Suggestion",
    "SuggestionSource",
    "SuggestionState",
    "Weights",
]
