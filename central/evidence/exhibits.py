"""Signed statements about evidence, and the questions pages ask about them."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, F, IntegerField, Value, When

from central.evidence.models import Blob, Exhibit
from central.incidents.models import Episode, Incident
from contract.evidence import SignedManifest


def claim(signed: Iterable[tuple[Episode, SignedManifest]], now: datetime) -> None:
    """Attaches verified manifests to their episodes; again is the same as once."""
    exhibits = [_exhibit(episode, manifest) for episode, manifest in signed]
    if not exhibits:
        return
    Exhibit.objects.bulk_create(exhibits, ignore_conflicts=True)
    boxes = {exhibit.episode.box_id for exhibit in exhibits}
    named = {exhibit.sha256 for exhibit in exhibits}
    Blob.objects.filter(pk__in=named, box_id__in=boxes, claimed__isnull=True).update(claimed=now)


def of_incident(incident: Incident) -> list[Exhibit]:
    """All of its exhibits: those whose bytes are here first, stills before clips, then by time."""
    return sorted(
        Exhibit.objects.filter(episode__incident=incident).select_related("camera"),
        key=lambda exhibit: (not exhibit.arrived, not exhibit.is_still, exhibit.time),
    )


def lead_still(incident_ids: Iterable[int]) -> dict[int, Exhibit]:
    """For a list of incidents, by id: the still that shows it best (worst moment, then the beginning, then the end).
    What was signed is not loaded with it."""
    best_first = Case(
        When(role=Exhibit.Role.WORST, then=Value(0)),
        When(role=Exhibit.Role.OPENED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    stills = (
        Exhibit.objects.filter(episode__incident__in=incident_ids, media_type="image/jpeg", arrived=True)
        .annotate(incident_id=F("episode__incident"))
        .only("sha256", "media_type", "role", "time")
        .order_by(best_first, "-time")
    )
    leads: dict[int, Exhibit] = {}
    for still in stills:
        leads.setdefault(still.incident_id, still)
    return leads


def _exhibit(episode: Episode, signed: SignedManifest) -> Exhibit:
    manifest = signed.manifest
    return Exhibit(
        episode=episode,
        sha256=manifest.sha256,
        role=manifest.role.value,
        media_type=manifest.media_type,
        size=manifest.size,
        camera_id=episode.camera_id,
        time=manifest.time,
        manifest=manifest.model_dump(mode="json", by_alias=True),
        signature=signed.signature,
    )
