"""Needs, the rules that find them, products that answer them, and suggestions with their outcomes. Import from here."""

from recommendations.models.credit import CreditDecision, CreditRequest, Decided, GradeLimit, ScorecardBand
from recommendations.models.need import Need
from recommendations.models.product import RATED, Product, Regime
from recommendations.models.rule import Rule
from recommendations.models.suggestion import LIVE, Answer, StagedSuggestion, Suggestion, SuggestionState

__all__ = [
    "LIVE",
    "RATED",
    "Answer",
    "CreditDecision",
    "CreditRequest",
    "Decided",
    "GradeLimit",
    "Need",
    "Product",
    "Regime",
    "Rule",
    "ScorecardBand",
    "StagedSuggestion",
    "Suggestion",
    "SuggestionState",
]
