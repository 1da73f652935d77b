"""Money: whole minor units in the database, Decimal with a currency at the edge."""

from decimal import Decimal

# ISO 4217 currencies without a minor unit; all others of a retail bank have two digits.
_WHOLE = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF", "XPF"})


def digits(currency: str) -> int:
    """How many digits `currency` has after the point: its minor unit is 10 ** -digits."""
    return 0 if currency in _WHOLE else 2


def to_minor(amount: Decimal, currency: str) -> int:
    """`amount` in minor units of `currency`. Raises ValueError where it has more digits than the currency."""
    scaled = amount.scaleb(digits(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} has more digits than {currency}")
    return int(scaled)


def to_decimal(minor: int, currency: str) -> Decimal:
    """The amount of `minor` units of `currency`, with all its digits."""
    return Decimal(minor).scaleb(-digits(currency))
