"""What a CRM says of a complaint becomes a step of ours, done by the actor “CRM”."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from central.accounts.roles import Actor, Role
from central.complaints.models import Complaint
from central.complaints.refusal import Refused as StepRefused
from central.complaints.workflow import act
from central.forwarding.georeport import GeoReport, Refused, Seen, Unreachable
from central.forwarding.meaning import Meaning, meaning
from central.forwarding.models import Crm, Forwarded

AT_ONCE = 50
"""Ids in one question: addresses must stay short."""
LONGEST_NOTE = 2000

ComplaintState = Complaint.State
State = Forwarded.State
log = structlog.get_logger()


def mirror(now: datetime) -> int:
    """Asks every CRM whose time has come. Returns how many complaints changed."""
    return sum(_ask(crm, now) for crm in _due(now))


def _due(now: datetime) -> Iterator[Crm]:
    """Each claimed, so that of several relays one asks."""
    for pk, polled, poll_s in Crm.objects.filter(active=True).values_list("pk", "polled", "poll_s"):
        if polled is not None and polled > now - timedelta(seconds=poll_s):
            continue
        with transaction.atomic():
            crm = Crm.objects.select_for_update(skip_locked=True).filter(pk=pk, active=True).first()
            if crm is None or (crm.polled is not None and crm.polled > now - timedelta(seconds=crm.poll_s)):
                continue
            crm.polled = now
            crm.save(update_fields=["polled"])
        yield crm


def _ask(crm: Crm, now: datetime) -> int:
    changed, error = 0, ""
    try:
        server = GeoReport.of(crm.endpoint, crm.jurisdiction, crm.key_name)
        _resolve_tokens(crm, server, now)
        followed = Forwarded.objects.filter(crm=crm, state=State.FOLLOWED).exclude(request_id="").order_by("pk")
        rows = list(followed.values_list("pk", "request_id"))
        for start in range(0, len(rows), AT_ONCE):
            part = rows[start : start + AT_ONCE]
            seen = {each.request_id: each for each in _asked(server, [request_id for _pk, request_id in part])}
            changed += sum(take(pk, seen[request_id], now) for pk, request_id in part if request_id in seen)
    except (Refused, Unreachable) as failure:
        error = str(failure)[:300]
        log.warning("CRM could not be asked", crm=crm.pk, reason=error)
    Crm.objects.filter(pk=crm.pk).update(error=error)
    return changed


def _resolve_tokens(crm: Crm, server: GeoReport, now: datetime) -> None:
    waiting = Forwarded.objects.filter(crm=crm, state=State.FOLLOWED, request_id="").exclude(token="")
    for pk, token in waiting.values_list("pk", "token"):
        try:
            request_id = server.id_behind(token)
        except Refused as refusal:
            if refusal.status != 404:  # unknown: some servers say so until there is an id
                raise
            continue
        if request_id:
            Forwarded.objects.filter(pk=pk).update(request_id=request_id, changed=now)


def _asked(server: GeoReport, ids: Sequence[str]) -> list[Seen]:
    """All at once; one by one where the server refuses a list, as some do when it does not know one of them."""
    try:
        seen = server.requests(ids)
    except Refused as refusal:
        if refusal.status not in {400, 404}:
            raise
        seen = []
    for missing in sorted(set(ids) - {each.request_id for each in seen}):
        try:
            seen += server.request(missing)
        except Refused as refusal:
            if refusal.status != 404:
                raise
    return seen


@transaction.atomic
def take(forwarded_id: int, seen: Seen, now: datetime) -> bool:
    """Takes what the CRM says; again is the same as once. Returns whether it was news."""
    row = Forwarded.objects.select_for_update().filter(pk=forwarded_id, state=State.FOLLOWED).first()
    if row is None or (row.status, row.status_notes) == (seen.status, seen.status_notes):
        return False
    row.status, row.status_notes, row.changed = seen.status, seen.status_notes, now
    complaint = Complaint.objects.select_related("agency").get(pk=row.complaint_id)
    if complaint.has_ended or complaint.agency_id != row.crm_id:
        row.state = State.LEFT
    else:
        row.state = _done(row, complaint, seen, now)
    row.save(update_fields=["state", "status", "status_notes", "changed"])
    return True


def _done(row: Forwarded, complaint: Complaint, seen: Seen, now: datetime) -> str:
    """Does what it means; returns how the request stands then."""
    meant = meaning(seen.status, seen.status_notes, row.crm.notes)
    actor = Actor(role=Role.OFFICER, name=f"CRM {complaint.agency.short}", agency=complaint.agency_id)
    told = seen.status_notes.strip()[:LONGEST_NOTE] or _("Closed in the CRM, without a word.")
    data = {"crm": row.crm_id, "request": seen.request_id, "status": seen.status}
    try:
        with transaction.atomic():
            for action in _actions(meant, complaint.state):
                act(complaint.pk, action, actor, now, note=told, data=data)
    except StepRefused as refusal:
        # For example agencies have passed it on too often: what the CRM wants is written down, and a person decides.
        act(complaint.pk, "note", actor, now, note=f"{told}\n{refusal}", data=data)
        return State.UNCLEAR
    if meant is Meaning.UNCLEAR:
        return State.UNCLEAR
    return State.CLOSED if seen.status == "closed" else State.FOLLOWED


def _actions(meant: Meaning, state: str) -> list[str]:
    """From where the complaint stands to what the CRM says of it; a step that lies behind it is none."""
    if meant is Meaning.COORDINATED and state == ComplaintState.WAITING:
        return ["coordinate"]
    if meant is Meaning.STARTED and state not in {ComplaintState.IN_PROGRESS, ComplaintState.VERIFICATION}:
        return ["start"]
    if meant is Meaning.DONE and state != ComplaintState.VERIFICATION:
        return ["report_done"] if state == ComplaintState.IN_PROGRESS else ["start", "report_done"]
    if meant is Meaning.REJECTED:
        return ["reject"]
    if meant is Meaning.NOT_THEIRS:
        return ["wrong_agency"]
    return ["note"] if meant is Meaning.UNCLEAR else []
