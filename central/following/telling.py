"""Followers hear of each state a complaint reaches: once, whoever writes it, in the transaction that writes it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.db.models.signals import post_save

from central.channels.models import Gateway
from central.complaints.access import of_incident
from central.complaints.models import History
from central.following.letters import news, not_real
from central.following.models import EMAIL, Follower
from central.incidents.models import Decision, Incident
from central.outbox.posting import post

AGAIN = frozenset({"reopen", "recur", "send_back", "camera_refutes", "unmerge"})
"""After one of these the same state is news. A slip that was undone and done again is not."""


def listen() -> None:
    """Connects to what is written down about complaints and incidents."""
    post_save.connect(_on_history, sender=History, dispatch_uid="following.history")
    post_save.connect(_on_decision, sender=Decision, dispatch_uid="following.decision")


def followers_of(incidents: Iterable[int]) -> list[Follower]:
    """All that follow one of these incidents, one merged into it, or the one it was merged into; each address once."""
    base = set(incidents)
    base |= set(Incident.objects.filter(pk__in=base, merged_into__isnull=False).values_list("merged_into", flat=True))
    family = Q(incident__in=base) | Q(incident__merged_into__in=base)
    ways = Q(via=EMAIL) | Q(via__in=Gateway.objects.filter(active=True).values("pk"))
    found = Follower.objects.filter(family, ways, state=Follower.State.FOLLOWING).order_by("pk")
    return list({(one.via, one.address): one for one in reversed(found)}.values())


def _on_history(instance: History, created: bool, **_more: Any) -> None:
    if not created or instance.before == instance.after:
        return
    complaint = instance.complaint
    incidents = {complaint.incident_id, *complaint.absorbed.values_list("incident", flat=True)}
    followers = followers_of(incidents)
    if not followers:
        return
    rounds = History.objects.filter(complaint=complaint, action__in=AGAIN).count()
    about = f"{complaint.number}:{rounds}:{instance.after}"
    post([news(follower, complaint, instance, about) for follower in followers], instance.time)


def _on_decision(instance: Decision, created: bool, **_more: Any) -> None:
    # With a complaint, its history tells.
    is_news = created and instance.action == Decision.Action.REJECT
    if not is_news or of_incident(instance.incident_id).exists():
        return
    incident = instance.incident
    about = f"incident-{incident.pk}:rejected"
    post([not_real(follower, incident, about) for follower in followers_of([incident.pk])], instance.time)
