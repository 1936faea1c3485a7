"""What a camera usually shows is learned from its first looks, and a fault is measured against it."""

import time as wall
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from edge.perception.observation import LookKind, Observation, PictureQuality
from edge.perception.quality.eyes import PictureEyes
from edge.perception.quality.memory import FileMemory
from edge.perception.quality.usual import UsualView
from edge.picture import Image
from models.detections import Detections
from models.detector import STREET_CLASSES
from tests.edge.perception.quality.views import (
    Ail,
    blurred,
    brightened,
    covered,
    dimmed,
    panned,
    picture,
    rolled,
    scene,
    sound,
    street,
)

SEEN = Observation("north", LookKind.GLANCE, 0, 0, Detections.empty(STREET_CLASSES))
LEARNED_S = 40.0


class Kept:
    """A memory in memory."""

    def __init__(self, views: Sequence[UsualView]) -> None:
        self.views, self.saved = tuple(views), 0

    def load(self) -> tuple[UsualView, ...]:
        return self.views

    def save(self, views: Sequence[UsualView]) -> None:
        self.views, self.saved = tuple(views), self.saved + 1


def look(eyes: PictureEyes, time: float, image: Image) -> PictureQuality:
    return eyes.see([picture(time, image)], SEEN)


def play(
    eyes: PictureEyes, since: float, until: float, ail: Ail = sound, every_s: float = 2.0
) -> list[tuple[float, PictureQuality]]:
    return [(float(time), look(eyes, time, ail(street(time)))) for time in np.arange(since, until, every_s)]


@pytest.fixture(scope="module")
def learned() -> Callable[[], PictureEyes]:
    eyes = PictureEyes()
    play(eyes, 0, LEARNED_S)
    return lambda: PictureEyes(Kept(eyes.views))


def test_the_first_looks_are_compared_with_nothing() -> None:
    qualities = [quality for _, quality in play(PictureEyes(), 0, 10)]
    assert [quality.alike is None for quality in qualities] == [True, True, True, False, False]
    assert qualities[0].sharpness is None
    assert qualities[0].brightness == pytest.approx(0.45, abs=0.15)


def test_a_sound_picture_is_as_usual(learned: Callable[[], PictureEyes]) -> None:
    quality = look(learned(), 50, street(50))
    assert quality.alike is not None
    assert quality.alike > 0.8
    assert quality.sharpness == pytest.approx(1, abs=0.2)
    assert (quality.shift_share, quality.roll_deg, quality.covered_share, quality.frozen_s) == (0, 0, 0, 0)


@pytest.mark.parametrize("ail", [dimmed(0.3), brightened(1.4)], ids=["dusk", "a light switched on"])
def test_another_light_is_no_other_view(learned: Callable[[], PictureEyes], ail: Ail) -> None:
    quality = look(learned(), 50, ail(street(50)))
    assert quality.alike is not None
    assert quality.alike > 0.6
    assert quality.covered_share == pytest.approx(0, abs=0.1)
    assert quality.shift_share == 0


@pytest.mark.parametrize("sigma_px", [2.0, 5.0, 10.0])
def test_a_blur_takes_the_fine_detail_and_leaves_the_view(learned: Callable[[], PictureEyes], sigma_px: float) -> None:
    quality = look(learned(), 50, blurred(sigma_px)(street(50)))
    assert quality.sharpness is not None
    assert quality.sharpness < 0.4
    assert quality.kept_share is not None
    assert quality.kept_share > 0.6


@pytest.mark.parametrize("share", [0.4, 0.6, 1.0])
@pytest.mark.parametrize("grey", [60, 150])
def test_a_cover_takes_its_share_of_the_view(learned: Callable[[], PictureEyes], share: float, grey: int) -> None:
    quality = look(learned(), 50, covered(share, grey)(street(50)))
    assert quality.covered_share == pytest.approx(share, abs=0.12)


