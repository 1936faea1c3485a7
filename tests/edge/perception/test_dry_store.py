"""What a camera knows of its dry road survives a restart, and nothing else."""

from pathlib import Path

import numpy as np
import pytest

from edge.perception.dry_memory import SAVE_EVERY_S, DryMemory
from edge.perception.dry_store import Background, FileStore
from edge.perception.surface import Light, Surface
from edge.perception.water import WaterSight
from tests.edge.perception.test_water import dry_days, see, taught
from tests.edge.rain import ROAD, by_night, dry, flooded, honest


def store(folder: Path, zones: str = "zones") -> FileStore:
    return FileStore(folder / "dry" / "north.npz", zones)


def background(seed: int) -> Background:
    surface = Surface.of(dry(seed))
    rows, columns = surface.edges.shape[1:]
    looks = np.full((rows, columns), seed, np.uint16)
    return Background(looks, surface.edges, (surface.edges**2).sum(axis=0), surface.chroma, float(seed))


def test_backgrounds_come_back_as_they_were_saved(tmp_path: Path) -> None:
    assert store(tmp_path).load() == {}
    saved = {Light.DAY: background(3), Light.INFRARED: background(9)}
    store(tmp_path).save(saved)
    loaded = store(tmp_path).load()
    assert list(loaded) == [Light.DAY, Light.INFRARED]
    for light, of in saved.items():
        assert loaded[light].time == of.time
        for name in ("looks", "edges", "energy", "chroma"):
            before, after = getattr(of, name), getattr(loaded[light], name)
            assert after.dtype == before.dtype
            np.testing.assert_array_equal(after, before)
    assert (tmp_path / "dry" / "north.npz").stat().st_size < 1_000_000


def test_a_box_restarted_in_a_flood_sees_what_one_that_ran_on_sees(tmp_path: Path) -> None:
    ran_on = taught(WaterSight([ROAD], honest(), store=store(tmp_path)), [*dry_days(), dry(8)])
    # Saved with the fifth look; what came after is forgotten.
    restarted = WaterSight([ROAD], honest(), store=store(tmp_path))
    assert see(WaterSight([ROAD], honest()), flooded(1, 9), 2000.0).changed is None
    for sight in (ran_on, restarted):
        changed = see(sight, flooded(1, 9), 2000.0).changed
        assert changed is not None
        assert changed > 0.95


def test_it_is_saved_when_known_by_another_light_and_every_ten_minutes(tmp_path: Path) -> None:
    saves: list[int] = []

    class Counting(FileStore):
        def save(self, backgrounds: object) -> None:
            saves.append(len(backgrounds))  # type: ignore[arg-type]

    memory = DryMemory(Counting(tmp_path / "north.npz", "zones"))
    by_day, at_night = Surface.of(dry()), Surface.of(by_night(dry()))
    everywhere = np.ones(by_day.edges.shape[1:], bool)
    for look in range(20):
        memory.learn(by_day, everywhere, look * 10.0)
    assert saves == [1]
    for look in range(20):
        memory.learn(at_night, everywhere, 200.0 + look * 10.0)
    assert saves == [1, 2]
    memory.learn(by_day, everywhere, 240.0 + SAVE_EVERY_S)
    assert saves == [1, 2, 2]


def test_other_zones_are_another_view(tmp_path: Path) -> None:
    store(tmp_path).save({Light.DAY: background(3)})
    assert store(tmp_path, "other zones").load() == {}


@pytest.mark.parametrize("damage", [b"", b"nonsense", None], ids=["empty", "nonsense", "cut short"])
def test_a_damaged_file_is_forgotten(tmp_path: Path, damage: bytes | None) -> None:
    store(tmp_path).save({Light.DAY: background(3)})
    file = tmp_path / "dry" / "north.npz"
    file.write_bytes(file.read_bytes()[:5000] if damage is None else damage)
    assert store(tmp_path).load() == {}


def test_planes_of_different_sizes_are_refused() -> None:
    whole = background(3)
    with pytest.raises(ValueError, match="different sizes"):
        Background(whole.looks[1:], whole.edges, whole.energy, whole.chroma, 0.0)


def test_a_disk_that_refuses_does_not_stop_the_camera(tmp_path: Path) -> None:
    (tmp_path / "dry").write_text("in the way")
    store(tmp_path).save({Light.DAY: background(3)})
    assert store(tmp_path).load() == {}
