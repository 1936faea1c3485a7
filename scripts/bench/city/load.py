"""People who open a page, read it for a while, and open the next one."""

import asyncio
import statistics
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from scripts.bench.city.browser import Browser
from scripts.bench.city.pages import Page

THINK_S = (1.0, 3.0)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a desk, with the pages of that desk."""

    session: str
    pages: Sequence[Page]


@dataclass
class Round:
    """What one round measured: milliseconds from asking to the last byte, by page."""

    load_before: float
    load_after: float = 0.0
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def worst(self) -> float:
        """p95 of the slowest page: by this the median round is chosen."""
        return max(map(_p95, self.times.values()))


class Unexpected(RuntimeError):  # noqa: N818 — what whoever measures is told
    """A page did not answer as it should: its time would mean nothing."""


async def people(ports: Sequence[int], who: Sequence[Person], seconds: float, seed: int, found: Round) -> None:
    """All of them at once, for so long.

    Raises:
        Unexpected: an answer that is neither a page nor, for a number, the way to its complaint.
    """
    ends = time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        for number, person in enumerate(who):
            port = ports[number // 2 % len(ports)]  # both desks at each
            group.create_task(_person(port, person, ends, Random(f"{seed}:{number}"), found.times))  # noqa: S311


def median(rounds: Sequence[Round]) -> Round:
    """The round in the middle."""
    return sorted(rounds, key=lambda each: each.worst)[len(rounds) // 2]


def table(found: Round, alone: Mapping[str, float], naive: Mapping[str, float]) -> list[str]:
    """Rows for docs/benchmarks.md."""
    lines = [
        "| page | opened | p50, ms | p95, ms | page alone, ms | naive query alone, ms |",
        "|---|---|---|---|---|---|",
    ]
    for name in sorted(found.times, reverse=True):
        peer = f"{naive[name]:.0f}" if name in naive else "–"
        lines.append(_row(name, found.times[name], f"{alone[name]:.0f}", peer))
    return [*lines, _row("all", [each for times in found.times.values() for each in times], "–", "–")]


def _row(name: str, times: Sequence[float], *beside: str) -> str:
    cells = (name, str(len(times)), f"{statistics.median(times):.0f}", f"{_p95(times):.0f}", *beside)
    return f"| {' | '.join(cells)} |"


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[min(int(0.95 * len(times)), len(times) - 1)]


async def _person(port: int, person: Person, ends: float, rng: Random, times: dict[str, list[float]]) -> None:
    browser = Browser(port, person.session)
    weights = [page.weight for page in person.pages]
    await asyncio.sleep(rng.uniform(0, THINK_S[1]))  # nobody presses at the same moment
    try:
        while time.monotonic() < ends:
            page = rng.choices(person.pages, weights)[0]
            began = time.perf_counter()
            await _opened(browser, page.address(rng))
            times[page.name].append(1000 * (time.perf_counter() - began))
            await asyncio.sleep(rng.uniform(*THINK_S))
    finally:
        browser.close()


async def _opened(browser: Browser, address: str) -> None:
    answer = await browser.get(address)
    if answer.status == 302 and "/complaints/" in answer.headers.get("location", ""):
        answer = await browser.get(answer.headers["location"])
    if answer.status != 200:
        raise Unexpected(f"{address}: {answer.status} {answer.headers.get('location', '')}")
