"""The sample clip, its truth, and box files for it."""

import json
from collections.abc import Mapping
from itertools import dropwhile
from pathlib import Path
from typing import Any

import av
import yaml

from scripts.demo.city import BOX, BOX_FILE, CLIPS

CAMERA = "simpang_balai"
CLIP = CLIPS[CAMERA]
ZONE, PLACE = "utara", "Jl. Jenderal Sudirman:utara"


def truth(clip: Path = CLIP) -> dict[str, Any]:
    """What the renderer knows of the clip."""
    known: dict[str, Any] = json.loads(clip.with_suffix(".json").read_text())
    return known


def demo_box_of_one(path: Path) -> Path:
    """The demo's own box file with the sample clip's camera only."""
    box = yaml.safe_load(BOX_FILE.read_text())
    camera = box["cameras"][CAMERA]
    camera["calibration"] = str(BOX_FILE.parent / camera["calibration"])
    path.write_text(yaml.safe_dump(box | {"cameras": {CAMERA: camera}}))
    return path


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


def jam_lasts_s() -> float:
    """How long the one jam of the clip is."""
    (jam,) = truth()["incidents"]
    return float(jam["to_s"] - jam["from_s"])


def spliced(clip: Path, path: Path, *spans: tuple[float, float]) -> Path:
    """Parts of a clip one after the other, seconds from and to, each begun at its first keyframe.

    No picture is encoded anew. The clips have no B-frames, so the order of decoding is the order of showing.
    """
    with av.open(str(path), "w") as target:
        copy, number = None, 0
        for from_s, to_s in spans:
            with av.open(str(clip)) as source:  # anew: a packet is muxed once
                stream = source.streams.video[0]
                copy = copy or target.add_stream_from_template(stream)
                packets = (packet for packet in source.demux(stream) if packet.pts is not None)
                within = [packet for packet in packets if from_s <= float(packet.pts * packet.time_base) < to_s]
                for packet in dropwhile(lambda one: not one.is_keyframe, within):
                    packet.pts = packet.dts = number * packet.duration
                    packet.stream = copy
                    target.mux(packet)
                    number += 1
    return path


def turned(path: Path, lead_in_s: float = 12.0) -> Path:
    """The same round of the clip, begun at the last keyframe at least so long before its jam: a test need not wait.

    The lead-in is for the box to come up in: a jam whose onset was not seen takes longer to be told from parked cars.
    No picture is encoded anew. The clip has no B-frames, so the order of decoding is the order of showing.
    """
    (jam,) = truth()["incidents"]
    with av.open(str(CLIP)) as source, av.open(str(path), "w") as target:
        stream = source.streams.video[0]
        copy = target.add_stream_from_template(stream)
        packets = [packet for packet in source.demux(stream) if packet.pts is not None]
        times_s = [float(packet.pts * packet.time_base) for packet in packets]
        latest_s = jam["from_s"] - lead_in_s
        start = max(n for n, packet in enumerate(packets) if packet.is_keyframe and times_s[n] <= latest_s)
        for number, packet in enumerate(packets[start:] + packets[:start]):
            packet.pts = packet.dts = number * packet.duration
            packet.stream = copy
            target.mux(packet)
    return path
