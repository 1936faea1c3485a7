"""What can be set for each kind of incident: made from the types that box and centre share, in words for people."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel

from central.cameras.words import CHOICES
from contract.kinds import PURPOSE_OF, IncidentKind
from contract.settings.camera import ZONES_FOR
from contract.settings.incidents import IncidentsSection
from contract.settings.quantities import duration_text

NOT_HERE = frozenset({"zones", "permits", "water_references"})
"""Zones are ticked beside the thresholds, permits are a list of their own, references are drawn in box.yaml."""


@dataclass(frozen=True, slots=True)
class SettingField:
    """One threshold.

    Attributes:
        widget: duration, number, hours, numbers or choices.
        default: as it is written; empty: decided elsewhere.
        unit: behind the number.
    """

    name: str
    label: str
    help: str
    widget: str
    default: Any
    unit: str = ""
    least: float | None = None
    most: float | None = None
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class KindFields:
    """A kind that a camera can look for.

    Attributes:
        zones: kinds of zones that it is looked for in; none: it is the camera's own.
        purpose: that the camera must serve.
    """

    kind: str
    zones: tuple[str, ...]
    purpose: str
    fields: tuple[SettingField, ...]


UNITS = {"speed_below_kmh": "km/h", "speed_below_lengths_s": gettext_lazy("lengths/s"), "depth_classes": "cm"}


def all_kinds() -> list[dict[str, Any]]:
    """Every kind with its fields, as JSON types, in the language of the page."""
    return [asdict(_kind(kind)) for kind in IncidentKind]


def _kind(kind: IncidentKind) -> KindFields:
    section = _section_of(kind)
    schema = section.model_json_schema()
    fields = tuple(
        _field(name, schema["properties"][name], schema, info.get_default())
        for name, info in section.model_fields.items()
        if name not in NOT_HERE
    )
    zones = tuple(sorted(zone.value for zone in ZONES_FOR.get(kind, ())))
    return KindFields(kind.value, zones, PURPOSE_OF[kind].value, fields)


def _section_of(kind: IncidentKind) -> type[BaseModel]:
    annotation: Any = IncidentsSection.model_fields[kind.value].annotation
    return next(each for each in annotation.__args__ if each is not type(None))


def _field(name: str, node: dict[str, Any], schema: dict[str, Any], default: Any) -> SettingField:
    label, told = _(node["title"]), _(node["description"])
    node = next((each for each in node.get("anyOf", ()) if each.get("type") != "null"), node)
    if node.get("format") == "sigap-duration":
        return SettingField(name, label, told, "duration", duration_text(default))
    if node.get("format") == "sigap-hours":
        return SettingField(name, label, told, "hours", default.text)
    if node.get("type") == "array":
        items = node["items"]
        if "$ref" in items:
            items = schema["$defs"][items["$ref"].rsplit("/", 1)[1]]
        if "enum" in items:
            choices = tuple((each, str(CHOICES.get(each, each))) for each in items["enum"])
            return SettingField(name, label, told, "choices", [str(each) for each in default], choices=choices)
        return SettingField(name, label, told, "numbers", list(default), str(UNITS.get(name, "")))
    least = node.get("minimum", node.get("exclusiveMinimum"))
    most = node.get("maximum", node.get("exclusiveMaximum"))
    share = least == 0 and most == 1
    unit = str(UNITS.get(name, _("share 0–1") if share else ""))
    return SettingField(name, label, told, "number", default, unit, least, most)
