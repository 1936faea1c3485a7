"""A view learnt from vehicles alone, against views that are known."""

import numpy as np
import pytest

from edge.perception.ruler import MEMORY, Ruler, Sample, fit
from edge.perception.view import View, body_rows, outlines

WIDTH, HEIGHT = 960, 540


def vehicles(view: View, count: int, noise: float, seed: int = 3) -> list[Sample]:
    """Cars driving along the camera's axis, their boxes as the view shows them, with errors."""
    random = np.random.default_rng(seed)
    rows = random.uniform(max(view.horizon_px + 0.15 * HEIGHT, 0.2 * HEIGHT), HEIGHT, count)
    feet = np.stack([random.uniform(0.2 * WIDTH, 0.8 * WIDTH, count), rows], axis=1)
    # Along parallel lanes everything moves towards or away from one vanishing point.
    ways = feet - (WIDTH / 2, view.horizon_px)
    seen = outlines(
        feet, ways, body_rows(["car"] * count), focal=view.focal_px, horizon=view.horizon_px, camera_m=view.height_m,
        width=WIDTH, height=HEIGHT,
    )  # fmt: skip
    widths = seen.width * np.exp(random.normal(0, noise, count))
    heights = seen.height * np.exp(random.normal(0, noise, count))
    return [
        Sample((float(x), float(y)), (float(w), float(h)), (float(dx), float(dy)), "car", 0.8)
        for (x, y), w, h, (dx, dy) in zip(feet, widths, heights, ways, strict=True)
    ]


VIEWS = [
    pytest.param(View(0.6 * WIDTH, 0.2 * HEIGHT, 7, WIDTH, HEIGHT), id="wide"),
    pytest.param(View(1.0 * WIDTH, 0.0 * HEIGHT, 8, WIDTH, HEIGHT), id="normal"),
    pytest.param(View(2.2 * WIDTH, 0.25 * HEIGHT, 9, WIDTH, HEIGHT), id="long"),
    pytest.param(View(0.8 * WIDTH, -0.5 * HEIGHT, 14, WIDTH, HEIGHT), id="steep"),
]


@pytest.mark.parametrize("view", VIEWS)
def test_speeds_come_out_within_a_third(view: View) -> None:
    learnt = fit(vehicles(view, 60, 0.1), WIDTH, HEIGHT)
    for y in (0.6 * HEIGHT, 0.8 * HEIGHT):
        start, end = (0.5 * WIDTH, y), (0.52 * WIDTH, y + 6)
        assert learnt.metres_between(start, end) == pytest.approx(view.metres_between(start, end), rel=0.35)


@pytest.mark.parametrize("view", VIEWS)
def test_a_few_wrong_boxes_do_not_matter_much(view: View) -> None:
    samples = vehicles(view, 60, 0.1)
    broken = [
        Sample(sample.foot, (3 * sample.size[0], sample.size[1] / 2), sample.direction, "car", 0.6)
        for sample in samples[:8]
    ]
    start, end = (0.5 * WIDTH, 0.7 * HEIGHT), (0.5 * WIDTH, 0.7 * HEIGHT + 6)
    clean = fit(samples, WIDTH, HEIGHT).metres_between(start, end)
    dirty = fit([*broken, *samples[8:]], WIDTH, HEIGHT).metres_between(start, end)
    assert dirty == pytest.approx(clean, rel=0.35)


def test_without_vehicles_the_view_is_an_ordinary_one() -> None:
    view = Ruler(WIDTH, HEIGHT).view
    assert 4 < view.height_m < 12
    assert 0.4 < view.focal_px / WIDTH < 1.5
    with pytest.raises(ValueError, match="no vehicle"):
        fit([], WIDTH, HEIGHT)


def test_what_it_remembers_is_bounded() -> None:
    ruler = Ruler(WIDTH, HEIGHT)
    true = View(1.0 * WIDTH, 0.1 * HEIGHT, 8, WIDTH, HEIGHT)
    for seed in range(8):
        ruler.learn(vehicles(true, 60, 0.1, seed))
    assert len(ruler._samples) == MEMORY


def test_vehicles_drive_where_the_nearest_ones_drove() -> None:
    ruler = Ruler(WIDTH, HEIGHT)
    assert ruler.direction((100, 100)) == (0.0, 1.0)
    left = [Sample((100, y), (40, 40), (-1.0, 2.0), "car", 0.9) for y in (300, 310, 320, 330, 340)]
    right = [Sample((900, y), (40, 40), (2.0, 1.0), "car", 0.9) for y in (300, 310, 320, 330, 340)]
    ruler.learn([*left, *right])
    across, down = ruler.direction((120, 320))
    assert (across, down) == pytest.approx((-1 / 5**0.5, 2 / 5**0.5))
