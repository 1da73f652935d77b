"""Money: whole minor units in the database, Decimal with a currency at the edge."""

from decimal import Decimal

from django.utils.translation import get_language

# ISO 4217 currencies without a minor unit; all others of a retail bank have two digits.
WHOLE = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF", "XPF"})


def digits(currency: str) -> int:
    """How many digits `currency` has after the point: its minor unit is 10 ** -digits."""
    return 0 if currency in WHOLE else 2


def to_minor(amount: Decimal, currency: str) -> int:
    """`amount` in minor units of `currency`. Raises ValueError where it has more digits than the currency."""
    scaled = amount.scaleb(digits(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} has more digits than {currency}")
    return int(scaled)


def to_decimal(minor: int, currency: str) -> Decimal:
    """The amount of `minor` units of `currency`, with all its digits."""
    return Decimal(minor).scaleb(-digits(currency))


# (from how many units on, suffix): what people in banks say in either language.
_SHORT_ZH = ((10**8, "亿"), (10**4, "万"))
_SHORT_EN = ((10**9, "bn"), (10**6, "m"), (10**3, "k"))


def short_amount(minor: int, currency: str) -> str:
    """`minor` units of `currency` for where space is short, in the page's language: 52.3万, 1.2亿; 523k, 1.2m."""
    amount = to_decimal(minor, currency)
    scales = _SHORT_ZH if (get_language() or "").startswith("zh") else _SHORT_EN
    for scale, suffix in scales:
        if abs(amount) >= scale:
            text = f"{amount / scale:,.1f}"
            return f"{text.removesuffix('.0')}{suffix}"
    return f"{amount:,.0f}"
