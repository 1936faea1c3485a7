"""What is forgotten of citizens: contacts, photos and addresses, some time after what they reported is over."""

import os
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from central.channels.models import Received
from central.complaints.models import Complaint
from central.evidence.store import EvidenceStore
from central.following.letters import PREFIX
from central.following.models import Follower
from central.incidents.models import Incident
from central.outbox.models import Outgoing
from central.reports.keeping import drop
from central.reports.models import Photo, Report

KEEP_CONTACTS = timedelta(days=int(os.environ.get("SIGAP_KEEP_CONTACTS_DAYS", "30")))
"""After the end: long enough to ask for a second look, and to hear that it came back."""
AT_ONCE = 500
FORGOTTEN = "forgotten"

State = Incident.State


def forget(now: datetime, store: EvidenceStore) -> None:
    """A bounded piece of each."""
    long_ago = now - KEEP_CONTACTS
    forget_reports(long_ago, store)
    over = _over("incident__", long_ago)
    Follower.objects.filter(pk__in=_some(Follower.objects.filter(over))).delete()
    unconfirmed = Follower.objects.filter(state=Follower.State.ASKED, changed__lt=long_ago)
    Follower.objects.filter(pk__in=_some(unconfirmed)).delete()
    Received.objects.filter(time__lt=long_ago).delete()
    letters = Outgoing.objects.filter(key__startswith=PREFIX, finished__lt=long_ago).exclude(address=FORGOTTEN)
    Outgoing.objects.filter(pk__in=_some(letters)).update(address=FORGOTTEN, content={})


def forget_reports(long_ago: datetime, store: EvidenceStore) -> int:
    """Who sent them, and their photos; what was reported stays. Returns how many reports."""
    due = Report.objects.filter(_over("incident__", long_ago)).exclude(sender=FORGOTTEN)
    ids = _some(due)
    drop(list(Photo.objects.filter(report__in=ids)), store)
    return Report.objects.filter(pk__in=ids).update(sender=FORGOTTEN, contact={})


def _over(path: str, before: datetime) -> Q:
    """The incident, or the one it was merged into, was over by then, and no complaint about it went on."""
    ended = Q(**{f"{path}merged_into__isnull": True}) & _ended(path, before)
    return ended | (Q(**{f"{path}merged_into__isnull": False}) & _ended(f"{path}merged_into__", before))


def _ended(path: str, before: datetime) -> Q:
    over = {f"{path}state__in": [State.CLOSED, State.REJECTED], f"{path}updated__lt": before}
    open_ones = Complaint.objects.filter(ended__isnull=True).values("incident")
    return Q(**over) & ~Q(**{f"{path}in": open_ones})


def _some(rows: QuerySet) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
