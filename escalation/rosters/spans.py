"""Arithmetic of stretches [from, to): lists of pairs, ascending, neither empty nor touching. Pure; sweep lines."""

from collections.abc import Iterable
from datetime import datetime

Span = tuple[datetime, datetime]


def union(spans: Iterable[Span]) -> list[Span]:
    """Return the same time as ascending spans that do not touch. O(n log n)."""
    merged: list[Span] = []
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((begin, end))
    return merged


def intersect(left: list[Span], right: list[Span]) -> list[Span]:
    """Return the time both cover. Both ascending; O(n + m)."""
    both, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        begin, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if begin < end:
            both.append((begin, end))
        if left[i][1] <= right[j][1]:
            i += 1
        else:
            j += 1
    return both


def subtract(whole: list[Span], taken: list[Span]) -> list[Span]:
    """Return the time of `whole` that `taken` leaves. Both ascending; O(n + m)."""
    left: list[Span] = []
    j = 0
    for begin, end in whole:
        while j < len(taken) and taken[j][1] <= begin:
            j += 1
        k = j
        while k < len(taken) and taken[k][0] < end:
            if begin < taken[k][0]:
                left.append((begin, taken[k][0]))
            begin = max(begin, taken[k][1])
            k += 1
        if begin < end:
            left.append((begin, end))
    return left


def clip(spans: Iterable[Span], begin: datetime, end: datetime) -> list[Span]:
    """Return what lies in [begin, end)."""
    cut = ((max(a, begin), min(b, end)) for a, b in spans)
    return [(a, b) for a, b in cut if a < b]
