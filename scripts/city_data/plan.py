"""What city is made: how many complaints, over which time, which of them are open. The same seed, the same city."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

PER_COMPLAINT = 3
"""History rows on average, and over each batch but for a few."""
OPEN_EVERY = 3
"""Of the newest complaints, each third is open, until there are as many as wanted."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Plan:
    """`until` is the city's present; complaints arrive evenly over `days` before it."""

    seed: int
    complaints: int
    open_count: int
    until: datetime
    days: int = 1095
    zone: str = "Asia/Jakarta"
    batch: int = 10_000

    def __post_init__(self) -> None:
        if self.until.tzinfo is None:
            raise ValueError("the city's present needs a time zone")
        if not 0 <= self.open_count * OPEN_EVERY <= self.complaints:
            raise ValueError(f"of {self.complaints} complaints at most {self.complaints // OPEN_EVERY} can be open")

    @property
    def batches(self) -> int:
        """How many pieces it is made in."""
        return -(-self.complaints // self.batch)

    def indexes(self, batch: int) -> range:
        """Complaints of one piece, counted from 0 in order of opening."""
        return range(batch * self.batch, min((batch + 1) * self.batch, self.complaints))

    def opened(self, index: int) -> datetime:
        """When a complaint was opened: later for every later one."""
        step = DAY * self.days / self.complaints
        jitter = (index * 2654435761 % 2**32) / 2**32  # Knuth's multiplicative hash: scattered, and needs no memory
        return self.until - step * (self.complaints - index - jitter * 0.9)

    def is_open(self, index: int) -> bool:
        """Whether it still is."""
        turn, rest = divmod(self.complaints - 1 - index, OPEN_EVERY)
        return rest == 0 and turn < self.open_count

    def number(self, index: int) -> tuple[int, int]:
        """Local year and number within it, from 1, without gaps."""
        year = self._year(index)
        return year, index - self.first_of_year[year] + 1

    @cached_property
    def first_of_year(self) -> dict[int, int]:
        """Index of each local year's first complaint."""
        years = range(self._year(0), self._year(self.complaints - 1) + 1)
        return {year: bisect_left(range(self.complaints), year, key=self._year) for year in years}

    def _year(self, index: int) -> int:
        return self.opened(index).astimezone(ZoneInfo(self.zone)).year


def midnight(day: str) -> datetime:
    """The beginning of a day, UTC, from 2026-03-02."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC)
