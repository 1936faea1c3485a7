"""Water on zones, and what a camera remembers of its dry road."""

from functools import cache

import numpy as np
import pytest

from edge.perception.observation import ZoneWater
from edge.perception.surface import Light
from edge.perception.water import WaterSight
from edge.perception.water_depth import DepthReference
from edge.perception.zone import Zone
from edge.picture import Image
from models.water import WaterSeen
from models.water_network import ScriptedWater
from tests.edge.rain import HEIGHT, ROAD, WIDTH, by_night, dry, everywhere, flooded, honest, looked, wet

LOOKS = 8


class Switchable:
    """A script that can be exchanged between two looks."""

    def __init__(self) -> None:
        self.script = honest()._script

    def __call__(self, image: Image) -> WaterSeen:
        return self.script(image)


def see(sight: WaterSight, image: Image, time: float = 0.0, *boxes: tuple[float, float, float, float]) -> ZoneWater:
    (water,) = sight.see(*looked(image, time, *boxes))
    return water


def taught(sight: WaterSight, of: list[Image]) -> WaterSight:
    for number, image in enumerate(of):
        see(sight, image, 10.0 * number)
    return sight


@cache
def dry_days() -> list[Image]:
    return [dry(seed) for seed in range(LOOKS)]


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_the_share_is_of_the_zone(share: float) -> None:
    left_half = Zone("left", ((0, 0.5), (0.5, 0.5), (0.5, 1), (0, 1)))
    (water,) = WaterSight([left_half], honest()).see(*looked(flooded(share), 0.0))
    assert water.share == pytest.approx(min(2 * share, 1), abs=0.03)
    assert (water.zone, water.visible, water.depth_cm) == ("left", 1, None)
    assert (water.changed, water.confirmed) == (None, None)


def test_what_a_vehicle_hides_is_neither_wet_nor_dry() -> None:
    sight = WaterSight([ROAD], honest())
    open_view = see(sight, flooded(0.5))
    behind = see(sight, flooded(0.5), 1.0, (0, 0, WIDTH / 2, HEIGHT))
    assert open_view.share == pytest.approx(0.5, abs=0.03)
    assert behind.share == pytest.approx(0, abs=0.03)
    assert behind.visible == pytest.approx(0.5, abs=0.03)


def test_a_zone_that_is_hidden_altogether_has_no_share() -> None:
    water = see(WaterSight([ROAD], honest()), flooded(), 0.0, (0, 0, WIDTH, HEIGHT))
    assert (water.share, water.visible, water.changed) == (0, 0, None)


@pytest.mark.parametrize(
    ("image", "low", "high"),
    [
        pytest.param(dry(99), 0, 0.05, id="dry"),
        pytest.param(wet(99), 0, 0.35, id="wet asphalt"),
        pytest.param((dry(99) * 0.6).astype(np.uint8), 0, 0.05, id="a cloud before the sun"),
        pytest.param(flooded(0.5, 99), 0.4, 0.65, id="half under water"),
        pytest.param(flooded(1, 99), 0.95, 1, id="all under water"),
    ],
)
def test_only_water_hides_the_pattern_of_the_road(image: Image, low: float, high: float) -> None:
    changed = see(taught(WaterSight([ROAD], honest()), dry_days()), image, 1000.0).changed
    assert changed is not None
    assert low <= changed <= high


def test_there_is_no_memory_until_the_road_was_seen_a_few_times() -> None:
    sight = WaterSight([ROAD], honest())
    seen = [see(sight, dry(number), 10.0 * number).changed for number in range(LOOKS)]
    assert seen[:5] == [None] * 5
    assert None not in seen[5:]


def test_night_is_no_change_of_day() -> None:
    sight = taught(WaterSight([ROAD], honest()), dry_days())
    assert see(sight, by_night(dry(50)), 200.0).changed is None, "the first night"
    taught(sight, [by_night(image) for image in dry_days()])
    by_day, at_night = see(sight, dry(60), 900.0), see(sight, by_night(dry(61)), 910.0)
    assert by_day.changed is not None
    assert at_night.changed is not None
    assert max(by_day.changed, at_night.changed) < 0.1
    drowned = see(sight, by_night(flooded()), 920.0).changed
    assert drowned is not None
    assert drowned > 0.9


