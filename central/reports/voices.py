"""What citizens say about a complaint: comments, and that it is not solved. The staff reads it; an operator decides."""

import os
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.utils.translation import gettext as _

from central.accounts.roles import Actor
from central.complaints.models import Complaint, History
from central.feed.models import Change, record
from central.reports.models import Voice

REOPEN_WITHIN = timedelta(days=int(os.environ.get("SIGAP_REOPEN_DAYS", "14")))
"""After its end a citizen may ask for so long to open a complaint again."""
REOPENABLE = (Complaint.State.DONE, Complaint.State.GONE, Complaint.State.REJECTED)

Wish = Voice.Wish


class NotNow(ValueError):  # noqa: N818 — what the citizen is told
    """It cannot be said now; the text says why."""


def may_ask_to_reopen(complaint: Complaint, now: datetime) -> bool:
    """Whether it ended a short while ago in a way that can be wrong."""
    return complaint.state in REOPENABLE and complaint.ended is not None and now <= complaint.ended + REOPEN_WITHIN


@transaction.atomic
def say(complaint: Complaint, wish: str, text: str, sender: str, now: datetime) -> Voice:
    """Writes it down; the same again from the same sender is what is there already.

    Raises:
        NotNow: no words, or the complaint cannot be opened again.
    """
    text = text.strip()[:1000]
    if not text:
        raise NotNow(_("Please write what you see."))
    if wish == Wish.REOPEN and not may_ask_to_reopen(complaint, now):
        raise NotNow(_("This complaint cannot be opened again now."))
    waiting = Voice.objects.filter(complaint=complaint, sender=sender, wish=wish, answered__isnull=True)
    same = waiting.first() if wish == Wish.REOPEN else waiting.filter(text=text).first()
    if same is not None:
        return same
    voice = Voice.objects.create(complaint=complaint, wish=wish, text=text, sender=sender, time=now)
    record(Change.Topic.COMPLAINT, complaint.pk, "voice", now)
    return voice


def unanswered() -> QuerySet[Voice]:
    """What waits for an operator, wishes to reopen first."""
    waiting = Voice.objects.filter(answered__isnull=True)
    return waiting.select_related("complaint__agency", "complaint__incident__camera").order_by("-wish", "time")


@transaction.atomic
def answer(voice_id: int, actor: Actor, now: datetime) -> Voice | None:
    """Somebody dealt with it; None: there is no such voice."""
    voice = Voice.objects.select_for_update().filter(pk=voice_id).first()
    if voice is not None and voice.answered is None:
        voice.answered, voice.answered_by = now, actor.user
        voice.save(update_fields=["answered", "answered_by"])
        record(Change.Topic.COMPLAINT, voice.complaint_id, "voice", now)
    return voice


def listen() -> None:
    """Connects to what is written down about complaints."""
    post_save.connect(_on_history, sender=History, dispatch_uid="reports.voices")


def _on_history(instance: History, created: bool, **_more: Any) -> None:
    """Opened again: whoever asked for it is answered."""
    if created and instance.action == "reopen":
        asked = Voice.objects.filter(complaint=instance.complaint_id, wish=Wish.REOPEN, answered__isnull=True)
        asked.update(answered=instance.time, answered_by=instance.user_id)
