"""A flood from picture to episode, on a drawn road, with a network that knows what it draws."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from edge.attention.wish import Wish
from edge.config.cameras import CameraSection
from edge.incidents.lifecycle import EpisodeStep
from edge.networks import Networks
from edge.perception.observation import LookKind
from edge.picture import Image, Picture
from edge.watch import CameraWatch
from edge.watching import dry_store, watch_for
from models.water_network import ScriptedWater
from tests.edge.rain import ROAD, dry, everywhere, flooded, honest, shaded, wet
from tests.edge.street import detector

GLANCE = Wish(LookKind.GLANCE, 0.0, water=True)


def section(**jam: object) -> CameraSection:
    return CameraSection.model_validate(
        {
            "zones": {"road": {"kind": "roadway", "points": ROAD.points}},
            "incidents": {"flood": {"zones": ["road"], "min_duration": "20s", "hold": "20s"}, **jam},
        }
    )


def watch(water: ScriptedWater) -> CameraWatch:
    return watch_for("north", section(), Networks(detector(), water=water))


def show(watching: CameraWatch, pictures: Iterable[Image], since: float) -> list[EpisodeStep]:
    steps: list[EpisodeStep] = []
    for number, image in enumerate(pictures):
        steps += watching.judge(watching.look(GLANCE, [Picture("north", since + 5.0 * number, image)]))
    return [step for step in steps if step.phase.value != "updated"]


def test_a_flood_opens_and_closes_and_the_memory_bears_witness() -> None:
    watching = watch(honest())
    assert show(watching, [dry(seed) for seed in range(8)], 0.0) == []
    (opened,) = show(watching, [flooded(0.8, seed) for seed in range(8)], 100.0)
    assert (opened.phase.value, opened.kind, opened.about, opened.began) == ("opened", "flood", "road", 100.0)
    assert opened.time == 120.0
    assert "of it no longer looks as when dry" in opened.reason
    (closed,) = show(watching, [dry(seed) for seed in range(8)], 200.0)
    assert (closed.phase.value, closed.episode) == ("closed", opened.episode)


def test_a_network_that_takes_wet_asphalt_for_water_is_outvoted() -> None:
    told = [False]
    watching = watch(ScriptedWater(lambda image: everywhere(image) if told[0] else honest().look([image])[0]))
    show(watching, [dry(seed) for seed in range(8)], 0.0)
    told[0] = True
    assert show(watching, [wet(seed) for seed in range(12)], 100.0) == []


def test_a_network_that_takes_a_shadow_for_water_is_outvoted() -> None:
    told = [False]
    watching = watch(ScriptedWater(lambda image: everywhere(image) if told[0] else honest().look([image])[0]))
    show(watching, [dry(seed) for seed in range(8)], 0.0)
    told[0] = True
    wandering = [shaded(0.2 + 0.05 * seed, seed) for seed in range(12)]
    assert show(watching, wandering, 100.0) == []


def test_a_box_restarted_in_a_flood_is_not_fooled_by_wet_asphalt(tmp_path: Path) -> None:
    def watching(water: ScriptedWater) -> CameraWatch:
        kept = dry_store(tmp_path, "north", section())
        return watch_for("north", section(), Networks(detector(), water=water), dry=kept)

    show(watching(honest()), [dry(seed) for seed in range(8)], 0.0)
    assert show(watching(ScriptedWater(everywhere)), [wet(seed) for seed in range(12)], 100.0) == []


def test_on_a_new_camera_the_network_decides_alone() -> None:
    watching = watch(ScriptedWater(everywhere))
    (opened,) = show(watching, [wet(seed) for seed in range(8)], 100.0)
    assert opened.reason.endswith("how it looks when dry is not known yet")


def test_it_asks_for_water_and_looks_for_it_only_when_asked() -> None:
    water = honest()
    watching = watch(water)
    assert watching.wants() == Wish(LookKind.GLANCE, 0.0, water=True)
    watching.judge(watching.look(Wish(LookKind.GLANCE, 0.0), [Picture("north", 0.0, dry())]))
    assert water.inferences == 0
    show(watching, [dry()], 2.0)
    assert water.inferences == 1
    assert watching.wants() == Wish(LookKind.GLANCE, 10.0, water=True)


def test_beside_a_jam_it_gets_its_look_every_ten_seconds() -> None:
    water = honest()
    both = section(jam={"zones": ["road"]})
    watching = watch_for("north", both, Networks(detector(), water=water))
    time = 0.0
    while time < 60:
        wish = watching.wants()
        time += wish.after_s
        watching.judge(watching.look(wish, [Picture("north", time, dry(1)), Picture("north", time + 0.5, dry(1))]))
        time += 0.5
    assert 5 <= water.inferences <= 8


def test_without_a_network_of_water_no_flood_can_be_watched_for() -> None:
    with pytest.raises(ValueError, match="needs a network of water"):
        watch_for("north", section(), Networks(detector()))
