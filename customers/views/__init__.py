"""The pages and panels of customers, by what they show; addresses are in customers/urls.py."""

from customers.views import cases, duplicates, family, life, lists, money, people, portrait, records, uploads, warnings

__all__ = [
    "cases",
    "duplicates",
    "family",
    "life",
    "lists",
    "money",
    "people",
    "portrait",
    "records",
    "uploads",
    "warnings",
]
