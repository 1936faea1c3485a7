"""A complaint's history as the clock reads it: who held it, as what, and whether the clock ran."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Entry:
    """How things stand from `time` (aware) until the next entry."""

    time: datetime
    holder: str
    """Code of the agency that has it."""
    category: str
    running: bool = True
    """False: it waits for somebody else than the holder, or has ended."""
    answered: bool = False
    """Whoever held it until this entry gave the first response here."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One piece of time in which an agency held the complaint and the clock ran; `end` None: it still does."""

    holder: str
    category: str
    start: datetime
    end: datetime | None


def in_order(history: Sequence[Entry]) -> list[Entry]:
    """With times that never run backwards: of two machines' clocks the later reading counts.

    Raises:
        ValueError: no entry at all.
    """
    if not history:
        raise ValueError("a history begins with the opening")
    ordered = [history[0]]
    for entry in history[1:]:
        ordered.append(replace(entry, time=max(entry.time, ordered[-1].time)))
    return ordered


def stretches(history: Sequence[Entry]) -> Iterator[Stretch]:
    """Of all holders, in order; needs a history in order."""
    ends = [entry.time for entry in history[1:]] + [None]
    for entry, end in zip(history, ends, strict=True):
        if entry.running:
            yield Stretch(entry.holder, entry.category, entry.time, end)


def until_answered(history: Sequence[Entry]) -> Sequence[Entry]:
    """What the first response's clock sees: it stops when the present holder answers, and what comes after that, a
    change of category for example, is not its business. Needs a history in order."""
    for index, (before, entry) in enumerate(pairwise(history), start=1):
        if entry.answered and before.holder == history[-1].holder:
            return [*history[:index], replace(before, time=entry.time, running=False, answered=False)]
    return history
