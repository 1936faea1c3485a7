"""Complaint, its history and the counter its numbers come from."""

from typing import Any, NoReturn
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from central.choices import SpokenChoices
from central.incidents.kinds import Kind
from central.incidents.models import Incident
from central.routing.models import Agency
from central.service.models import ServicePolicy


class NumberRange(models.Model):
    """The last number given out in a year; its row is the lock."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Complaint(SpokenChoices, models.Model):
    """One agency's duty for one incident."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        COORDINATION = "coordination", _("Coordination")
        DISPOSITION = "disposition", _("Assigned")
        IN_PROGRESS = "in_progress", _("In progress")
        VERIFICATION = "verification", _("Awaiting verification")
        DONE = "done", _("Done")
        GONE = "gone", _("Gone by itself")
        REJECTED = "rejected", _("Rejected")
        MERGED = "merged", _("Merged with another complaint")

    ENDED_STATES = (State.DONE, State.GONE, State.REJECTED, State.MERGED)

    number = models.CharField(max_length=24, unique=True)
    """SGP-2026-000123: for staff, in order of opening."""
    tracking = models.CharField(max_length=12, unique=True)
    """For the public page; cannot be guessed from another one."""
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="complaints")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="complaints")
    also_inform = models.ManyToManyField(Agency, related_name="+", blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    state_since = models.DateTimeField()
    opened = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)
    severity = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=120, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    decision = models.JSONField()
    """Why this agency, and why it was opened: see `routing.decisions`."""
    steps = models.PositiveIntegerField(default=0)
    """Number of history rows."""
    text = models.TextField(blank=True, default="", editable=False)
    """What the search box looks through: the place and every note. Kept here, because a search that joined the history
    could neither begin with the newest complaint nor stop after a page of them."""
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Whoever of the agency it was handed to."""
    estimate = models.DateTimeField(null=True, blank=True)
    """When the agency expects it to be solved (EWS)."""
    estimate_approved = models.DateTimeField(null=True, blank=True)
    """When the agency's head approved the estimate; before that, citizens are not told."""
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed")
    """The complaint of the same agency that stands for this one too."""

    service = models.ForeignKey(
        ServicePolicy, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    """What was promised when it was opened; empty: the defaults. The rest is reckoned from the history, see
    `complaints.deadlines`; a deadline whose clock stands still reads as if it ran on at once."""
    first_response_due = models.DateTimeField(null=True, editable=False)
    first_response_stopped = models.DateTimeField(null=True, editable=False)
    """When the agency answered, or the clock stood still; empty: it runs."""
    completion_due = models.DateTimeField(null=True, editable=False)
    completion_stopped = models.DateTimeField(null=True, editable=False)
    next_due = models.DateTimeField(null=True, editable=False)
    """The earlier of the two while its clock runs; empty: nothing is due from the agency now."""
    due_soon = models.DateTimeField(null=True, editable=False)
    """From when `next_due` is near."""
    next_step = models.DateTimeField(null=True, editable=False)
    """When the next reminder is written."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "agency"], name="complaint_one_per_agency")]
        indexes = [
            # With all that is counted of open ones: no row is read for it.
            models.Index(
                fields=["agency", "-opened", "id", "state"],
                condition=Q(ended__isnull=True),
                name="complaint_open_counted",
            ),
            models.Index(fields=["-opened"], condition=Q(ended__isnull=True), name="complaint_open"),
            models.Index(fields=["agency", "state", "-opened"], name="complaint_agency_state"),
            models.Index(fields=["-opened"], name="complaint_opened"),
            models.Index(fields=["state_since"], name="complaint_state_since"),
            models.Index(fields=["agency", "-opened"], name="complaint_agency_opened"),
            models.Index(fields=["agency", "kind", "-opened"], name="complaint_agency_kind"),
            models.Index(fields=["-ended"], condition=Q(ended__isnull=False), name="complaint_ended"),
            models.Index(fields=["agency", "-ended"], condition=Q(ended__isnull=False), name="complaint_agency_ended"),
            models.Index(fields=["lat", "lon"], name="complaint_position"),
            models.Index(fields=["agency", "next_due"], condition=Q(ended__isnull=True), name="complaint_agency_due"),
            models.Index(fields=["next_step"], condition=Q(next_step__isnull=False), name="complaint_next_step"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def has_ended(self) -> bool:
        """Nothing more is due."""
        return self.state in self.ENDED_STATES

    @property
    def warning(self) -> str:
        """Set when routing found no rule: shown wherever the complaint is."""
        return self.decision.get("warning", "")


class Bulk(models.Model):
    """One action done to many complaints at once."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    action = models.CharField(max_length=24)
    actor = models.CharField(max_length=160)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    time = models.DateTimeField()
    steps = models.JSONField(default=dict)
    """Primary key of each complaint, as text → the step of its history that was written."""
    undone = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-time"], name="bulk_user_time")]

    def __str__(self) -> str:
        return f"{self.action} of {len(self.steps)} by {self.actor}"


class HistoryIsAppendOnly(Exception):  # noqa: N818 — a rule by its name
    """Somebody tried to change or delete what happened."""


class History(models.Model):
    """One thing that happened to a complaint, chained to the one before by its hash (see `complaints.chain`)."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="history")
    step = models.PositiveIntegerField()
    time = models.DateTimeField()
    actor = models.CharField(max_length=160)
    """`system`, or a user's name."""
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    action = models.CharField(max_length=24)
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12)
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "history"
        ordering = ["complaint", "step"]
        constraints = [models.UniqueConstraint(fields=["complaint", "step"], name="history_step")]

    def __str__(self) -> str:
        return f"{self.complaint_id}/{self.step} {self.action}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Inserts only."""
        if not self._state.adding:
            raise HistoryIsAppendOnly(f"history row {self} is written once; add a new one that corrects it")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG002 — the signature is Django's
        """Never."""
        raise HistoryIsAppendOnly(f"history row {self} stays")
