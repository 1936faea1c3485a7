"""The renderer's geometry and traffic (without Blender), and the committed clips against their truth."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.render_scenes import RENDERER_VERSION, fleet, truth
from scripts.render_scenes.camera import Camera, apply_homography
from scripts.render_scenes.mesh import box
from scripts.render_scenes.scenes import SCENES, Placed, drive
from scripts.render_scenes.silhouette import compose, fill, projected_box, regions, visible_shares
from scripts.render_scenes.traffic import Arrival, Driver, Lane, Vehicle, simulate

SAMPLES = Path(__file__).parents[2] / "sample_videos"
TRUTHS = sorted(SAMPLES.glob("*.json"))

NUMBER = {"type": "number"}
VECTOR = {"type": "array", "items": NUMBER}
MATRIX = {"type": "array", "items": VECTOR}


def _record(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": 1}


CLASS = {"enum": ["car", "minibus", "bus", "truck", "motorcycle"]}
SHARE = {"type": "number", "minimum": 0, "maximum": 1}
SPEED = {"type": "number", "minimum": 0, "maximum": 120}
SCHEMA = _record(
    schema={"const": truth.SCHEMA_VERSION},
    scene={"type": "string"},
    seed={"type": "integer"},
    renderer={"const": RENDERER_VERSION},
    fps={"type": "integer"},
    frame_count={"type": "integer"},
    width_px={"const": 640},
    height_px={"const": 360},
    camera=_record(
        position_m=VECTOR,
        mount_height_m=NUMBER,
        intrinsics=MATRIX,
        rotation=MATRIX,
        translation_m=VECTOR,
        matrix=MATRIX,
        distortion=VECTOR,
        ground_to_pixel=MATRIX,
        pixel_to_ground=MATRIX,
    ),
    zones=_list(
        _record(
            name={"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,39}$"},
            kind={"enum": ["roadway", "no_vending", "no_parking", "water_gauge", "ignore"]},
            polygon=_list({"type": "array", "items": SHARE, "minItems": 2, "maxItems": 2}),
            ground_m=MATRIX,
        )
    ),
    incidents={
        "type": "array",
        "items": _record(kind={"enum": ["jam"]}, zone={"type": "string"}, from_s=NUMBER, to_s=NUMBER),
    },
    tracks=_list(_record(**{"class": CLASS}, track={"type": "integer"}, model={"type": "string"}, length_m=NUMBER)),
    frames=_list(
        _record(
            time_s=NUMBER,
            zones={
                "type": "object",
                "additionalProperties": _record(
                    vehicles={"type": "integer"}, speed_kmh={"anyOf": [SPEED, {"type": "null"}]}, occupancy=SHARE
                ),
            },
            vehicles={
                "type": "array",
                "items": _record(
                    **{"class": CLASS},
                    track={"type": "integer"},
                    box={"type": "array", "items": NUMBER, "minItems": 4, "maxItems": 4},
                    visible=SHARE,
                    speed_kmh=SPEED,
                    ground_m=VECTOR,
                ),
            },
        )
    ),
)


@pytest.fixture(scope="module", params=TRUTHS, ids=lambda path: path.stem)
def described(request: pytest.FixtureRequest) -> dict[str, Any]:
    return json.loads(request.param.read_text())


# The committed truth.


def test_truth_fits_its_schema(described: dict[str, Any]) -> None:
    jsonschema.validate(described, SCHEMA)
    known = {t["track"]: t["class"] for t in described["tracks"]}
    for frame in described["frames"]:
        assert all(known[v["track"]] == v["class"] for v in frame["vehicles"])
        assert len({v["track"] for v in frame["vehicles"]}) == len(frame["vehicles"])


def test_truth_is_what_the_code_makes_of_the_seed(described: dict[str, Any]) -> None:
    scene = SCENES[described["scene"]]
    assert (scene.seed, scene.fps, scene.frames) == (described["seed"], described["fps"], described["frame_count"])
    for number in range(0, scene.frames, 120):
        made = truth.frame_truth(drive(scene)[number], scene.camera)
        committed = described["frames"][number]["vehicles"]
        assert [v["track"] for v in made] == [v["track"] for v in committed]
        for ours, theirs in zip(made, committed, strict=True):
            np.testing.assert_allclose(ours["box"], theirs["box"], atol=0.11)
            np.testing.assert_allclose(ours["ground_m"], theirs["ground_m"], atol=2e-3)


def test_distance_between_frames_matches_speed(described: dict[str, Any]) -> None:
    step_s, last = 1 / described["fps"], {}
    moved_m, expected_m = [], []
    for frame in described["frames"]:
        now = {v["track"]: (v["ground_m"], v["speed_kmh"] / 3.6) for v in frame["vehicles"]}
        for track in now.keys() & last.keys():
            moved_m.append(math.dist(now[track][0], last[track][0]))
            expected_m.append((now[track][1] + last[track][1]) / 2 * step_s)
        last = now
    expected, error = np.array(expected_m), np.abs(np.subtract(moved_m, expected_m))
    moving = expected > 0.5 * step_s
    assert moving.sum() > 5000
    assert np.quantile(error[moving] / expected[moving], 0.99) < 0.01
    # The rest start or stop hard within one frame, where the mean of both ends is not quite the mean speed.
    assert (error <= 0.01 * expected + 0.01).all()


def test_homography_maps_the_ground_within_2_cm(described: dict[str, Any]) -> None:
    camera = described["camera"]
    ground = np.array([(x, y) for x in np.linspace(-3.5, 4.0, 6) for y in np.linspace(18.5, 60.0, 9)])
    projected = np.column_stack([ground, np.zeros(len(ground)), np.ones(len(ground))]) @ np.array(camera["matrix"]).T
    pixels = projected[:, :2] / projected[:, 2:]
    np.testing.assert_allclose(apply_homography(np.array(camera["ground_to_pixel"]), ground), pixels, atol=1e-3)
    back = apply_homography(np.array(camera["pixel_to_ground"]), pixels)
    assert np.abs(back - ground).max() < 0.02


def test_camera_matrix_is_made_of_its_parts(described: dict[str, Any]) -> None:
    camera = described["camera"]
    k, r, t = (np.array(camera[name]) for name in ("intrinsics", "rotation", "translation_m"))
    np.testing.assert_allclose(k @ np.column_stack([r, t]), camera["matrix"], atol=1e-6)
    np.testing.assert_allclose(r @ r.T, np.eye(3), atol=1e-9)
    np.testing.assert_allclose(-r.T @ t, camera["position_m"], atol=1e-6)


def test_jam_is_slow_and_dense_and_framed_by_free_flow(described: dict[str, Any]) -> None:
    frames, fps = described["frames"], described["fps"]
    for incident in described["incidents"]:
        states = [f["zones"][incident["zone"]] for f in frames]
        inside = states[round(incident["from_s"] * fps) : round(incident["to_s"] * fps)]
        assert np.mean([s["speed_kmh"] for s in inside]) < truth.JAM_BELOW_KMH / 2
        assert np.mean([s["occupancy"] for s in inside]) > truth.JAM_ABOVE_OCCUPANCY
        ends = [s["speed_kmh"] for s in (*states[: 4 * fps], *states[-4 * fps :]) if s["speed_kmh"] is not None]
        assert min(ends) > 25


def test_boxes_lie_in_the_picture(described: dict[str, Any]) -> None:
    boxes = np.array([v["box"] for frame in described["frames"] for v in frame["vehicles"]])
    assert (boxes[:, :2] >= 0).all()
    assert (boxes[:, 2] <= described["width_px"]).all()
    assert (boxes[:, 3] <= described["height_px"]).all()
    assert (boxes[:, 2:] > boxes[:, :2]).all()


def test_video_matches_its_truth(described: dict[str, Any]) -> None:
    path = SAMPLES / f"{described['scene']}.mp4"
    assert path.stat().st_size <= 4 * 1024 * 1024
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


# Projection and outlines.

CAMERA = Camera(640, 360, 900.0, (2.2, 0.0, 8.0), (0.2, 36.0, 0.0))


def test_projected_box_of_a_mesh_matches_the_projection_of_its_corners() -> None:
    solid = box((-0.9, 0.9), (28.0, 32.0), (0.0, 1.5), "paint")
    pixels, _ = CAMERA.project(solid.vertices)
    homogeneous = np.column_stack([solid.vertices, np.ones(8)]) @ CAMERA.matrix.T
    np.testing.assert_allclose(pixels, homogeneous[:, :2] / homogeneous[:, 2:], atol=1e-9)
    ys, xs = np.nonzero(fill(pixels, CAMERA))
    drawn = (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1)
    np.testing.assert_allclose(drawn, [*pixels.min(axis=0), *pixels.max(axis=0)], atol=1.01)


def test_a_point_straight_ahead_is_in_the_middle_of_the_picture() -> None:
    pixels, depth = CAMERA.project(np.array([CAMERA.target_m]))
    np.testing.assert_allclose(pixels[0], [320, 180], atol=1e-9)
    assert depth[0] == pytest.approx(math.dist(CAMERA.position_m, CAMERA.target_m))


@pytest.mark.parametrize("model", fleet.MODELS, ids=lambda m: m.name)
def test_vehicles_stand_on_the_ground_and_have_their_length(model: fleet.Model) -> None:
    vertices = fleet.mesh(model.name).vertices
    assert vertices[:, 2].min() == pytest.approx(0.0, abs=0.03)
    assert np.ptp(vertices[:, 0]) == pytest.approx(model.length_m, abs=0.12)
    np.testing.assert_allclose(vertices[:, 1].min(), -vertices[:, 1].max(), atol=0.05)


@pytest.mark.parametrize("model", fleet.MODELS, ids=lambda m: m.name)
def test_faces_of_vehicles_look_outward(model: fleet.Model) -> None:
    """The volume under the outward faces is positive; a body turned inside out would be lit from within."""
    mesh, volume = fleet.mesh(model.name), 0.0
    for face in mesh.faces:
        first, *rest = (mesh.vertices[i] for i in face)
        volume += sum(np.dot(first, np.cross(a, b)) / 6 for a, b in pairwise(rest))
    assert volume > 0.05


def test_the_nearer_vehicle_hides_the_farther_one() -> None:
    towards = -math.pi / 2
    near, far = Placed(1, "truck", 1.0, 30.0, towards, 0.0), Placed(2, "hatch", 1.0, 36.0, towards, 0.0)
    alone = visible_shares([far], CAMERA)
    assert alone[2] == pytest.approx(1.0, abs=0.06)
    together = visible_shares([far, near], CAMERA)
    assert together[1] == pytest.approx(1.0, abs=0.06)
    assert together[2] < 0.6


def test_a_vehicle_behind_the_camera_has_no_box() -> None:
    assert projected_box(Placed(1, "mpv", 1.0, -5.0, -math.pi / 2, 0.0), CAMERA) is None


def test_regions_cover_all_that_changes_and_nothing_else_is_drawn() -> None:
    mask = np.zeros((360, 640))
    mask[20:40, 300:320] = mask[250:350, 100:200] = 1.0
    found = regions(mask)
    covered = np.zeros_like(mask)
    for x0, y0, x1, y1 in found:
        covered[y0:y1, x0:x1] = 1
    assert (covered >= mask).all()
    assert covered.sum() < 0.1 * mask.size
    street = np.full((360, 640, 3), 50, np.uint8)
    drawn = [((x0, y0, x1, y1), np.full((y1 - y0, x1 - x0, 3), 200, np.uint8)) for x0, y0, x1, y1 in found]
    picture = compose(street, drawn, mask)
    np.testing.assert_array_equal(picture[..., 0], np.where(mask > 0, 200, 50))


# Traffic.

DRIVERS = st.builds(
    Driver,
    desired_speed_ms=st.floats(5, 20),
    time_gap_s=st.floats(0.8, 2),
    standstill_gap_m=st.floats(1, 3),
    acceleration_ms2=st.floats(0.8, 2.6),
    braking_ms2=st.floats(1.2, 3),
)


@settings(deadline=None, max_examples=30)
@given(
    drivers=st.lists(DRIVERS, min_size=2, max_size=12),
    lengths=st.lists(st.floats(1.9, 12), min_size=12, max_size=12),
    crawl_ms=st.floats(0.0, 3.0),
    from_s=st.floats(5, 30),
)
def test_followers_never_touch_and_never_reverse(
    drivers: list[Driver], lengths: list[float], crawl_ms: float, from_s: float
) -> None:
    arrivals = [Arrival(2.0 * i, 0, "mpv", lengths[i], 0.0, d) for i, d in enumerate(drivers)]
    times = [t / 4 for t in range(240)]
    frames = simulate(
        arrivals,
        lanes=1,
        road_length_m=300.0,
        limit_ms=lambda t, x: crawl_ms if t > from_s and x > 200 else 99.0,
        start_s=0.0,
        frame_times_s=times,
    )
    length = {i + 1: a.length_m for i, a in enumerate(arrivals)}
    before: dict[int, float] = {}
    for frame in frames:
        for leader, follower in pairwise(frame):
            gap = leader.middle_m - length[leader.track] / 2 - follower.middle_m - length[follower.track] / 2
            assert gap > 0.0
        for state in frame:
            assert state.speed_ms >= 0.0
            assert state.middle_m >= before.get(state.track, -20.0) - 1e-9
        before = {state.track: state.middle_m for state in frame}


def test_a_free_driver_reaches_the_desired_speed_and_a_follower_keeps_the_gap() -> None:
    driver = Driver(desired_speed_ms=12.0, time_gap_s=1.2, standstill_gap_m=2.0)
    car = Arrival(0.0, 0, "mpv", 4.0, 0.0, driver)
    lane = Lane([Vehicle(1, car, 30.0, 0.0), Vehicle(2, car, 20.0, 0.0)])
    for _ in range(4000):
        lane.step(0.025, lambda _: 8.0)
    leader, follower = lane.vehicles
    assert leader.speed_ms == pytest.approx(8.0, abs=0.05)
    # Equilibrium gap of the model (its equation 5): s = (s0 + vT) / sqrt(1 - (v / v0)^4), v0 the limit of 8 m/s here.
    assert leader.rear_m - follower.front_m > 2.0 + 8.0 * 1.2 - 0.5


def test_jam_intervals_need_both_slow_and_dense() -> None:
    def states(speed: float | None, occupancy: float) -> list[dict[str, Any]]:
        return [{"speed_kmh": speed, "occupancy": occupancy}] * 80

    free, parked, jam, empty = states(36.0, 0.1), states(2.0, 0.1), states(3.0, 0.5), states(None, 0.0)
    [(start, end)] = truth.jam_intervals([*free, *parked, *free, *jam, *empty], fps=8)
    assert (start, end) == (pytest.approx(30.0, abs=1.1), pytest.approx(40.0, abs=1.1))
    assert truth.jam_intervals([*free, *parked, *empty], fps=8) == []