@pytest.mark.parametrize("right_deg", [-15.0, -4.0, 4.0, 15.0])
def test_a_turn_to_the_side_is_a_shift_as_large_as_optics_has_it(
    learned: Callable[[], PictureEyes], right_deg: float
) -> None:
    quality = look(learned(), 50, panned(right_deg)(street(50)))
    assert quality.shift_share == pytest.approx(0.95 * np.tan(np.radians(abs(right_deg))), abs=0.02)


@pytest.mark.parametrize("clockwise_deg", [-15.0, -7.0, 4.0, 15.0])
def test_a_roll_is_measured(learned: Callable[[], PictureEyes], clockwise_deg: float) -> None:
    quality = look(learned(), 50, rolled(clockwise_deg)(street(50)))
    assert quality.roll_deg == pytest.approx(clockwise_deg, abs=2.5)


def test_another_view_altogether_is_not_found(learned: Callable[[], PictureEyes]) -> None:
    quality = look(learned(), 50, street(50, view=scene(99)))
    assert quality.shift_share is None
    assert quality.kept_share is not None
    assert quality.kept_share < 0.15


@pytest.mark.parametrize(
    "ail",
    [blurred(6), covered(0.6, 90), covered(0.6, 10), covered(1.0, 90), panned(10), dimmed(0.02)],
    ids=["blur", "grey cover", "black cover", "all covered", "turned", "dark"],
)
def test_the_usual_view_never_adapts_to_a_fault(learned: Callable[[], PictureEyes], ail: Ail) -> None:
    eyes = learned()
    before = eyes.views
    play(eyes, 50, 50 + 3600, ail, every_s=150)
    assert eyes.views == before
    sound_again = look(eyes, 4000, street(4000))
    assert sound_again.alike is not None
    assert sound_again.alike > 0.8


def test_a_lasting_other_light_becomes_a_usual_view_of_its_own(learned: Callable[[], PictureEyes]) -> None:
    def night(image: Image) -> Image:
        """Colourless, dim, and the upper half of the view lies in the dark."""
        grey = np.repeat(image.mean(axis=2, keepdims=True), 3, axis=2) * 0.35
        grey[:150] *= 0.2
        return grey.astype(np.uint8)

    eyes = learned()
    first, *_, last = [quality for _, quality in play(eyes, 50, 250, night)]
    assert first.covered_share == pytest.approx(0, abs=0.15)
    assert last.alike is not None
    assert last.alike > 0.8
    assert len(eyes.views) == 2
    by_day = look(eyes, 300, street(300))
    assert by_day.alike is not None
    assert by_day.alike > 0.8, "the day is not forgotten"


def test_one_picture_teaches_once() -> None:
    eyes = PictureEyes()
    for _ in range(20):
        look(eyes, 1.0, street(1.0))
    assert eyes.views == ()


def test_a_picture_of_another_size_begins_anew(learned: Callable[[], PictureEyes]) -> None:
    eyes = learned()
    assert look(eyes, 50, street(50)[:, :400]).alike is None


def test_what_was_known_before_a_restart_is_known_after_it(tmp_path: Path) -> None:
    memory = FileMemory(tmp_path / "views" / "north.npz", "these zones")
    play(PictureEyes(memory), 0, LEARNED_S)
    quality = look(PictureEyes(memory), 5000, panned(10)(street(5000)))
    assert quality.shift_share == pytest.approx(0.17, abs=0.02)


def test_views_are_saved_when_they_are_known_and_seldom_after_that() -> None:
    memory = Kept(())
    play(PictureEyes(memory), 0, 1500, every_s=20)
    assert memory.saved == 3


def test_a_look_costs_a_few_milliseconds(learned: Callable[[], PictureEyes]) -> None:
    eyes, pictures = learned(), [picture(50 + number, street(50 + number)) for number in range(20)]
    spent = []
    for shown in pictures:
        began = wall.process_time()
        eyes.see([shown], SEEN)
        spent.append(wall.process_time() - began)
    assert np.median(spent) < 0.010, "3 ms were measured; the rest is for slow machines"