def test_light_is_told_by_the_picture() -> None:
    assert Light.of(dry()) is Light.DAY
    assert Light.of(by_night(dry())) is Light.NIGHT
    grey = np.repeat(dry()[:, :, :1], 3, axis=2)
    assert Light.of(grey) is Light.INFRARED


def test_a_flood_of_an_hour_is_not_learned_as_dry() -> None:
    sight = taught(WaterSight([ROAD], honest()), dry_days())
    image = flooded(1, 9)
    for minute in range(60):
        drowned = see(sight, image, 1000 + 60.0 * minute)
    assert drowned.changed is not None
    assert drowned.changed > 0.95


@pytest.mark.parametrize("flood", [0.1, 0.9])
def test_nothing_is_learned_where_water_or_a_flood_is_seen(flood: float) -> None:
    script = Switchable()
    sight = WaterSight([ROAD], ScriptedWater(script))
    script.script = lambda image: WaterSeen(
        np.full((HEIGHT // 4, WIDTH // 4), 1.0 if flood < 0.5 else 0.0, np.float32), flood, 0.5
    )
    taught(sight, dry_days())
    script.script = honest()._script
    assert see(sight, dry(70), 500.0).changed is None


def test_a_new_surface_is_learned_in_the_end() -> None:
    sight = taught(WaterSight([ROAD], honest()), dry_days())
    resurfaced = dry()[:, ::-1]
    first = see(sight, resurfaced, 100.0).changed
    for minute in range(100):
        last = see(sight, resurfaced, 100 + 60.0 * minute).changed
    assert first is not None
    assert last is not None
    assert first > 0.3
    assert last < 0.1


def test_a_false_network_stands_against_the_memory() -> None:
    script = Switchable()
    sight = taught(WaterSight([ROAD], ScriptedWater(script)), dry_days())
    script.script = everywhere
    water = see(sight, wet(80), 500.0)
    assert water.share == 1
    assert water.confirmed is not None
    assert water.confirmed < 0.35
    script.script = lambda image: WaterSeen(np.eye(2, dtype=np.float32), 0.9, 0.5)  # half of a road, all dry
    assert see(sight, dry(81), 510.0).confirmed == 0


def test_what_is_confirmed_is_the_water_not_the_rest_of_the_road() -> None:
    sight = taught(WaterSight([ROAD], honest()), dry_days())
    puddle = see(sight, flooded(0.3, 7), 500.0)
    assert puddle.share < 0.3
    assert puddle.changed is not None
    assert puddle.confirmed is not None
    assert puddle.changed < 0.3
    assert puddle.confirmed > 0.8
    assert see(sight, dry(82), 510.0).confirmed is None


def test_other_pictures_begin_a_new_memory() -> None:
    sight = taught(WaterSight([ROAD], honest()), dry_days())
    other = np.ascontiguousarray(dry(1)[: HEIGHT - 60])
    assert see(sight, other, 600.0).changed is None


def test_the_memory_of_a_long_time_takes_no_more_than_that_of_a_short_one() -> None:
    sight = WaterSight([ROAD], honest())
    lights = [dry(1), by_night(dry(2)), np.repeat(dry(3)[:, :, :1], 3, axis=2)]
    taught(sight, lights)
    after_three = sight.memory_bytes
    taught(sight, lights * 20)
    assert sight.memory_bytes == after_three
    assert after_three < 2**20


def test_depth_is_read_where_marks_are_known() -> None:
    kerb, door = DepthReference(15, ((0.3, 0.6),)), DepthReference(40, ((0.7, 0.6),))
    sight = WaterSight([ROAD], honest(), [door, kerb])
    assert see(sight, dry()).depth_cm == 0
    assert see(sight, flooded(0.5)).depth_cm == 15
    assert see(sight, flooded(1)).depth_cm == 40
    assert see(sight, flooded(1), 0.0, (0, 0, WIDTH, HEIGHT)).depth_cm is None
