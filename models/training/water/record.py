"""What a training learns from, kept beside its checkpoints: the card of the model tells it."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from models.training.water.samples import Collection, Source
from models.training.water.splits import Splits

FILE = "learned.json"


class RecordError(Exception):
    """The work folder does not say what its training learned from, or says something else."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long the first stage lasts and how large its batches are."""

    steps: int
    minutes: float
    batch: int
    seed: int


@dataclass(frozen=True, slots=True)
class Record:
    """What went into a training.

    Attributes:
        effort: as it was asked for.
        pictures: how many of each source, by the source's name.
        tiles: Rio's tiles whose word the second stage learns from.
        doubtful: Rio's tiles that it leaves out.
    """

    effort: Effort
    pictures: dict[str, int]
    tiles: int
    doubtful: int

    @classmethod
    def of(cls, effort: Effort, collection: Collection, splits: Splits) -> "Record":
        """Of a training on this collection."""
        counts = Counter(sample.source.value for sample in collection.training)
        doubtful = sum(tile.picture.name in splits.doubtful for tile in collection.rio)
        pictures = {source.value: counts[source.value] for source in Source if source is not Source.RIO}
        return cls(effort, pictures, len(collection.rio) - doubtful, doubtful)

    @classmethod
    def read(cls, work: Path) -> "Record":
        """The one of a work folder.

        Raises:
            RecordError: there is none.
        """
        path = work / FILE
        if not path.is_file():
            raise RecordError(f"{path} is missing: run `train` again with the same arguments, it goes on where it was")
        told = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**told, "effort": Effort(**told["effort"])})

    def keep(self, work: Path) -> None:
        """Write it down, before the first step.

        Raises:
            RecordError: the training that was begun there learned from other pictures, or in other batches.
        """
        path = work / FILE
        if path.is_file() and self._drawn() != Record.read(work)._drawn():
            raise RecordError(f"{path} is of a training with other pictures, batches or seed: take another --work")
        work.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    def _drawn(self) -> tuple[object, ...]:
        """What the batches depend on; how long a training lasts may change between its runs."""
        return self.effort.batch, self.effort.seed, self.pictures, self.tiles, self.doubtful
