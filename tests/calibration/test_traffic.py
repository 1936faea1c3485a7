"""Cameras told by the traffic alone: how true, how honest about it, and when they refuse."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from calibration.camera_file import load, read_camera
from calibration.cli import app
from calibration.ground import CalibrationError
from calibration.lens import Lens
from calibration.traffic.estimate import LENS_ERROR, TrafficFit, fit_traffic
from calibration.traffic.mount import Mount
from calibration.traffic.tracks import Track, Traffic, write_traffic
from tests.calibration import rendered
from tests.calibration.street import HEIGHT, WIDTH, Street, random_mount, simulate, speed_ratios

STRAIGHT = Lens((WIDTH, WIDTH), (WIDTH / 2, HEIGHT / 2), (0.0, 0.0, 0.0, 0.0, 0.0))
"""A lens that is known to bend nothing."""
ANY = 10.0
"""Accepts whatever the estimated error is."""


def street(height_m: float = 8, focal: float = 1.0, tilt_deg: float = 17, heading_deg: float = 8, **how) -> Street:
    mount = Mount(focal * WIDTH, (WIDTH / 2, HEIGHT / 2), height_m, np.radians(tilt_deg), 0.0, np.radians(heading_deg))
    return simulate(mount, 5, **{"lens": STRAIGHT, **how})


@pytest.fixture(scope="module")
def usual() -> Street:
    return street(seconds=90)


@pytest.fixture(scope="module")
def told(usual: Street) -> TrafficFit:
    return fit_traffic(usual.traffic)


def bias(seen: Street, plane) -> float:
    """By how much speeds are too high, as the logarithm of the median of their ratios."""
    return float(np.log(np.median(speed_ratios(seen, plane))))


def width_ratio(seen: Street, plane) -> float:
    """Measured over true width of the four lanes of 3.4 m, where vehicles drove."""
    along = seen.truth.to_ground(np.concatenate([track.feet for track in seen.traffic.tracks]))[:, 1]
    sides = [np.stack([np.full_like(along, side), along], axis=1) for side in (-6.8, 6.8)]
    left, right = (plane.to_ground(seen.truth.to_image(side)) for side in sides)
    return float(np.median(np.hypot(*(right - left).T)) / 13.6)


def test_the_simulated_boxes_themselves_are_true(usual: Street) -> None:
    assert np.median(np.abs(speed_ratios(usual, usual.truth) - 1)) < 0.02


def test_an_ordinary_street_tells_its_camera(usual: Street, told: TrafficFit) -> None:
    assert abs(bias(usual, told.plane)) < 0.12
    assert abs(bias(usual, told.plane)) < 2 * told.speed_error
    assert 0.04 < told.speed_error < 0.12
    assert told.mount.height_m == pytest.approx(8, rel=0.15)


def test_an_unknown_lens_makes_the_estimate_wider(usual: Street, told: TrafficFit) -> None:
    unknown = fit_traffic(replace(usual.traffic, lens=None))
    assert unknown.speed_error == pytest.approx(np.hypot(told.speed_error, LENS_ERROR))
    np.testing.assert_allclose(unknown.plane.homography, told.plane.homography)


def test_a_lens_that_nobody_told_of_stays_within_twice_the_estimate() -> None:
    bent = Lens((0.75 * WIDTH, 0.75 * WIDTH), (WIDTH / 2, HEIGHT / 2), (-0.15, 0.0, 0.0, 0.0, 0.0))
    seen = street(focal=0.75, seconds=90, lens=bent)
    fit = fit_traffic(replace(seen.traffic, lens=None))
    assert 0.03 < abs(bias(seen, fit.plane)) < 2 * fit.speed_error


def test_a_known_lane_width_holds_the_scale_across_the_road(usual: Street, told: TrafficFit) -> None:
    given_lane = fit_traffic(usual.traffic, lane_width_m=3.4)
    assert abs(width_ratio(usual, given_lane.plane) - 1) < min(0.05, abs(width_ratio(usual, told.plane) - 1))
    assert given_lane.speed_error < 1.01 * told.speed_error
    assert abs(bias(usual, given_lane.plane)) < 2 * given_lane.speed_error


def test_lanes_that_nobody_keeps_to_are_refused(usual: Street) -> None:
    with pytest.raises(CalibrationError, match="leave the lane width away"):
        fit_traffic(usual.traffic, lane_width_m=12.0)


def test_a_rendered_jam_of_one_minute_tells_its_camera() -> None:
    """There is no rendered clip of three minutes; this one has one, most of it in a queue."""
    fit = fit_traffic(rendered.traffic("jam_builds_up"))
    error = np.median(np.abs(rendered.speed_ratios("jam_builds_up", fit.plane) - 1))
    assert error < 0.12
    assert error < 2 * fit.speed_error


@pytest.mark.slow
@pytest.mark.parametrize("clip", rendered.CLIPS)
def test_every_rendered_clip_is_within_twice_its_estimated_error(clip: str) -> None:
    fit = fit_traffic(rendered.traffic(clip))
    assert abs(np.log(np.median(rendered.speed_ratios(clip, fit.plane)))) < 2.5 * fit.speed_error


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_of_thirty_mounts_speeds_are_within_twelve_per_cent_and_errors_as_estimated() -> None:
    medians, deviations = [], []
    for seed in range(200, 230):
        seen = simulate(random_mount(np.random.default_rng(seed)), seed, lens=STRAIGHT)
        try:
            fit = fit_traffic(seen.traffic, most_error=ANY)
        except CalibrationError:
            continue  # too steep or too near: hardly a vehicle is seen whole
        medians.append(np.median(np.abs(speed_ratios(seen, fit.plane) - 1)))
        deviations.append(abs(bias(seen, fit.plane)) / fit.speed_error)
    assert len(medians) >= 27
    assert np.median(medians) < 0.12
    assert np.mean(np.array(medians) < 0.12) > 0.7
    assert np.mean(np.array(deviations) < 1) > 0.5
    assert np.mean(np.array(deviations) < 2) > 0.9


def test_fewer_vehicles_make_the_estimate_wider(usual: Street, told: TrafficFit) -> None:
    few = replace(usual.traffic, tracks=usual.traffic.tracks[:40])
    assert fit_traffic(few, most_error=ANY).speed_error > told.speed_error


def test_an_error_over_the_bound_is_refused(usual: Street) -> None:
    few = replace(usual.traffic, tracks=usual.traffic.tracks[:30])
    with pytest.raises(CalibrationError, match=r"off by \d+%, more than the 2% accepted: watch more"):
        fit_traffic(few, most_error=0.02)


def test_too_few_vehicles_are_refused(usual: Street) -> None:
    with pytest.raises(CalibrationError, match="at least 12 are needed"):
        fit_traffic(replace(usual.traffic, tracks=usual.traffic.tracks[:8]))
    with pytest.raises(CalibrationError, match="0 of 0 tracks"):
        fit_traffic(replace(usual.traffic, tracks=()))


def test_motorcycles_alone_are_refused(usual: Street) -> None:
    motorcycles = tuple(track for track in usual.traffic.tracks if track.kind == "motorcycle")
    with pytest.raises(CalibrationError, match="0 whole cars drive along the road"):
        fit_traffic(replace(usual.traffic, tracks=motorcycles))


def test_standing_traffic_tells_nothing(usual: Street) -> None:
    still = tuple(
        Track(track.kind, track.times, np.tile(track.boxes[:1], (len(track.times), 1)))
        for track in usual.traffic.tracks
    )
    with pytest.raises(CalibrationError, match=r"0 of .* driving straight on"):
        fit_traffic(replace(usual.traffic, tracks=still))


def test_directions_that_do_not_agree_are_refused(usual: Street) -> None:
    rng = np.random.default_rng(1)
    tracks = []
    for _ in range(40):
        start, way = rng.uniform((300, 250), (900, 450)), rng.uniform(0, 2 * np.pi)
        middles = start + np.linspace(0, 200, 12)[:, None] * [np.cos(way), np.sin(way)]
        tracks.append(Track("car", np.arange(12.0), np.hstack([middles - 20, middles + 20])))
    with pytest.raises(CalibrationError, match="directions do not agree"):
        fit_traffic(Traffic(WIDTH, HEIGHT, tuple(tracks)))


def test_a_picture_upside_down_is_refused(usual: Street) -> None:
    turned = tuple(
        Track(track.kind, track.times, np.array([WIDTH, HEIGHT] * 2) - track.boxes[:, [2, 3, 0, 1]])
        for track in usual.traffic.tracks[:25]
    )
    with pytest.raises(CalibrationError, match=r"horizon would lie below|no camera above a flat road"):
        fit_traffic(replace(usual.traffic, tracks=turned))


def tracks_file(traffic: Traffic, path: Path) -> Path:
    write_traffic(traffic, path)
    return path


def test_the_command_writes_a_camera_that_says_how_it_was_made(usual: Street, tmp_path: Path) -> None:
    out = tmp_path / "camera.json"
    tracks = tracks_file(usual.traffic, tmp_path / "tracks.jsonl")
    made = CliRunner().invoke(app, ["traffic", str(tracks), "--out", str(out)])
    assert made.exit_code == 0, made.output
    camera = read_camera(out)
    assert camera.traffic is not None
    assert camera.rms_m is None
    assert f"estimated error of speeds {camera.traffic.speed_error * 100:.0f} %" in made.output
    assert abs(bias(usual, load(out))) < 2 * camera.traffic.speed_error
    shown = CliRunner().invoke(app, ["show", str(out)])
    assert f"told by the traffic, {camera.traffic.vehicles} vehicles" in shown.output


def test_the_command_refuses_in_a_sentence(usual: Street, tmp_path: Path) -> None:
    tracks = tracks_file(replace(usual.traffic, tracks=usual.traffic.tracks[:3]), tmp_path / "tracks.jsonl")
    made = CliRunner().invoke(app, ["traffic", str(tracks), "--out", str(tmp_path / "camera.json")])
    assert made.exit_code == 2
    assert "at least 12 are needed" in made.stderr
    assert not (tmp_path / "camera.json").exists()
