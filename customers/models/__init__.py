"""Who the customers are. One module a noun; import from here."""

from customers.models.access import LookUp, Share, WalkIn, WalkInReason
from customers.models.account import Account, AccountParty, PartyRole
from customers.models.consent import Consent, ConsentPurpose, LegalBasis, Means, PrivacyNotice
from customers.models.customer import (
    Channel,
    Customer,
    Education,
    Gender,
    IdKind,
    IncomeBand,
    Marital,
    Status,
)
from customers.models.staging import BatchState, ImportBatch, StagedRow

__all__ = [
    "Account",
    "AccountParty",
    "BatchState",
    "Channel",
    "Consent",
    "ConsentPurpose",
    "Customer",
    "Education",
    "Gender",
    "IdKind",
    "ImportBatch",
    "IncomeBand",
    "LegalBasis",
    "LookUp",
    "Marital",
    "Means",
    "PartyRole",
    "PrivacyNotice",
    "Share",
    "StagedRow",
    "Status",
    "WalkIn",
    "WalkInReason",
]
