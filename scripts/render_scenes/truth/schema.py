"""The shape of a scene's truth as a JSON Schema; in words in sample_videos/README.md."""

from __future__ import annotations

from typing import Any

from scripts.render_scenes import RENDERER_VERSION
from scripts.render_scenes.bodies.catalogue import KINDS
from scripts.render_scenes.truth.description import SCHEMA_VERSION

_NUMBER = {"type": "number"}
_TEXT = {"type": "string"}
_VECTOR = {"type": "array", "items": _NUMBER}
_MATRIX = {"type": "array", "items": _VECTOR}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_SPEED = {"type": "number", "minimum": 0, "maximum": 120}
_KIND = {"enum": list(KINDS)}
_BOX = {"type": "array", "items": _NUMBER, "minItems": 4, "maxItems": 4}
_NAME = {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,39}$"}


def _record(optional: dict[str, Any] | None = None, /, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties | (optional or {}),
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any], least: int = 1) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least}


CAMERA = _record(
    position_m=_VECTOR, mount_height_m=_NUMBER, intrinsics=_MATRIX, rotation=_MATRIX, translation_m=_VECTOR,
    matrix=_MATRIX, distortion={"type": "array", "items": _NUMBER, "minItems": 5, "maxItems": 5},
    ground_to_pixel=_MATRIX, pixel_to_ground=_MATRIX,
)  # fmt: skip
ZONE = _record(
    name=_NAME,
    kind={"enum": ["roadway", "no_vending", "no_parking", "water_gauge", "ignore"]},
    polygon=_list({"type": "array", "items": _SHARE, "minItems": 2, "maxItems": 2}, 3),
    ground_m=_MATRIX,
)
INCIDENT = _record(
    {"reason": {"enum": ["dark", "covered", "defocused", "moved"]}},
    kind={"enum": ["jam", "flood", "vending", "parking", "camera_fault"]},
    zone={"anyOf": [_NAME, {"type": "null"}]}, from_s=_NUMBER, to_s=_NUMBER,
)  # fmt: skip
WATER = _record(share=_SHARE, mean_cm=_NUMBER, max_cm=_NUMBER)
ZONE_STATE = _record(
    {"water": WATER}, vehicles={"type": "integer"}, speed_kmh={"anyOf": [_SPEED, {"type": "null"}]}, occupancy=_SHARE
)
OBJECT = _record(
    {"rides": {"type": "integer"}}, **{"class": _KIND}, track={"type": "integer"}, box=_BOX, visible=_SHARE,
    visible_box=_BOX, speed_kmh=_SPEED, ground_m=_VECTOR, heading_deg=_NUMBER,
)  # fmt: skip
FRAME = _record(
    {
        "signals": {"type": "object", "additionalProperties": {"enum": ["red", "amber", "green"]}},
        "rain": _SHARE, "wet": _SHARE, "water_level_m": _NUMBER,
        "camera_fault": {"enum": ["dark", "covered", "defocused", "moved"]},
        "camera": _record(rotation=_MATRIX),
    },
    time_s=_NUMBER,
    zones={"type": "object", "additionalProperties": ZONE_STATE},
    objects=_list(OBJECT, 0),
)  # fmt: skip
SCHEMA = _record(
    schema={"const": SCHEMA_VERSION}, scene=_TEXT, seed={"type": "integer"}, renderer={"const": RENDERER_VERSION},
    fps={"type": "integer"}, frame_count={"type": "integer"}, width_px={"type": "integer"},
    height_px={"type": "integer"}, light={"enum": ["day", "low_sun", "overcast", "dusk", "night"]}, camera=CAMERA,
    zones=_list(ZONE, 0), incidents=_list(INCIDENT, 0),
    tracks=_list(_record(**{"class": _KIND}, track={"type": "integer"}, model=_TEXT, length_m=_NUMBER), 0),
    frames=_list(FRAME),
)  # fmt: skip
