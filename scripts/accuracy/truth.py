"""What really happened in a clip: from the JSON beside a rendered one, or a few lines of YAML about a real one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import Any

import yaml

from contract.kinds import IncidentKind

SCHEMA = 2
"""Of the rendered clips' truth (sample_videos/README.md)."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that happened.

    Attributes:
        kind: of incident.
        about: the zone's id; for a camera fault, which fault.
        from_s: seconds of the clip.
        to_s: seconds of the clip; infinite when it lasts until the end.
    """

    kind: IncidentKind
    about: str
    from_s: float
    to_s: float

    @property
    def length_s(self) -> float:
        return self.to_s - self.from_s

    def within(self, duration_s: float) -> Incident:
        """The incident as a clip of this length shows it."""
        return replace(self, to_s=min(self.to_s, duration_s))


def of_rendered(document: Mapping[str, Any]) -> list[Incident]:
    """The incidents of a rendered clip.

    Raises:
        ValueError: another version of the truth's schema.
    """
    if document["schema"] != SCHEMA:
        raise ValueError(f"truth of schema {document['schema']}; this program reads {SCHEMA}")
    return [
        Incident(IncidentKind(one["kind"]), one["zone"] or one["reason"], one["from_s"], one["to_s"])
        for one in document["incidents"]
    ]


def of_real(text: str) -> list[Incident]:
    """The incidents of a real clip: YAML with `incidents: [{kind, zone or fault, from_s, to_s}]`.

    Without `to_s` an incident lasts until the clip ends.

    Raises:
        ValueError: a field is missing or a kind is unknown.
    """
    document = yaml.safe_load(text)
    found = []
    for one in document.get("incidents") or []:
        try:
            about = one["fault"] if one["kind"] == IncidentKind.CAMERA_FAULT else one["zone"]
            found.append(Incident(IncidentKind(one["kind"]), about, float(one["from_s"]), float(one.get("to_s", inf))))
        except KeyError as error:
            raise ValueError(f"an incident without {error}: {one}") from error
    return found


def read(path: Path) -> list[Incident]:
    """The incidents that a truth file tells of; JSON or YAML by its name.

    Raises:
        ValueError: it does not say what it should; the text names the file.
    """
    text = path.read_text(encoding="utf-8")
    try:
        return of_rendered(json.loads(text)) if path.suffix == ".json" else of_real(text)
    except (KeyError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from error


def joined(incidents: Sequence[Incident], gap_s: float) -> list[Incident]:
    """Incidents of one kind and place at most `gap_s` apart made one: a box with such a hold sees one problem."""
    found: list[Incident] = []
    newest: dict[tuple[IncidentKind, str], int] = {}
    for incident in sorted(incidents, key=lambda incident: incident.from_s):
        key = (incident.kind, incident.about)
        at = newest.get(key)
        if at is not None and incident.from_s - found[at].to_s <= gap_s:
            found[at] = replace(found[at], to_s=max(found[at].to_s, incident.to_s))
        else:
            newest[key] = len(found)
            found.append(incident)
    return found
