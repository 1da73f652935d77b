"""Complaints as cases: received, handled, answered within 15 days, ended with the customer; until then, sales wait.

Domain: contact policy (4). Days are calendar days from receipt; nobody handles a complaint about themselves.
"""

from interactions.complaints.ending import IN_PERSON, Confirmed, close, reopen
from interactions.complaints.handling import acknowledge, assign, classify, extend, note
from interactions.complaints.holding import holding, looks_after, on_hold
from interactions.complaints.receiving import open_from_survey, receive
from interactions.complaints.steps import AlreadyClosedError, NotClosedError, OwnComplaintError
from interactions.models import ANSWER_DAYS, EXTENDED_DAYS

__all__ = [
    "ANSWER_DAYS",
    "EXTENDED_DAYS",
    "IN_PERSON",
    "AlreadyClosedError",
    "Confirmed",
    "NotClosedError",
    "OwnComplaintError",
    "acknowledge",
    "assign",
    "classify",
    "close",
    "extend",
    "holding",
    "looks_after",
    "note",
    "on_hold",
    "open_from_survey",
    "receive",
    "reopen",
]
