"""What looking costs: decoding on demand against decoding everything, adaptive against full attention."""

from collections.abc import Iterator
from pathlib import Path

import av

from edge.analyze import Attention, analyze
from edge.cameras.decode import glance, stare
from edge.cameras.offline import PacketFile
from edge.cameras.ring import PacketRing
from edge.config.document import load
from edge.networks import Networks
from models.onnx_detector import OnnxDetector
from scripts.bench.figures import Comparison, compare

ROOT = Path(__file__).resolve().parents[2]
CLIP = ROOT / "sample_videos" / "jam_builds_up.mp4"
CAMERA = ROOT / "tests" / "accuracy" / "cameras" / "jam_builds_up.yaml"
GLANCE_EVERY_S = 2.0


def comparisons(rounds: int) -> Iterator[Comparison]:
    """Of the sample clip, per second of its video."""
    seconds = _seconds()
    yield compare(
        "Decode: a glance each 2 s",
        ("keyframe on demand", _glances),
        ("every frame (PyAV)", _every_frame),
        per="second of video",
        share=1 / seconds,
        rounds=rounds,
    )
    ring = _full_ring()
    yield compare(
        "Decode: a stare of 2.5 s at 6/s",
        ("out of the ring", lambda: stare(ring, 2.5, 6.0)),
        ("every frame of the ring", lambda: stare(ring, 8.0, 100.0)),
        per="stare",
        rounds=rounds,
    )
    section = load(CAMERA, "analyze").document.cameras["jam_builds_up"]
    networks = Networks(OnnxDetector.load())
    yield compare(
        "Analyse: a minute with a jam in it",
        ("adaptive", lambda: analyze(CLIP, "jam_builds_up", section, networks, attention=Attention.ADAPTIVE)),
        ("full", lambda: analyze(CLIP, "jam_builds_up", section, networks, attention=Attention.FULL)),
        per="second of video",
        share=1 / seconds,
        rounds=min(rounds, 3),
    )


def _seconds() -> float:
    with av.open(str(CLIP)) as container:
        return float((container.duration or 0) / av.time_base)


def _every_frame() -> None:
    with av.open(str(CLIP)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        for frame in container.decode(stream):
            frame.to_ndarray(format="bgr24")


def _glances() -> None:
    source, ring = PacketFile(CLIP), PacketRing("bench")
    ring.begin(source.open(), start_time=0.0)
    due = 0.0
    for packet in source:
        ring.append(packet)
        newest = ring.state().newest_time
        if newest is not None and newest >= due:
            glance(ring)
            due = newest + GLANCE_EVERY_S
    source.close()


def _full_ring() -> PacketRing:
    source, ring = PacketFile(CLIP), PacketRing("bench")
    ring.begin(source.open(), start_time=0.0)
    for packet in source:
        ring.append(packet)
    source.close()
    return ring
