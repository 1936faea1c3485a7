import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.training.street.batches import Batches, Source, UnreadablePictureError, read
from models.training.street.recipe import CLASSES, Recipe
from models.training.street.samples import Labels, Sample, coco, pseudo_labelled, rendered_stills
from tests.models.training.street import stills

SMALL = Recipe(steps=4, batch_pixels=2 * 64 * 96, sizes=((64, 96, 1.0),))


def test_the_tenth_still_is_kept_aside(tmp_path: Path) -> None:
    folder = stills.draw(tmp_path, 21)
    trained = {sample.picture.stem for sample in rendered_stills(folder, held_out=False)}
    kept = {sample.picture.stem for sample in rendered_stills(folder, held_out=True)}
    assert kept == {"still_000009", "still_000019"}
    assert len(trained) == 19
    assert not trained & kept


def test_what_hardly_shows_is_ignored(tmp_path: Path) -> None:
    (sample,) = rendered_stills(stills.draw(tmp_path, 1), held_out=False)
    assert len(sample.labels.boxes) == 4
    assert len(sample.labels.ignored) == 2
    assert sample.labels.ignored_for.all()


def test_a_still_without_its_picture_waits(tmp_path: Path) -> None:
    folder = stills.draw(tmp_path, 2)
    (folder / "still_000001.jpg").unlink()
    assert len(rendered_stills(folder, held_out=False)) == 1


def test_the_truth_of_a_video_is_refused(tmp_path: Path) -> None:
    folder = stills.draw(tmp_path, 1)
    (folder / "still_000000.json").write_text('{"frames": []}')
    with pytest.raises(ValueError, match="not the truth of a still"):
        rendered_stills(folder, held_out=False)


def test_the_renderers_own_truth_is_read(tmp_path: Path) -> None:
    description = pytest.importorskip("scripts.render_scenes.truth.description")
    from scripts.render_scenes.scenes.random_still import random_scene

    told = description.frame(*random_scene(3))
    (tmp_path / "still_000003.json").write_text(json.dumps(told))
    cv2.imwrite(str(tmp_path / "still_000003.jpg"), np.zeros((360, 640, 3), np.uint8))
    (sample,) = rendered_stills(tmp_path, held_out=False)
    assert len(sample.labels.boxes) + len(sample.labels.ignored) == len(told["objects"])


def test_coco_crowds_are_ignored_for_their_class_and_foreign_classes_are_background(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.jpg"), np.zeros((20, 30, 3), np.uint8))
    entries = [(1, 0, [1, 2, 3, 4]), (1, 1, [0, 0, 10, 10]), (2, 0, [5, 5, 5, 5])]
    content = {
        "images": [{"id": 7, "file_name": "a.jpg"}],
        "categories": [{"id": 1, "name": "person"}, {"id": 2, "name": "umbrella"}],
        "annotations": [{"image_id": 7, "category_id": c, "iscrowd": crowd, "bbox": b} for c, crowd, b in entries],
    }
    (tmp_path / "set.json").write_text(json.dumps(content))
    (sample,) = coco(tmp_path / "set.json", tmp_path)
    assert sample.labels.boxes.tolist() == [[1, 2, 4, 6]]
    assert [name for name, known in zip(CLASSES, sample.labels.ignored_for[0], strict=True) if known] == ["person"]
    (tmp_path / "a.jpg").unlink()
    with pytest.raises(ValueError, match=r"a\.jpg is missing"):
        coco(tmp_path / "set.json", tmp_path)


def test_vendors_are_punished_only_where_they_are_known_to_be_absent(tmp_path: Path) -> None:
    told = {"width": 30, "height": 20, "boxes": [["bus", [1, 1, 9, 9]]], "unsure": [[10, 10, 15, 15]]}
    lines = [{**told, "picture": f"{n}.jpg", "vendors_unknown": bool(n)} for n in range(2)]
    (tmp_path / "set.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    known, unknown = pseudo_labelled(tmp_path / "set.jsonl")
    assert known.labels.ignored_for.tolist() == [[True] * 6 + [False]]
    assert unknown.labels.ignored_for.tolist() == [[True] * 6 + [False], [False] * 6 + [True]]
    assert unknown.labels.ignored[1].tolist() == [0, 0, 30, 20]


def test_labels_that_do_not_fit_together_are_refused() -> None:
    nothing = Labels.of([])
    with pytest.raises(ValueError, match="boxes must be"):
        Labels(nothing.boxes, np.zeros(2, np.int64), nothing.ignored, nothing.ignored_for)


def test_a_batch_depends_on_seed_and_step_alone(tmp_path: Path) -> None:
    sources = [Source("stills", 1.0, rendered_stills(stills.draw(tmp_path, 5), held_out=False))]
    first, again = Batches(sources, SMALL), Batches(sources, SMALL)
    again[0]
    assert first[3].images.shape == (2, 64, 96, 3)
    assert np.array_equal(first[3].images, again[3].images)
    assert not np.array_equal(first[3].images, first[2].images)
    assert len(first[3].labels) == 2


def test_nothing_to_train_on_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing to train on"):
        Batches([Source("stills", 1.0, [])], SMALL)
    with pytest.raises(UnreadablePictureError, match="missing"):
        read(Sample(tmp_path / "none.jpg", Labels.of([])).picture)
