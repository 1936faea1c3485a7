"""A permit: one place that a decree designates for selling."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely import Polygon

from calibration.zones import fault_on_the_map
from central.boxes.desired.saying import sentence_in_words
from central.permits.law import Place
from central.silences.areas import check_ring
from contract.schedule import ALWAYS, WeeklyHours
from contract.sentences import Sentence


class TimeZone(models.TextChoices):
    """Indonesia's three."""

    WIB = "Asia/Jakarta", gettext_lazy("WIB (western)")
    WITA = "Asia/Makassar", gettext_lazy("WITA (central)")
    WIT = "Asia/Jayapura", gettext_lazy("WIT (eastern)")


MAX_CORNERS = 64
"""As many as a box takes."""


def city_zone() -> str:
    """That of the city, where it is one of the three."""
    return settings.TIME_ZONE if settings.TIME_ZONE in TimeZone.values else TimeZone.WIB.value


def check_outline(ring: object) -> None:
    """A validator: corners of an outline that does not cross itself.

    Raises:
        ValidationError: it is not.
    """
    if ring == []:
        raise ValidationError(_("A permit needs an outline of at least three corners."))
    check_ring(ring)
    if len(ring) > MAX_CORNERS:
        raise ValidationError(_("An outline has at most %(n)d corners.") % {"n": MAX_CORNERS})
    if not Polygon(ring).is_valid:
        raise ValidationError(_("The outline crosses itself, or encloses nothing."))
    if fault := fault_on_the_map(ring):
        raise ValidationError(
            _("The boxes cannot use this outline: %(fault)s.")
            % {"fault": sentence_in_words(Sentence.of(fault)).rstrip(".")}
        )


def check_hours(text: str) -> None:
    """A validator: hours that can be read.

    Raises:
        ValidationError: they cannot.
    """
    try:
        WeeklyHours.parse(text)
    except ValueError as error:
        raise ValidationError(
            _("These hours cannot be read: write for example “%(example)s”.")
            % {"example": "Mon-Fri 06:00-22:00, Sat 08:00-12:00"}
        ) from error


class Permit(models.Model):
    """One place of one decree; a decree may designate several, each under its own name."""

    class Kind(models.TextChoices):
        LOKBIN = "lokbin", gettext_lazy("permanent place (lokbin)")
        LOKSEM = "loksem", gettext_lazy("temporary place (loksem)")
        EVENT = "event", gettext_lazy("market or event")

    sk = models.CharField(gettext_lazy("SK number"), max_length=80)
    name = models.CharField(gettext_lazy("Place"), max_length=160)
    """Of the place, for everybody to read."""
    holder = models.CharField(gettext_lazy("Holder"), max_length=160, blank=True)
    """Who holds it; staff only."""
    kind = models.CharField(gettext_lazy("Type"), max_length=6, choices=Kind, default=Kind.LOKSEM)
    ring = models.JSONField(gettext_lazy("Outline"), validators=[check_outline], blank=True)
    """Corners [lon, lat]; see `silences.areas`."""
    valid_from = models.DateField(gettext_lazy("First day"))
    valid_to = models.DateField(gettext_lazy("Last day"))
    hours = models.CharField(
        gettext_lazy("Hours of the week"), max_length=300, default=ALWAYS.text, validators=[check_hours]
    )
    time_zone = models.CharField(gettext_lazy("Time zone"), max_length=20, choices=TimeZone, default=city_zone)
    capacity = models.PositiveSmallIntegerField(
        gettext_lazy("Capacity"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    """Selling units that may stand there; empty: any number."""
    south = models.FloatField(editable=False)
    west = models.FloatField(editable=False)
    north = models.FloatField(editable=False)
    east = models.FloatField(editable=False)
    """Bounds of the outline."""
    changed = models.DateTimeField(editable=False)
    changed_by = models.CharField(max_length=160, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ["valid_to", "sk", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["sk", "name"],
                name="permit_once",
                violation_error_message=gettext_lazy("This SK has a place of this name already."),
            ),
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="permit_ends_after_it_begins"),
        ]
        indexes = [
            models.Index(fields=["valid_to"], name="permit_valid_to"),
            models.Index(fields=["south", "north"], name="permit_bounds"),
        ]

    def __str__(self) -> str:
        return f"{self.sk}: {self.name}"

    def save(self, **options: Any) -> None:
        """The bounds follow from the outline."""
        lons, lats = zip(*self.ring, strict=True)
        self.west, self.east, self.south, self.north = min(lons), max(lons), min(lats), max(lats)
        super().save(**options)

    def clean(self) -> None:
        """What the fields together must fulfil."""
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("A permit ends on its first day at the earliest.")})

    @property
    def place(self) -> Place:
        """As the law needs it."""
        return Place(
            self.sk,
            self.ring,
            self.valid_from,
            self.valid_to,
            ZoneInfo(self.time_zone),
            WeeklyHours.parse(self.hours),
            self.capacity,
        )

    def today(self, now: datetime) -> date:
        """The day it is there."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()

    def days_left(self, now: datetime) -> int:
        """Of its validity, today not counted: 0 on the last day, below 0 once it has expired."""
        return (self.valid_to - self.today(now)).days
