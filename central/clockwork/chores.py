"""What need not happen every second: old rows, unclaimed evidence and citizens' contacts go, permits that end soon are
told of."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from central.accounts import logins
from central.api import idempotency
from central.evidence.arriving import sweep
from central.evidence.store import EvidenceStore
from central.feed.models import Change
from central.intake.models import Inbox
from central.intake.quarantine import purge
from central.outbox.models import Channel, Outgoing
from central.permits.warning import warn
from central.reports.keeping import sweep_drafts
from central.reports.limits import sweep_allowances
from central.reports.retention import forget
from central.viewing import recording

KEEP_CHANGES = timedelta(days=2)
KEEP_INBOX = timedelta(days=30)
KEEP_SENT = timedelta(days=400)
"""Longer than any policy's last step: a key that is still known is not written twice."""
KEEP_TOLD = timedelta(days=14)
"""What programs subscribed to, delivered or given up: theirs to notice, and far more than letters."""
AT_ONCE = 5000


def chores(now: datetime, store: EvidenceStore) -> None:
    """A bounded piece of each, so that no transaction grows long."""
    warn(now)
    sweep(now, store)
    purge()
    sweep_drafts(now, store)
    sweep_allowances(now)
    forget(now, store)
    old_changes = Change.objects.filter(time__lt=now - KEEP_CHANGES).order_by("id").values_list("pk", flat=True)
    Change.objects.filter(pk__in=list(old_changes[:AT_ONCE])).delete()
    done = Inbox.objects.filter(
        received__lt=now - KEEP_INBOX, state__in=[Inbox.State.APPLIED, Inbox.State.SKIPPED]
    ).values_list("pk", flat=True)
    Inbox.objects.filter(pk__in=list(done[:AT_ONCE])).delete()
    sent = Outgoing.objects.filter(state=Outgoing.State.SENT, finished__lt=now - KEEP_SENT).values_list("pk", flat=True)
    Outgoing.objects.filter(pk__in=list(sent[:AT_ONCE])).delete()
    told = Outgoing.objects.filter(channel=Channel.HOOK, finished__lt=now - KEEP_TOLD).values_list("pk", flat=True)
    Outgoing.objects.filter(pk__in=list(told[:AT_ONCE])).delete()
    idempotency.forget(now)
    logins.forget(now, AT_ONCE)
    recording.forget(now, AT_ONCE)
    dead = Session.objects.filter(expire_date__lt=now).values_list("pk", flat=True)
    Session.objects.filter(pk__in=list(dead[:AT_ONCE])).delete()
