"""What is kept aside: photographs by scene, tiles by camera, videos by name. Names only; the pictures stay outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

FILE = Path(__file__).parent / "splits.yaml"


@dataclass(frozen=True, slots=True)
class Splits:
    """The lists in `splits.yaml`.

    Attributes:
        seed: of the drawing that made `held_out` from `scenes`.
        scenes: photographs of `ground_level` that show one place, without suffix; all others are scenes of their own.
        held_out: the third of `ground_level` that no training sees.
        places: Rio cameras that show one place, as camera → the one it counts as.
        videos_held_out: dry videos that no training sees.
        doubtful: tiles of Rio whose word their picture, or a near copy, contradicts; no head learns from them.
        dry_photographs: files of `detection/tiny_coco/train2017` in which a person found no water.
    """

    seed: int
    scenes: tuple[tuple[str, ...], ...]
    held_out: frozenset[str]
    places: Mapping[str, str]
    videos_held_out: frozenset[str]
    doubtful: frozenset[str]
    dry_photographs: frozenset[str]

    @classmethod
    def read(cls, path: Path = FILE) -> "Splits":
        """The committed lists."""
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        return cls(
            seed=told["seed"],
            scenes=tuple(tuple(map(str, scene)) for scene in told["scenes"]),
            held_out=frozenset(map(str, told["held_out"])),
            places={str(camera): str(place) for camera, place in told["places"].items()},
            videos_held_out=frozenset(told["videos_held_out"]),
            doubtful=frozenset(told["doubtful"]),
            dry_photographs=frozenset(told["dry_photographs"]),
        )


def groups_of(names: Sequence[str], scenes: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Every name in exactly one group: its scene, or itself alone; in the order of the names.

    Raises:
        ValueError: a scene names something unknown, or two scenes share a name.
    """
    scene_of: dict[str, tuple[str, ...]] = {}
    for scene in scenes:
        for name in scene:
            if name not in names or name in scene_of:
                raise ValueError(f"{name} is {'in two scenes' if name in scene_of else 'not among the photographs'}")
            scene_of[name] = tuple(scene)
    return list(dict.fromkeys(scene_of.get(name, (name,)) for name in names))


def kept_aside(groups: Sequence[tuple[str, ...]], share: float, seed: int) -> list[str]:
    """Whole groups, drawn until at least `share` of all names are in; sorted."""
    total = sum(map(len, groups))
    drawn: list[str] = []
    for index in np.random.default_rng(seed).permutation(len(groups)):
        if len(drawn) >= share * total:
            break
        drawn.extend(groups[index])
    return sorted(drawn)


def folds(places: Sequence[str], labels: Sequence[int], count: int, seed: int) -> list[int]:
    """The fold of each tile: a place lies in one fold, folds have like numbers of floods and of dry tiles.

    Places are dealt largest first, each to the fold that stays nearest to the even share of both classes.

    Raises:
        ValueError: fewer places than folds, or fewer than two folds.
    """
    tallies = {place: np.zeros(2) for place in sorted(set(places))}
    for place, label in zip(places, labels, strict=True):
        tallies[place][label] += 1
    if count < 2 or len(tallies) < count:
        raise ValueError(f"{len(tallies)} places cannot be dealt to {count} folds")
    shuffled = [list(tallies)[i] for i in np.random.default_rng(seed).permutation(len(tallies))]
    target = sum(tallies.values()) / count
    filled = np.zeros((count, 2))
    fold_of: dict[str, int] = {}
    for index, place in enumerate(sorted(shuffled, key=lambda name: -tallies[name].sum())):
        after = filled + tallies[place]
        growth = (((after - target) ** 2) - ((filled - target) ** 2)).sum(axis=1)
        empty = filled.sum(axis=1) == 0
        if empty.sum() >= len(tallies) - index:  # the places left are just enough for the folds still empty
            growth[~empty] = np.inf
        fold_of[place] = int(np.argmin(growth))
        filled[fold_of[place]] += tallies[place]
    return [fold_of[place] for place in places]
