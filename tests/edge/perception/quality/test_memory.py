"""The usual view survives a restart, and nothing else."""

from pathlib import Path

import numpy as np
import pytest

from edge.perception.quality.memory import FileMemory
from edge.perception.quality.plate import Plate
from edge.perception.quality.usual import UsualView
from tests.edge.perception.quality.views import street


def view(time: float) -> UsualView:
    return UsualView.first(Plate.of(street(time)), time).with_one_more(Plate.of(street(time + 2)), time + 2)


def test_views_come_back_as_they_were_saved(tmp_path: Path) -> None:
    memory = FileMemory(tmp_path / "views" / "north.npz", "zones")
    assert memory.load() == ()
    views = [view(0), view(100)]
    memory.save(views)
    loaded = FileMemory(tmp_path / "views" / "north.npz", "zones").load()
    assert [(one.looks, one.since, one.time, one.colour) for one in loaded] == [
        (one.looks, one.since, one.time, pytest.approx(one.colour)) for one in views
    ]
    for one, other in zip(loaded, views, strict=True):
        for name in ("field", "gradient", "detail", "light"):
            assert np.array_equal(getattr(one, name), getattr(other, name))
    assert (tmp_path / "views" / "north.npz").stat().st_size < 150_000


def test_other_zones_are_another_view(tmp_path: Path) -> None:
    FileMemory(tmp_path / "north.npz", "zones").save([view(0)])
    assert FileMemory(tmp_path / "north.npz", "other zones").load() == ()


@pytest.mark.parametrize("damage", [b"", b"nonsense", None], ids=["empty", "nonsense", "cut short"])
def test_a_damaged_file_is_forgotten(tmp_path: Path, damage: bytes | None) -> None:
    file = tmp_path / "north.npz"
    FileMemory(file, "zones").save([view(0)])
    file.write_bytes(file.read_bytes()[:5000] if damage is None else damage)
    assert FileMemory(file, "zones").load() == ()


def test_a_disk_that_refuses_does_not_stop_the_camera(tmp_path: Path) -> None:
    (tmp_path / "views").write_text("in the way")
    FileMemory(tmp_path / "views" / "north.npz", "zones").save([view(0)])
    assert FileMemory(tmp_path / "views" / "north.npz", "zones").load() == ()
