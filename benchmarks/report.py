"""Figures with their spread, the table, and the JSON beside it."""

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Spread:
    """Median, 10th, 90th and 95th percentile of some measurements."""

    p50: float
    p10: float
    p90: float
    p95: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        if len(values) == 1:
            return cls(*[values[0]] * 4)
        cuts = statistics.quantiles(values, n=20, method="inclusive")
        return cls(p50=cuts[9], p10=cuts[1], p90=cuts[17], p95=cuts[18])


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, the figure as people read it, what to reach, and whether it does."""

    benchmark: str
    figure: str
    reach: str
    ok: bool
    value: float
    spread: Spread | None = None


def at_least_share(benchmark: str, ratios: Sequence[float], denominator: int) -> Row:
    """A rate as a share of the floor's rate (`1/9.5`), to be at least 1/denominator."""
    spread = Spread.of(ratios)
    return Row(
        benchmark, f"1/{1 / spread.p50:.1f}", f"≥ 1/{denominator}", spread.p50 >= 1 / denominator, spread.p50, spread
    )


def at_most_times(benchmark: str, value: float, limit: float, spread: Spread | None = None) -> Row:
    """A time as a multiple of another, to be at most `limit`."""
    return Row(benchmark, f"{value:.2f} ×", f"≤ {limit:g} ×", value <= limit, value, spread)


def at_least_percent(benchmark: str, ratios: Sequence[float], percent: float) -> Row:
    """A rate as a percentage of another, to be at least `percent`."""
    spread = Spread.of(ratios)
    return Row(benchmark, f"{spread.p50:.1%}", f"≥ {percent:g}%", spread.p50 * 100 >= percent, spread.p50, spread)


def table(rows: Sequence[Row]) -> str:
    """`benchmark | figure | reach | ok`, aligned; a miss says `no`."""
    cells = [("benchmark", "figure", "reach", "ok")]
    cells += [(row.benchmark, row.figure, row.reach, "yes" if row.ok else "no") for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    return "\n".join([lines[0], "-+-".join("-" * width for width in widths), *lines[1:]])


def machine(postgres: str) -> dict[str, Any]:
    """What the figures were taken on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory / 2**30, 1),
        "python": platform.python_version(),
        "postgres": postgres,
    }


def write_json(path: Path, rows: Sequence[Row], facts: dict[str, Any]) -> None:
    """Everything of a run that the table leaves out: spreads, milliseconds, machine."""
    path.parent.mkdir(exist_ok=True)
    content = {**facts, "rows": [asdict(row) for row in rows]}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
