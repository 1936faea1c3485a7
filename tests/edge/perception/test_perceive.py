"""From drawn pictures to observations."""

import numpy as np
import pytest

from calibration.ground import CalibrationError, GroundPlane
from edge.perception.observation import LookKind, Observation
from edge.perception.perceive import Perception
from edge.perception.zone import Zone
from edge.picture import Picture
from models.detections import Detections
from models.detector import Image, ScriptedDetector
from tests.edge.street import HEIGHT, WIDTH, detector, draw, film, find

ROAD = Zone("road", ((0, 0.2), (1, 0.2), (1, 1), (0, 1)))
QUEUE = [(x, y) for y in (90.0, 170.0, 250.0) for x in (60.0, 180.0, 300.0, 420.0)]


def eyes(ground: GroundPlane | None = None) -> Perception:
    return Perception("north", [ROAD], detector(), ground)


def road(observation: Observation) -> tuple[float, float, float | None]:
    traffic = observation.of("road")
    assert traffic is not None
    return traffic.occupancy, traffic.vehicles, traffic.speed_lengths_s


def test_a_standing_queue_is_dense_and_still_and_a_moving_one_is_not_still() -> None:
    occupancy, vehicles, speed = road(eyes().stare(film(QUEUE, [(0, 0)] * 12)))
    assert vehicles == pytest.approx(12, abs=0.5)
    assert occupancy > 0.05
    assert speed == pytest.approx(0, abs=0.1)
    _, _, driving = road(eyes().stare(film(QUEUE, [(0, 40)] * 12, seconds=1.5)))
    assert driving is not None
    assert driving > 0.6


@pytest.mark.parametrize("sway_px", [2.0, 6.0])
def test_a_swaying_camera_does_not_make_a_queue_move(sway_px: float) -> None:
    _, _, speed = road(eyes().stare(film(QUEUE, [(0, 0)] * 12, sway_px=sway_px)))
    assert speed == pytest.approx(0, abs=0.15)


def test_a_cut_gives_no_false_speed() -> None:
    before = film(QUEUE, [(0, 0)] * 12, seconds=0.5)
    after = [
        Picture("north", 0.6 + number / 8, draw([(x + 33, y + 21) for x, y in QUEUE], scene=2)) for number in range(5)
    ]
    observation = eyes().stare([*before, *after])
    assert observation.cut
    assert observation.traffic == () or road(observation)[2] == pytest.approx(0, abs=0.1)


def test_a_loop_that_jumps_back_gives_no_false_speed_either() -> None:
    first = film(QUEUE, [(0, 2)] * 12, seconds=1.0)
    again = film([(x + 45, y - 25) for x, y in QUEUE], [(0, 2)] * 12, seconds=1.0, since=1.125)
    _, _, speed = road(eyes().stare([*first, *again]))
    assert speed is not None
    assert speed < 0.6


def test_a_glance_counts_without_speeds() -> None:
    observation = eyes().glance(film(QUEUE, [(0, 0)] * 12)[0])
    occupancy, vehicles, speed = road(observation)
    assert observation.kind is LookKind.GLANCE
    assert (vehicles, speed) == (12, None)
    assert occupancy > 0.05


def test_a_glance_remembers_what_it_saw_in_the_other_crops_but_not_for_long() -> None:
    perception = eyes()
    perception.glance(Picture("north", 0.0, draw(QUEUE)))
    assert road(perception.glance(Picture("north", 2.0, draw([]))))[0] > 0
    assert road(perception.glance(Picture("north", 60.0, draw([]))))[0] == 0


def test_one_driven_past_is_left_out_although_who_passed_it_has_left_the_zone() -> None:
    left_half = Zone("road", ((0, 0.2), (0.5, 0.2), (0.5, 1), (0, 1)))
    tenth_of_a_metre = GroundPlane(np.diag([0.1, 0.1, 1.0]), WIDTH, HEIGHT)
    perception = Perception("north", [left_half], detector(), tenth_of_a_metre)
    _, vehicles, _ = road(perception.stare(film([(200, 150), (165, 210)], [(0, 0), (72, 0)])))
    assert vehicles < 1


def test_a_calibrated_camera_tells_kilometres_an_hour() -> None:
    tenth_of_a_metre = GroundPlane(np.diag([0.1, 0.1, 1.0]), WIDTH, HEIGHT)
    traffic = eyes(tenth_of_a_metre).stare(film([(100, 150)], [(30, 0)])).of("road")
    assert traffic is not None
    assert traffic.speed_kmh == pytest.approx(3.0 * 3.6, rel=0.05)
    assert traffic.speed_lengths_s == pytest.approx(3.0 / 4.5, rel=0.05)


def test_a_calibrated_camera_looks_closer_only_where_cars_are_small() -> None:
    shapes: list[tuple[int, ...]] = []

    def watch(image: Image) -> Detections:
        shapes.append(image.shape[:2])
        return find(image)

    def looked_at(ground: GroundPlane | None) -> list[tuple[int, ...]]:
        shapes.clear()
        Perception("north", [ROAD], ScriptedDetector(watch), ground).glance(film(QUEUE, [(0, 0)] * 12)[0])
        return list(shapes)

    # Cars of 86 px everywhere; and of 27 px, which the network's 416 make 18: that takes crops of 3/4 of the sides.
    near, far = (GroundPlane(np.diag([scale, scale, 1.0]), WIDTH, HEIGHT) for scale in (0.02, 0.063))
    assert looked_at(near) == [(HEIGHT, WIDTH)]
    whole, crop = looked_at(far)
    assert whole == (HEIGHT, WIDTH)
    assert crop[1] > 0.7 * WIDTH
    assert looked_at(None) == [(HEIGHT, WIDTH), (216, 384)]


def test_a_calibration_of_other_proportions_is_refused() -> None:
    square = GroundPlane(np.diag([0.1, 0.1, 1.0]), 500, 500)
    with pytest.raises(CalibrationError, match="proportions"):
        eyes(square).stare(film([(100, 150)], [(30, 0)]))


def test_a_stare_needs_pictures_of_one_size() -> None:
    with pytest.raises(ValueError, match="one size"):
        eyes().stare([])
    small = Picture("north", 1.0, draw([])[:100].copy())
    with pytest.raises(ValueError, match="one size"):
        eyes().stare([Picture("north", 0.0, draw([])), small])


def test_one_picture_tells_nothing() -> None:
    assert eyes().stare(film([(100, 150)], [(0, 0)])[:1]).traffic == ()


def test_the_same_pictures_give_the_same_observation() -> None:
    pictures = film(QUEUE, [(3, 1)] * 12)
    assert eyes().stare(pictures).traffic == eyes().stare(pictures).traffic
