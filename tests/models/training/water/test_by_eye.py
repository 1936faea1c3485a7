from pathlib import Path

import numpy as np
import pytest

from models.evaluation.auc import auc
from models.evaluation.labelled import SetError
from models.training.water.by_eye import FLOODED, ratings
from models.training.water.samples import RIO, Sample, Source, rio_tiles

DATA = Path("../shared/data")


@pytest.mark.skipif(not (DATA / RIO).is_dir(), reason=f"{DATA / RIO} is absent")
def test_every_tile_is_rated_and_its_word_can_be_told_in_part() -> None:
    tiles = rio_tiles(DATA / RIO)
    rated = np.array(ratings(tiles), dtype=np.float64)
    assert 0 <= rated.min() <= rated.max() <= 100
    assert (rated >= FLOODED).sum() == 15
    words = np.array([tile.flooded == 1 for tile in tiles])
    assert auc(rated, words) == pytest.approx(0.771, abs=5e-4)  # docs/benchmarks.md


def test_a_tile_that_nobody_rated_is_named() -> None:
    with pytest.raises(SetError, match="does not rate 9999"):
        ratings([Sample(Path("tiles/9999.jpg"), Source.RIO)])
