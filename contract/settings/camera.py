"""What is looked for in one camera's view, whole, and what must hold within it."""

import hashlib
from collections.abc import Iterator
from typing import Annotated, Any, Protocol

import rfc8785
from pydantic import Field, JsonValue

from contract.ids import ZoneId
from contract.kinds import PURPOSE_OF, IncidentKind, Purpose, ZoneKind
from contract.sentences import Sentence
from contract.settings.explaining import Place
from contract.settings.incidents import IncidentsSection
from contract.settings.section import Section
from contract.settings.zones import Polygon, ZoneSection

ZONES_FOR: dict[IncidentKind, frozenset[ZoneKind]] = {
    IncidentKind.JAM: frozenset({ZoneKind.ROADWAY}),
    IncidentKind.FLOOD: frozenset({ZoneKind.ROADWAY}),
    IncidentKind.VENDING: frozenset({ZoneKind.NO_VENDING}),
    IncidentKind.PARKING: frozenset({ZoneKind.NO_PARKING}),
}


class CameraSettings(Section):
    """Everything the centre may decide about a camera."""

    zones: Annotated[dict[ZoneId, ZoneSection], Field(title="Zones", max_length=64)] = {}
    incidents: Annotated[IncidentsSection, Field(title="Incidents")] = IncidentsSection()
    privacy_masks: Annotated[
        tuple[Polygon, ...],
        Field(title="Privacy masks", description="Windows and doors: black in every evidence.", max_length=64),
    ] = ()
    calibration: Annotated[
        dict[str, JsonValue] | None,
        Field(title="Calibration", description="A camera file as `sigap-calibrate fit` writes it; without it no km/h."),
    ] = None

    def digest(self) -> str:
        """Twelve hexadecimal digits that two sides can compare. What is left out and what is said at its default are
        the same, so that a field which one side does not know yet makes no difference."""
        return digest_of(self.model_dump(mode="json", exclude_defaults=True))


class Drawn(Protocol):
    """A camera's section of box.yaml, or of `desired`."""

    @property
    def zones(self) -> dict[ZoneId, ZoneSection]:
        """By id."""
        ...

    @property
    def incidents(self) -> IncidentsSection:
        """What is looked for in them."""
        ...

    @property
    def privacy_masks(self) -> tuple[Polygon, ...]:
        """What is black in every evidence."""
        ...


def digest_of(value: Any) -> str:
    """The first twelve digits of the sha256 of a JSON value's canonical form (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()[:12]


def polygons(camera: Drawn) -> Iterator[tuple[Place, Polygon]]:
    """All that is drawn in a camera's view, each with its place counted from the camera."""
    for zone, section in camera.zones.items():
        yield ("zones", zone, "points"), section.points
    for index, mask in enumerate(camera.privacy_masks):
        yield ("privacy_masks", index), mask
    for kind in (IncidentKind.VENDING, IncidentKind.PARKING):
        section = getattr(camera.incidents, kind.value)
        for index, permit in enumerate(section.permits if section is not None else ()):
            yield ("incidents", kind.value, "permits", index, "points"), permit.points


def contradictions(camera: Drawn, purpose: tuple[Purpose, ...] | None) -> Iterator[tuple[Place, Sentence]]:
    """What each section alone cannot know: a kind that the camera may not serve, a zone that is not there or of
    another kind. Places are counted from the camera.

    Args:
        camera: its zones and incidents.
        purpose: what it may serve; None for everything.
    """
    if camera.incidents.camera_fault is not None:
        yield from _purpose(purpose, IncidentKind.CAMERA_FAULT)
    for kind, wanted in camera.incidents.wanted():
        yield from _purpose(purpose, kind)
        yield from _zones(camera, kind, wanted.zones)


def _purpose(purpose: tuple[Purpose, ...] | None, kind: IncidentKind) -> Iterator[tuple[Place, Sentence]]:
    if purpose is not None and PURPOSE_OF[kind] not in purpose:
        yield (
            ("incidents", kind.value),
            Sentence(
                f"refused: {kind.value} serves {PURPOSE_OF[kind].value}, which is not in this camera's purpose",
                "purpose",
                {"kind": kind.value, "purpose": PURPOSE_OF[kind].value},
            ),
        )


def _zones(camera: Drawn, kind: IncidentKind, zones: tuple[str, ...]) -> Iterator[tuple[Place, Sentence]]:
    for index, zone in enumerate(zones):
        place = ("incidents", kind.value, "zones", index)
        if zone not in camera.zones:
            known = ", ".join(camera.zones)
            text = f"no zone {zone!r} on this camera; known: {known or 'none'}"
            yield place, Sentence(text, "zone.unknown" if known else "zone.none", {"zone": zone, "known": known})
        elif camera.zones[zone].kind not in ZONES_FOR[kind]:
            wanted = " or ".join(sorted(ZONES_FOR[kind]))
            given = {"zone": zone, "is": camera.zones[zone].kind.value, "kind": kind.value, "needs": wanted}
            text = f"zone {zone!r} is {given['is']}; {kind.value} needs {wanted}"
            yield place, Sentence(text, "zone.kind", given)
