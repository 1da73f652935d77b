"""A filter of the customer list: who is about to leave, who stayed, who was lost."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers import list_filter
from interactions.keeping.episodes import ENDED_DAYS
from interactions.models import ChurnEpisode, EpisodeState


def register() -> None:
    """Add it to the list; once, as the program starts."""
    list_filter.register(list_filter.Extra("keeping", _field, _condition))


def _field() -> forms.Field:
    return forms.ChoiceField(label=_("To keep"), required=False, choices=[list_filter.ANY, *EpisodeState.choices])


def _condition(value: Any, day: date) -> Q:
    found = ChurnEpisode.objects.filter(state=value)
    if value != EpisodeState.OPEN:
        found = found.filter(ended_on__gt=day - ENDED_DAYS)
    return Q(pk__in=found.values("customer"))
