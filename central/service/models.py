"""Working calendars and service policies. A row is written once: whoever changes one adds a version, so that what a
complaint was promised when it was opened stays what it was."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from central.clock.calendar import Calendar
from central.clock.holidays import Holidays
from central.clock.hours import read_week
from central.clock.policy import Allowance, Policy, Step, Target
from central.incidents.kinds import Kind

HOUR_S = 3600
DAY_S = 24 * HOUR_S
LONGEST_S = 10 * 365 * DAY_S

DEFAULT_STEPS = (
    {"of": "first_response", "percent": 75, "level": 1},
    {"of": "first_response", "percent": 100, "level": 2},
    {"of": "completion", "percent": 75, "level": 1},
    {"of": "completion", "percent": 100, "level": 2},
    {"of": "completion", "percent": 150, "level": 3},
)


def default_steps() -> list[dict[str, Any]]:
    """A reminder before each deadline, the head of the agency at it, the city after it."""
    return [dict(step) for step in DEFAULT_STEPS]


def public_only() -> list[str]:
    """No joint leave."""
    return ["public"]


class WrittenOnce(Exception):  # noqa: N818 — a rule by its name
    """Somebody tried to change or delete what complaints were promised."""


class Version(models.Model):
    """A row that is added and then stays."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Validates, and inserts only."""
        if not self._state.adding:
            raise WrittenOnce(f"{self} is written once; add a new version")
        self.full_clean()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG002 — the signature is Django's
        """Never."""
        raise WrittenOnce(f"{self} stays: complaints were opened under it")


class WorkCalendar(Version):
    """When somebody works; see `clock.calendar`."""

    code = models.SlugField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(max_length=120)
    week = models.JSONField()
    """{"mon": ["08:00-12:00", "13:00-16:30"], …}; days left out are free."""
    zone = models.CharField(max_length=40)
    holidays = models.CharField(max_length=10, blank=True)
    """Region of the `holidays` package, for example ID; empty: none."""
    holiday_categories = models.JSONField(default=public_only)
    """`public`, and `government` for the joint leave (cuti bersama)."""
    extra_holidays = models.JSONField(default=list, blank=True)
    """The city's own days, as 2026-06-22."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="work_calendar_version")]
        ordering = ["code", "version"]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    def clean(self) -> None:
        """Whatever the clock could not read is refused here."""
        try:
            self.calendar()
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValidationError(f"calendar {self.code}: {error}") from error

    def calendar(self) -> Calendar:
        """As the clock takes it."""
        extra = frozenset(date.fromisoformat(day) for day in self.extra_holidays)
        return Calendar(read_week(self.week), self.zone, Holidays(self.holidays, tuple(self.holiday_categories), extra))


class ServicePolicy(Version):
    """What one kind of complaint is promised, from `valid_from` until the next version's."""

    kind = models.CharField(max_length=12, choices=Kind)
    version = models.PositiveIntegerField(default=1)
    valid_from = models.DateTimeField()
    first_response_s = models.PositiveIntegerField(default=6 * HOUR_S, validators=[MaxValueValidator(LONGEST_S)])
    first_response_calendar = models.ForeignKey(
        WorkCalendar, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Empty: wall clock."""
    completion_s = models.PositiveIntegerField(default=7 * DAY_S, validators=[MaxValueValidator(LONGEST_S)])
    completion_calendar = models.ForeignKey(
        WorkCalendar, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    steps = models.JSONField(default=default_steps, blank=True)
    """Reminders: [{"of": "completion", "percent": 75, "level": 1}, …], see `clock.policy.Step`."""
    soon_percent = models.PositiveSmallIntegerField(
        default=75, validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    """After so much of its time a deadline is near: amber."""

    class Meta:
        verbose_name_plural = "service policies"
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="service_policy_version")]
        ordering = ["kind", "version"]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"

    def clean(self) -> None:
        """A version begins after the one before it, and its deadlines lie within a lifetime."""
        before = ServicePolicy.objects.filter(kind=self.kind).order_by("-version").first()
        if before is not None and (self.version <= before.version or self.valid_from <= before.valid_from):
            raise ValidationError(
                f"service policy {self.kind}: version {before.version} of {before.valid_from} is newer"
            )
        try:
            policy = self.policy()
            for allowance in (policy.first_response, policy.completion):
                allowance.calendar.after(self.valid_from, allowance.time)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValidationError(f"service policy {self.kind}: {error}") from error

    def policy(self) -> Policy:
        """As the clock takes it."""
        return Policy(
            first_response=Allowance(timedelta(seconds=self.first_response_s), _of(self.first_response_calendar)),
            completion=Allowance(timedelta(seconds=self.completion_s), _of(self.completion_calendar)),
            steps=tuple(Step(Target(step["of"]), step["percent"], step["level"]) for step in self.steps),
            soon=Fraction(self.soon_percent, 100),
        )


def _of(calendar: WorkCalendar | None) -> Calendar:
    return Calendar(zone=timezone.get_default_timezone_name()) if calendar is None else calendar.calendar()
