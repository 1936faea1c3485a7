"""How flooded Rio's tiles look to an eye that does not see their words: what a network can be asked for at most."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from models.evaluation.labelled import SetError
from models.training.water.samples import Sample

FILE = Path(__file__).parent / "by_eye.yaml"
FLOODED = 50
"""From here on the eye says: a flood."""


def ratings(tiles: Sequence[Sample], path: Path = FILE) -> list[int]:
    """0 (dry) to 100 (a street under water), one for each tile.

    Raises:
        SetError: a tile that nobody rated.
    """
    told: Mapping[str, int] = yaml.safe_load(path.read_text(encoding="utf-8"))["flooded"]
    unknown = [tile.name for tile in tiles if tile.name not in told]
    if unknown:
        raise SetError(f"{path} does not rate {', '.join(unknown[:3])}: other tiles than the 123 of flood/cctv_rio?")
    return [told[tile.name] for tile in tiles]
