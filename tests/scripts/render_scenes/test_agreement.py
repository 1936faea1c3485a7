"""The truth's boxes against what Blender drew: how it is compared, and, where Blender is, the comparison itself."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from scripts.render_scenes.__main__ import app
from scripts.render_scenes.truth import agreement

ROOT = Path(__file__).parents[3]
BLENDER = ROOT / ".venv-render" / "bin" / "python"


def lay_still(folder: Path, drawn: tuple[int, int, int, int], **thing: object) -> None:
    """A still of one car with a true box of (100, 50, 180, 110), drawn at `drawn`."""
    car = {"track": 7, "class": "car", "box": [100.0, 50.0, 180.0, 110.0], "visible": 1.0} | thing
    told = {"width_px": 640, "height_px": 360, "objects": [car]}
    (folder / "still_000001.json").write_text(json.dumps(told))
    tracks = np.zeros((360, 640), np.uint16)
    x0, y0, x1, y1 = drawn
    tracks[y0:y1, x0:x1] = 7
    cv2.imwrite(str(folder / "still_000001_tracks.png"), tracks)


def test_a_box_that_is_drawn_where_it_is_said_to_be_fits(tmp_path: Path) -> None:
    lay_still(tmp_path, (100, 50, 180, 110))
    (fit,) = agreement.fits(tmp_path)
    assert fit.iou == 1.0
    shown = CliRunner().invoke(app, ["check", str(tmp_path)])
    assert shown.exit_code == 0, shown.output
    assert "1 of 1 whole things: IoU median 1.000" in shown.output


def test_a_box_beside_its_drawing_is_named_and_fails(tmp_path: Path) -> None:
    lay_still(tmp_path, (120, 50, 200, 110))
    (fit,) = agreement.fits(tmp_path)
    assert fit.iou == pytest.approx(60 / 100)
    shown = CliRunner().invoke(app, ["check", str(tmp_path)])
    assert shown.exit_code == 1
    assert "still_000001 car 7: IoU 0.60" in shown.output


def test_a_thing_that_was_never_drawn_fits_nowhere(tmp_path: Path) -> None:
    lay_still(tmp_path, (0, 0, 0, 0))
    assert [fit.iou for fit in agreement.fits(tmp_path)] == [0.0]


@pytest.mark.parametrize(
    "thing", [{"visible": 0.9}, {"box": [600.0, 50.0, 640.0, 110.0]}, {"box": [100.0, 50.0, 108.0, 70.0]}],
    ids=["partly hidden", "cut by the edge", "small"],
)  # fmt: skip
def test_what_is_not_whole_is_not_compared(tmp_path: Path, thing: dict[str, object]) -> None:
    lay_still(tmp_path, (100, 50, 180, 110), **thing)
    assert agreement.fits(tmp_path) == []
    assert CliRunner().invoke(app, ["check", str(tmp_path)]).exit_code != 0


def test_a_sample_is_drawn_once_and_the_same_again(tmp_path: Path) -> None:
    lay_still(tmp_path, (100, 50, 180, 110))
    many = agreement.fits(tmp_path) * 30
    assert len(agreement.sampled(many, 10)) == 10
    assert len(agreement.sampled(many, 100)) == 30
    numbered = [agreement.Fit(str(n), n, "car", (0, 0, 9, 9), (0, 0, 9, 9)) for n in range(30)]
    assert agreement.sampled(numbered, 10) == agreement.sampled(numbered, 10)
    assert len(set(agreement.sampled(numbered, 10))) == 10


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(not BLENDER.is_file(), reason="needs Blender: `make .venv-render/.installed` sets it up")
def test_blender_draws_things_where_the_truth_says_they_are_and_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    def render(count: int) -> str:
        words = [str(BLENDER), "-m", "scripts.render_scenes", "stills", str(count), "--out", str(tmp_path)]
        return subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout

    assert "s for each new one" in render(2)
    first = tmp_path / "still_000000.jpg"
    drawn = first.read_bytes()
    render(4)
    assert first.read_bytes() == drawn
    assert "none was missing" in render(4)
    found = agreement.fits(tmp_path)
    assert len(found) >= 4
    assert min(fit.iou for fit in found) >= 0.9
    assert len(json.loads((tmp_path / "instances.json").read_text())["images"]) == 4
