"""The committed sample videos against their truth, and the truth against the code that made it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import av
import jsonschema
import numpy as np
import pytest

from scripts.render_scenes import RENDERER_VERSION
from scripts.render_scenes.geometry.camera import Camera, apply_homography
from scripts.render_scenes.scenes.named import SCENES
from scripts.render_scenes.truth.description import frame
from scripts.render_scenes.truth.incidents import JAM_ABOVE_OCCUPANCY, JAM_BELOW_KMH
from scripts.render_scenes.truth.schema import SCHEMA

SAMPLES = Path(__file__).parents[3] / "sample_videos"
TRUTHS = sorted(SAMPLES.glob("*.json"))
HAPPENS = {
    "jam_builds_up": ["jam"],
    "flood_rises": ["flood"],
    "vendor_arrives": ["vending"],
    "red_light": [],
    "night_rain": [],
    "truck_parks": ["parking"],
    "camera_covered": ["defocused", "dark", "moved"],
}
LARGEST_BYTES = 4 * 1024 * 1024


@pytest.fixture(scope="module", params=TRUTHS, ids=lambda path: path.stem)
def described(request: pytest.FixtureRequest) -> dict[str, Any]:
    return json.loads(request.param.read_text())


def camera_of(described: dict[str, Any]) -> Camera:
    return SCENES[described["scene"]].camera


def test_every_named_scene_is_there() -> None:
    assert {path.stem for path in TRUTHS} == set(SCENES)
    assert {path.stem for path in SAMPLES.glob("*.mp4")} == set(SCENES)


def test_what_happens_is_what_the_scene_is_for(described: dict[str, Any]) -> None:
    told = [incident.get("reason", incident["kind"]) for incident in described["incidents"]]
    assert told == HAPPENS[described["scene"]]


def test_truth_fits_its_schema(described: dict[str, Any]) -> None:
    jsonschema.validate(described, SCHEMA)
    known = {t["track"]: t["class"] for t in described["tracks"]}
    for told in described["frames"]:
        assert all(known[thing["track"]] == thing["class"] for thing in told["objects"])
        assert len({thing["track"] for thing in told["objects"]}) == len(told["objects"])


def test_truth_is_what_the_code_makes_of_the_seed(described: dict[str, Any]) -> None:
    scene = SCENES[described["scene"]]
    assert described["renderer"] == RENDERER_VERSION
    assert (scene.seed, scene.fps, scene.frames) == (described["seed"], described["fps"], described["frame_count"])
    moments = scene.story.moments(scene)
    for number in (0, scene.frames // 2, scene.frames - 1):
        made, committed = frame(scene, moments[number])["objects"], described["frames"][number]["objects"]
        assert [thing["track"] for thing in made] == [thing["track"] for thing in committed]
        for ours, theirs in zip(made, committed, strict=True):
            np.testing.assert_allclose(ours["box"], theirs["box"], atol=0.11)
            np.testing.assert_allclose(ours["ground_m"], theirs["ground_m"], atol=2e-3)
            assert ours["visible"] == pytest.approx(theirs["visible"], abs=0.02)


def test_distance_between_frames_matches_speed(described: dict[str, Any]) -> None:
    step_s, last = 1 / described["fps"], {}
    moved_m, expected_m = [], []
    for told in described["frames"]:
        now = {thing["track"]: (thing["ground_m"], thing["speed_kmh"] / 3.6) for thing in told["objects"]}
        for track in now.keys() & last.keys():
            moved_m.append(math.dist(now[track][0], last[track][0]))
            expected_m.append((now[track][1] + last[track][1]) / 2 * step_s)
        last = now
    expected, error = np.array(expected_m), np.abs(np.subtract(moved_m, expected_m))
    moving = expected > 0.5 * step_s
    assert moving.sum() > 1000
    assert np.quantile(error[moving] / expected[moving], 0.99) < 0.01
    # The rest start or stop hard within one frame, where the mean of both ends is not quite the mean speed.
    assert (error <= 0.01 * expected + 0.01).all()


def test_homography_maps_the_ground_within_2_cm_through_the_lens(described: dict[str, Any]) -> None:
    camera, told = camera_of(described), described["camera"]
    ground = np.array([(x, y) for x in np.linspace(-3.5, 4.0, 6) for y in np.linspace(18.5, 60.0, 9)])
    pixels, _ = camera.project(np.column_stack([ground, np.zeros(len(ground))]))
    back = apply_homography(np.array(told["pixel_to_ground"]), camera.undistort(pixels))
    assert np.abs(back - ground).max() < 0.02
    there = camera.distort(apply_homography(np.array(told["ground_to_pixel"]), ground))
    np.testing.assert_allclose(there, pixels, atol=1e-3)


def test_camera_matrix_is_made_of_its_parts(described: dict[str, Any]) -> None:
    camera = described["camera"]
    k, r, t = (np.array(camera[name]) for name in ("intrinsics", "rotation", "translation_m"))
    np.testing.assert_allclose(k @ np.column_stack([r, t]), camera["matrix"], atol=1e-6)
    np.testing.assert_allclose(r @ r.T, np.eye(3), atol=1e-9)
    np.testing.assert_allclose(-r.T @ t, camera["position_m"], atol=1e-6)


def test_a_jam_is_slow_and_dense_and_framed_by_free_flow(described: dict[str, Any]) -> None:
    frames, fps = described["frames"], described["fps"]
    for incident in described["incidents"]:
        if incident["kind"] != "jam" or described["scene"] != "jam_builds_up":
            continue
        states = [told["zones"][incident["zone"]] for told in frames]
        within = states[round(incident["from_s"] * fps) : round(incident["to_s"] * fps)]
        assert np.mean([state["speed_kmh"] for state in within]) < JAM_BELOW_KMH / 2
        assert np.mean([state["occupancy"] for state in within]) > JAM_ABOVE_OCCUPANCY
        ends = [s["speed_kmh"] for s in (*states[: 4 * fps], *states[-4 * fps :]) if s["speed_kmh"] is not None]
        assert min(ends) > 20


def test_boxes_lie_in_the_picture(described: dict[str, Any]) -> None:
    for name in ("box", "visible_box"):
        boxes = np.array([thing[name] for told in described["frames"] for thing in told["objects"]])
        assert (boxes[:, :2] >= 0).all()
        assert (boxes[:, 2] <= described["width_px"]).all()
        assert (boxes[:, 3] <= described["height_px"]).all()
        assert (boxes[:, 2:] > boxes[:, :2]).all()


def test_video_matches_its_truth(described: dict[str, Any]) -> None:
    path = SAMPLES / f"{described['scene']}.mp4"
    assert path.stat().st_size <= LARGEST_BYTES
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.format.name) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == (described["width_px"], described["height_px"])
        assert stream.average_rate == described["fps"]
        packets = [p for p in container.demux(stream) if p.size]
    assert len(packets) == described["frame_count"]
    keyframes = [number for number, packet in enumerate(packets) if packet.is_keyframe]
    assert keyframes == list(range(0, described["frame_count"], 2 * described["fps"]))
    assert all(packet.pts == packet.dts for packet in packets), "B-frames"
