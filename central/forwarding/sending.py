"""Which complaints go to a CRM, and how one is handed over exactly once as far as GeoReport allows it."""

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from central.complaints.models import Complaint
from central.forwarding.georeport import GeoReport, Receipt, Refused, Unreachable
from central.forwarding.letter import fields, mark
from central.forwarding.models import Crm, Forwarded
from central.outbox.carriers import Message, NotNow, Undeliverable
from central.outbox.models import Channel
from central.outbox.posting import Post, post

AT_ONCE = 100
MOST_ROUNDS = 5
"""A problem that was closed so often and is still there needs a person, not a sixth request."""
SETTINGS_ARE_WRONG = frozenset({401, 403, 404, 405})
"""Somebody mends key or address meanwhile; everything else of the 4xx is about the request."""
TRY_AGAIN = frozenset({408, 409, 425, 429})

State = Forwarded.State
log = structlog.get_logger()


def forward(now: datetime) -> int:
    """Puts what an agency with a CRM must act on into the outbox. Returns how many."""
    return sum(_forward_to(crm.pk, now) for crm in Crm.objects.filter(active=True))


@transaction.atomic
def _forward_to(crm_id: str, now: datetime) -> int:
    crm = Crm.objects.select_for_update(skip_locked=True).filter(pk=crm_id, active=True).first()
    if crm is None:
        return 0  # another relay does it
    under_way = Forwarded.objects.filter(crm=crm).filter(
        # What nobody understood waits until somebody has moved the complaint.
        Q(state__in=Forwarded.LIVE) | Q(state=State.UNCLEAR, changed__gte=F("complaint__state_since"))
    )
    due = (
        Complaint.objects.filter(agency=crm.agency_id, ended__isnull=True, kind__in=list(crm.services))
        .exclude(state=Complaint.State.VERIFICATION)
        .exclude(pk__in=under_way.values("complaint"))
        .order_by("pk")
    )
    sent = 0
    for complaint in due[:AT_ONCE]:
        before = Forwarded.objects.filter(crm=crm, complaint=complaint).count()
        state = State.UNCLEAR if before >= MOST_ROUNDS else State.WAITING
        row = Forwarded.objects.create(complaint=complaint, crm=crm, round=before + 1, state=state, changed=now)
        if state == State.WAITING:
            key = f"crm:{crm.pk}:{complaint.number}:{row.round}"
            post([Post(key, Channel.CRM, crm.endpoint, {"forwarded": row.pk})], now)
            sent += 1
    return sent


class CrmCarrier:
    """Hands requests to CRMs."""

    def deliver(self, message: Message) -> None:
        """Posts it, unless an earlier attempt arrived whose answer did not.

        Raises:
            Undeliverable: the CRM will never take it.
            NotNow: it cannot be reached, or key or address must be mended first.
        """
        row = Forwarded.objects.select_related("crm", "complaint__incident").get(pk=message.content["forwarded"])
        if row.state != State.WAITING:
            return
        if row.complaint.has_ended or row.complaint.agency_id != row.crm_id:
            _note(row, State.LEFT)
            return
        try:
            receipt = _handed_over(row)
        except Refused as refusal:
            later = refusal.status >= 500 or refusal.status in SETTINGS_ARE_WRONG | TRY_AGAIN
            raise (NotNow if later else Undeliverable)(str(refusal)) from refusal
        except Unreachable as failure:
            raise NotNow(str(failure)) from failure
        _note(row, State.FOLLOWED, request_id=receipt.request_id, token=receipt.token)


def _handed_over(row: Forwarded) -> Receipt:
    crm = row.crm
    server = GeoReport.of(crm.endpoint, crm.jurisdiction, crm.key_name)
    sent = fields(row)
    if row.tried is not None:
        own = f"[{mark(row)}]"
        found = [seen for seen in server.since(sent["service_code"], row.tried) if own in seen.description]
        if found:
            log.info("an earlier attempt had arrived", complaint=row.complaint.number, request=found[0].request_id)
            return Receipt(found[0].request_id, "")
    else:
        Forwarded.objects.filter(pk=row.pk).update(tried=timezone.now())
    return server.post(sent)


def _note(row: Forwarded, state: str, **values: str) -> None:
    Forwarded.objects.filter(pk=row.pk, state=State.WAITING).update(state=state, changed=timezone.now(), **values)
