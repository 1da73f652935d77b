"""How often a follow-up comes back, in the language of the page."""

from django.utils.translation import ngettext

from interactions.models import Series, Unit


def rhythm_words(series: Series) -> str:
    """`every 3 months`."""
    count = series.every
    words = {
        Unit.DAY: ngettext("every day", "every %(count)d days", count),
        Unit.WEEK: ngettext("every week", "every %(count)d weeks", count),
        Unit.MONTH: ngettext("every month", "every %(count)d months", count),
        Unit.YEAR: ngettext("every year", "every %(count)d years", count),
    }[Unit(series.unit)]
    return words % {"count": count} if "%(count)d" in words else words
