"""What a category of complaint is promised, and who is reminded when."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction

from central.clock.calendar import NOTHING, Calendar


class Target(StrEnum):
    """Which of the two deadlines."""

    FIRST_RESPONSE = "first_response"
    COMPLETION = "completion"


@dataclass(frozen=True, slots=True)
class Allowance:
    """So much time, counted in that calendar.

    Raises:
        ValueError: no time at all: a complaint would be late before anybody has seen it.
    """

    time: timedelta
    calendar: Calendar

    def __post_init__(self) -> None:
        if self.time <= NOTHING:
            raise ValueError(f"an allowance of {self.time} is none: give it some time")


@dataclass(frozen=True, slots=True)
class Step:
    """Once `percent` of the time for `of` has passed, the complaint is at this escalation level (1 or more).

    Raises:
        ValueError: a percentage or level below 1.
    """

    of: Target
    percent: int
    level: int

    def __post_init__(self) -> None:
        if self.percent < 1 or self.level < 1:
            raise ValueError(f"{self}: percent and level begin at 1")

    @property
    def share(self) -> Fraction:
        """Of the allowance; more than 1 lies after the deadline."""
        return Fraction(self.percent, 100)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a category of complaint is promised."""

    first_response: Allowance
    completion: Allowance
    steps: tuple[Step, ...] = ()
    soon: Fraction = Fraction(3, 4)
    """After this share of the time the deadline is near."""
