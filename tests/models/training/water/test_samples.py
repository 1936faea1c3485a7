import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.evaluation.labelled import SetError
from models.training.water.samples import (
    LONGEST_PX,
    Source,
    collect,
    dry_frames,
    photographs,
    read_mask,
    read_picture,
    still_flooded,
    stills,
    verdict,
)
from models.training.water.splits import Splits

DATA = Path("../shared/data")
needs_data = pytest.mark.skipif(not (DATA / "flood").is_dir(), reason=f"{DATA / 'flood'} is absent")


def write(path: Path, shape: tuple[int, ...] = (30, 40, 3), value: int = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full(shape, value, np.uint8))


def test_a_photograph_without_a_mask_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetError, match="has no pictures"):
        photographs(tmp_path, Source.GROUND)
    write(tmp_path / "images/7.jpg")
    with pytest.raises(SetError, match=r"lacks the masks of 7\.jpg"):
        photographs(tmp_path, Source.GROUND)


@pytest.mark.parametrize(("share", "expected"), [(0.0, 0), (0.01, 0), (0.04, None), (0.08, 1), (1.0, 1)])
def test_little_water_is_called_neither(share: float, expected: int | None) -> None:
    assert verdict(share, 0.01, 0.08) == expected


def test_masks_tell_whether_a_photograph_shows_a_flood(tmp_path: Path) -> None:
    write(tmp_path / "images/1.jpg")
    write(tmp_path / "masks/1.png", (30, 40), 255)
    (street,) = photographs(tmp_path, Source.GROUND)
    (air,) = photographs(tmp_path, Source.OBLIQUE)
    assert (street.flooded, air.flooded) == (1, None)


def test_stills_that_are_not_complete_are_left_out(tmp_path: Path) -> None:
    truth = {"zones": {"jalan": {"water": {"share": 0.4}}, "trotoar": {}}}
    for name in ("still_000001", "still_000002"):
        (tmp_path / f"{name}.json").write_text(json.dumps(truth))
        write(tmp_path / f"{name}.jpg")
    write(tmp_path / "still_000002_water.png", (30, 40), 255)
    (still,) = stills(tmp_path)
    assert (still.name, still.flooded, still.source) == ("still_000002", 1, Source.STILLS)


@pytest.mark.parametrize(("share", "expected"), [(0.0, 0), (0.2, None), (0.3, 1)])
def test_a_still_is_flooded_as_a_scene_is(share: float, expected: int | None) -> None:
    assert still_flooded({"zones": {"jalan": {"water": {"share": share}}}}) == expected
    assert still_flooded({}) == 0


def test_pictures_are_kept_small_and_masks_fit_them(tmp_path: Path) -> None:
    write(tmp_path / "large.jpg", (720, 1280, 3), 9)
    write(tmp_path / "mask.png", (720, 1280), 200)
    picture = read_picture(tmp_path / "large.jpg")
    assert picture.shape == (360, LONGEST_PX, 3)
    assert (read_mask(tmp_path / "mask.png", picture.shape) == 255).all()
    with pytest.raises(SetError, match=r"none\.jpg is missing"):
        read_picture(tmp_path / "none.jpg")


def test_a_video_without_frames_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"nothing")
    with pytest.raises(SetError, match=r"broken\.mp4 gives no frame"):
        dry_frames(tmp_path, tmp_path / "frames")


@needs_data
@pytest.mark.slow
def test_nothing_kept_aside_is_learned_from(tmp_path: Path) -> None:
    splits = Splits.read()
    collection = collect(DATA, None, tmp_path, splits)
    learned = {sample.picture for sample in collection.training}
    assert {sample.name for sample in collection.held_out} == splits.held_out
    assert not learned & {sample.picture for sample in collection.held_out}
    assert set(collection.dry_held_out) == splits.videos_held_out
    assert not learned & {frame.picture for frames in collection.dry_held_out.values() for frame in frames}
    assert not learned & {tile.picture for tile in collection.rio}
