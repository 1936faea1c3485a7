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

    def p95(self, name: str) -> float:
        """Of one page."""
        times = sorted(self.times[name])
        return times[min(int(0.95 * len(times)), len(times) - 1)]

    @property
    def worst(self) -> float:
        """p95 of the slowest page: by this the median round is chosen."""
        return max(self.p95(name) for name in self.times)


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


def table(found: Round, naive: Mapping[str, float]) -> list[str]:
    """Rows for docs/benchmarks.md."""
    lines = ["| page | opened | p50, ms | p95, ms | naive query alone, ms |", "|---|---|---|---|---|"]
    for name in sorted(found.times, reverse=True):
        times = found.times[name]
        peer = f"{naive[name]:.0f}" if name in naive else "–"
        lines.append(f"| {name} | {len(times)} | {statistics.median(times):.0f} | {found.p95(name):.0f} | {peer} |")
    every = Round(0, 0, {"all": [each for times in found.times.values() for each in times]})
    times = every.times["all"]
    return [*lines, f"| all | {len(times)} | {statistics.median(times):.0f} | {every.p95('all'):.0f} | – |"]


async def _person(port: int, person: Person, ends: float, rng: Random, times: dict[str, list[float]]) -> None:
    browser = Browser(port, person.session)
    weights = [page.weight for page in person.pages]
    await asyncio.sleep(rng.uniform(0, THINK_S[1]))  # nobody presses at the same moment
    while time.monotonic() < ends:
        page = rng.choices(person.pages, weights)[0]
        began = time.perf_counter()
        await _opened(browser, page.address(rng))
        times[page.name].append(1000 * (time.perf_counter() - began))
        await asyncio.sleep(rng.uniform(*THINK_S))
    browser.close()


async def _opened(browser: Browser, address: str) -> None:
    answer = await browser.get(address)
    if answer.status == 302 and "/complaints/" in answer.headers.get("location", ""):
        answer = await browser.get(answer.headers["location"])
    if answer.status != 200:
        raise Unexpected(f"{address}: {answer.status} {answer.headers.get('location', '')}")
