"""Stream (one epoch of one box), inbox, gaps, quarantine."""

from django.db import models
from django.db.models import F, Q

from central.boxes.models import Box


class Stream(models.Model):
    """One life of one box's outbox."""

    box = models.ForeignKey(Box, on_delete=models.PROTECT, related_name="streams")
    epoch = models.CharField(max_length=16)
    contiguous = models.BigIntegerField(default=0)
    """Every seq up to here is committed: what the box is told."""
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["box", "epoch"], name="stream_epoch")]

    def __str__(self) -> str:
        return f"{self.box_id}/{self.epoch} to {self.contiguous}"


class Turn(models.Model):
    """The lock under which one worker at a time applies a stream's events; a row of its own, so that commits go on."""

    stream = models.OneToOneField(Stream, on_delete=models.CASCADE, primary_key=True)

    def __str__(self) -> str:
        return str(self.stream_id)


class Inbox(models.Model):
    """One event exactly as it arrived. Committed means acknowledged; applying comes after."""

    class State(models.TextChoices):
        PENDING = "pending"
        APPLIED = "applied"
        SKIPPED = "skipped"
        QUARANTINED = "quarantined"

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="inbox")
    seq = models.BigIntegerField()
    received = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.PENDING)
    payload = models.BinaryField()

    class Meta:
        verbose_name_plural = "inbox"
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="inbox_seq_once")]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="pending"), name="inbox_pending"),
            models.Index(fields=["received"], name="inbox_received"),
        ]

    def __str__(self) -> str:
        return f"{self.stream_id}/{self.seq} {self.state}"


class Gap(models.Model):
    """Events a box had been told are committed, but that this database does not hold: it was restored or replaced."""

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="gaps")
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    noticed = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_seq__gte=F("first_seq")), name="gap_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.stream_id}: {self.first_seq} to {self.last_seq}"


class Quarantined(models.Model):
    """A message that could not be read, verified or applied, with the reason; the same one again only counts up."""

    fingerprint = models.CharField(max_length=64, unique=True)
    box = models.CharField(max_length=40, blank=True)
    """As the topic names it; it may not be enrolled."""
    topic = models.CharField(max_length=200)
    reason = models.CharField(max_length=1000)
    payload = models.BinaryField()
    """The first 4 KiB."""
    size = models.PositiveIntegerField()
    inbox = models.ForeignKey(Inbox, on_delete=models.SET_NULL, null=True, blank=True, related_name="quarantined")
    """For events: the whole message, which can be tried again."""
    first = models.DateTimeField()
    last = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "quarantined"
        indexes = [models.Index(fields=["-last"], name="quarantined_last")]

    def __str__(self) -> str:
        return f"{self.topic}: {self.reason[:80]}"
