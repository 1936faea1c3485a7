from dataclasses import replace
from pathlib import Path

import pytest

from models.training.water.record import Effort, Record, RecordError
from models.training.water.samples import Collection, Sample, Source
from models.training.water.splits import Splits

EFFORT = Effort(steps=10, minutes=0, batch=2, seed=5)


def record() -> Record:
    doubtful = min(Splits.read().doubtful)
    collection = Collection(
        training=tuple(Sample(Path(name), source) for name, source in (("1", Source.GROUND), ("2", Source.DRY))),
        rio=(Sample(Path(doubtful), Source.RIO, None, 1), Sample(Path("other.jpg"), Source.RIO, None, 0)),
        held_out=(),
        dry_held_out={},
    )
    return Record.of(EFFORT, collection, Splits.read())


def test_it_counts_what_is_learned_from() -> None:
    assert record() == Record(EFFORT, {"ground_level": 1, "oblique": 0, "stills": 0, "dry": 1}, tiles=1, doubtful=1)


def test_it_is_read_as_it_was_kept(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="is missing: run `train`"):
        Record.read(tmp_path)
    record().keep(tmp_path / "work")
    assert Record.read(tmp_path / "work") == record()


def test_a_training_goes_on_with_what_it_began_with(tmp_path: Path) -> None:
    record().keep(tmp_path)
    longer = replace(record(), effort=replace(EFFORT, steps=20))
    longer.keep(tmp_path)
    assert Record.read(tmp_path) == longer
    for other in (replace(record(), pictures={"stills": 9}), replace(record(), effort=replace(EFFORT, seed=6))):
        with pytest.raises(RecordError, match="take another --work"):
            other.keep(tmp_path)
    assert Record.read(tmp_path) == longer
