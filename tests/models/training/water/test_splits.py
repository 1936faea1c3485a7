from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.water.samples import Source, photographs, rio_tiles
from models.training.water.splits import Splits, folds, groups_of, kept_aside

DATA = Path("../shared/data/flood")
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is absent")
PHOTOGRAPHS = [str(number) for number in range(51, 151)]


def test_the_committed_third_is_the_one_its_seed_draws() -> None:
    splits = Splits.read()
    assert set(kept_aside(groups_of(PHOTOGRAPHS, splits.scenes), 1 / 3, splits.seed)) == splits.held_out
    assert 33 <= len(splits.held_out) <= 35


def test_no_scene_is_on_both_sides() -> None:
    splits = Splits.read()
    for scene in splits.scenes:
        assert len({name in splits.held_out for name in scene}) == 1, scene


@needs_data
def test_the_photographs_are_the_ones_that_were_split() -> None:
    assert [sample.name for sample in photographs(DATA / "ground_level", Source.GROUND)] == PHOTOGRAPHS


@needs_data
def test_no_place_of_rio_is_in_two_folds() -> None:
    splits, tiles = Splits.read(), rio_tiles(DATA / "cctv_rio")
    places = [splits.places.get(tile.camera, tile.camera) for tile in tiles]
    fold_of = folds(places, [tile.flooded or 0 for tile in tiles], 5, splits.seed)
    assert len(set(zip(places, fold_of, strict=True))) == len(set(places))
    floods = Counter(fold for fold, tile in zip(fold_of, tiles, strict=True) if tile.flooded)
    dry = Counter(fold for fold, tile in zip(fold_of, tiles, strict=True) if not tile.flooded)
    assert min(floods.values()) >= 5
    assert min(dry.values()) >= 5


@needs_data
def test_doubtful_tiles_exist() -> None:
    assert Splits.read().doubtful <= {tile.picture.name for tile in rio_tiles(DATA / "cctv_rio")}


@given(
    tiles=st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 1)), min_size=1),
    count=st.integers(2, 4),
    seed=st.integers(0, 99),
)
def test_folds_never_part_a_place(tiles: list[tuple[str, int]], count: int, seed: int) -> None:
    places, labels = [place for place, _ in tiles], [label for _, label in tiles]
    if len(set(places)) < count:
        with pytest.raises(ValueError, match="cannot be dealt"):
            folds(places, labels, count, seed)
        return
    fold_of = folds(places, labels, count, seed)
    assert len(set(zip(places, fold_of, strict=True))) == len(set(places))
    assert set(fold_of) == set(range(count))
    assert folds(places, labels, count, seed) == fold_of


def test_a_scene_that_names_something_unknown_is_an_error() -> None:
    with pytest.raises(ValueError, match="9 is not among"):
        groups_of(["1", "2"], [("1", "9")])
    with pytest.raises(ValueError, match="1 is in two"):
        groups_of(["1", "2", "3"], [("1", "2"), ("1", "3")])
    assert groups_of(["1", "2", "3"], [("3", "1")]) == [("3", "1"), ("2",)]
