"""The sample clip, its truth, and box files for it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import av
import yaml

from scripts.demo.city import BOX, CLIPS

CAMERA = "simpang_balai"
CLIP = CLIPS[CAMERA]
ZONE, PLACE = "utara", "Jl. Jenderal Sudirman:utara"


def truth(clip: Path = CLIP) -> dict[str, Any]:
    """What the renderer knows of the clip."""
    known: dict[str, Any] = json.loads(clip.with_suffix(".json").read_text())
    return known


def write_box_file(path: Path, addresses: Mapping[str, str]) -> Path:
    """A box of cameras that all see the clip's street; a jam counts after 5 s and is over after 3 s.

    Args:
        addresses: camera id → URL; may use the variables of `scripts.demo.city.City`.
    """
    (zone,) = truth()["zones"]
    cameras = {
        camera: {
            "name": camera,
            "inputs": [{"url": url}],
            "location": {"lat": -2.1291, "lon": 106.1138},
            "purpose": ["traffic"],
            "zones": {ZONE: {"kind": "roadway", "place": PLACE, "points": zone["polygon"]}},
            "incidents": {"jam": {"zones": [ZONE], "min_duration": "5s", "hold": "3s"}},
        }
        for camera, url in addresses.items()
    }
    box = {
        "box": {"id": BOX, "site": "Test", "state_dir": "${DEMO_STATE}", "disk_limit": "1GB"},
        "mqtt": {"url": "mqtt://127.0.0.1:${DEMO_MQTT_PORT}", "heartbeat": "2s", "resend_after": "5s"},
        "cameras": cameras,
    }
    path.write_text(yaml.safe_dump(box))
    return path


def shortened(path: Path, lead_in_s: float = 5.0) -> Path:
    """The clip from the last keyframe at least so long before its jam, so that a test need not wait for the jam."""
    (jam,) = truth()["incidents"]
    with av.open(str(CLIP)) as source, av.open(str(path), "w") as target:
        stream = source.streams.video[0]
        assert stream.time_base is not None
        source.seek(int((jam["from_s"] - lead_in_s) / stream.time_base), stream=stream, backward=True)
        copy = target.add_stream_from_template(stream)
        first: int | None = None
        for packet in source.demux(stream):
            if packet.dts is None or packet.pts is None:
                continue  # the end
            first = packet.dts if first is None else first
            packet.pts, packet.dts, packet.stream = packet.pts - first, packet.dts - first, copy
            target.mux(packet)
    return path
