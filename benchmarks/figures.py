"""Arithmetic of measuring: medians, percentiles, and alternatives that are measured in turn."""

import math
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)
Result = TypeVar("Result")

__all__ = ["at", "interleaved", "interpolated", "median", "ms", "percentile"]


def percentile(values: Sequence[float], percent: float) -> float:
    """Nearest rank: a value that was seen. With few values, p95 is the largest."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(percent / 100 * len(ranked)) - 1)]


def interleaved(
    alternatives: Mapping[Name, Callable[[], Result]], *, rounds: int, budget_s: float
) -> dict[Name, list[Result]]:
    """Each alternative once a round, so that a slow moment of the machine falls on all of them.

    Every other round goes backwards. At least one round; no further one is begun that would pass the budget.
    """
    results: dict[Name, list[Result]] = {name: [] for name in alternatives}
    began = time.monotonic()
    for number in range(rounds):
        names = list(alternatives)
        for name in names if number % 2 == 0 else names[::-1]:
            results[name].append(alternatives[name]())
        if (time.monotonic() - began) * (number + 2) / (number + 1) > budget_s:
            break
    return results


def interpolated(points: Sequence[tuple[float, float]], x: float) -> float:
    """y at x on the line through the two points around it, or through the nearest two when x lies outside."""
    ranked = sorted(points)
    pairs = list(pairwise(ranked))
    (x0, y0), (x1, y1) = next((pair for pair in pairs if x <= pair[1][0]), pairs[-1])
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


def at(points: Sequence[tuple[float, float]], x: float) -> str:
    """A mark for a value that had to be extrapolated."""
    return "" if min(points)[0] <= x <= max(points)[0] else " (extrapolated)"


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}" if seconds < 0.1 else f"{seconds * 1000:.0f}"
