"""The pages and panels of customers, by what they show; addresses are in customers/urls.py."""

from customers.views import cases, duplicates, money, people, warnings

__all__ = ["cases", "duplicates", "money", "people", "warnings"]
from customers.views import family, life, lists

__all__ = ["cases", "family", "life", "lists", "money", "people", "warnings"]
