"""How well an order of chances tells welcome from unwelcome. Pure."""

from collections.abc import Sequence


def auc(chances: Sequence[float], welcome: Sequence[bool]) -> float | None:
    """The area under the ROC curve: how often a welcome one is ranked before an unwelcome one, ties counting half.

    None where there are not both kinds. (Mann and Whitney 1947, by mean ranks.)
    """
    good = sum(welcome)
    bad = len(welcome) - good
    if not good or not bad:
        return None
    ranks = sum(rank for rank, is_good in zip(_mean_ranks(chances), welcome, strict=True) if is_good)
    return (ranks - good * (good + 1) / 2) / (good * bad)


def _mean_ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in order[start:end]:
            ranks[place] = (start + 1 + end) / 2
        start = end
    return ranks


def alift(chances: Sequence[float], welcome: Sequence[bool]) -> float | None:
    """The area under the cumulative lift curve: the mean share of all welcome ones reached, over the shares contacted.

    0.5 is calling in any order. (Moro, Cortez and Rita, A data-driven approach to predict the success of bank
    telemarketing, 2014.) Of equal chances each counts like their mean. None where nothing was welcome.
    """
    good = sum(welcome)
    if not good:
        return None
    ranks = _mean_ranks([-chance for chance in chances])
    size = len(welcome)
    # Reached at place r, a welcome one is counted by every share contacted from r on.
    return sum((size - rank + 0.5) / size for rank, is_good in zip(ranks, welcome, strict=True) if is_good) / good
