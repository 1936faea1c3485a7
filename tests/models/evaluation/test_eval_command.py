import json
import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from models.cli import app
from models.detections import Detections
from models.detector import STREET_CLASSES, ScriptedDetector
from models.evaluation import cli, report
from models.evaluation.labelled import BoxSet, LabelledPicture
from models.evaluation.looking import Contender, Rules, Way, figures, look_at
from models.evaluation.table import Measured
from tests.models.pictures import block_detector, blocks

THINGS = [(10, 10, 50, 40), (100, 20, 130, 60), (200, 100, 212, 110)]


def made(picture_count: int = 4) -> BoxSet:
    """Pictures with three cars each, one of them tiny."""

    def read() -> list[LabelledPicture]:
        boxes = np.array(THINGS, np.float32)
        return [
            LabelledPicture(f"{n}.png", blocks(320, 200, THINGS), boxes, ("car",) * 3, np.zeros(3, bool))
            for n in range(picture_count)
        ]

    return BoxSet(
        "made", picture_count, {"vehicle": ("car", "bus", "truck"), "vendor": ("vendor",)}, lambda: iter(read())
    )


def test_a_perfect_eye_gets_one_and_a_blind_one_nothing() -> None:
    blind = ScriptedDetector(lambda image: Detections.empty(STREET_CLASSES))
    rules = Rules(rounds=20)
    perfect, nothing = look_at(
        made(), [Contender("eye", block_detector(), Way.WHOLE), Contender("blind", blind, Way.CROPS)], rules
    )
    best, worst = figures(perfect.matches["vehicle"], rules), figures(nothing.matches["vehicle"], rules)
    assert (best.ap50, best.recall.share, best.things) == (1, 1, 12)
    assert (worst.ap50, worst.recall.share) == (0, 0)
    assert blind.inferences == 4 * 5
    assert len(perfect.milliseconds) == 4


def test_several_sets_are_also_measured_as_one() -> None:
    rules, contender = Rules(rounds=10), Contender("eye", block_detector(least_px=20), Way.WHOLE)
    measured = [
        Measured(name, looks, {target: figures(kept, rules) for target, kept in looks.matches.items()})
        for name, count in (("a", 4), ("b", 2))
        for looks in look_at(made(count), [contender], rules)
    ]
    (together,) = cli._together(measured, rules)
    assert together.pictures == "all"
    assert together.figures["vehicle"].things == 18
    assert together.figures["vehicle"].recall.share == pytest.approx(2 / 3)
    assert len(together.looks.milliseconds) == 6


def test_a_class_nobody_knows_is_not_asked_of_it() -> None:
    (looks,) = look_at(made(), [Contender("eye", block_detector(), Way.WHOLE)], Rules())
    assert set(looks.matches) == {"vehicle"}


def test_a_short_eye_misses_what_is_small_unless_small_things_do_not_count() -> None:
    contender = Contender("short", block_detector(least_px=20), Way.WHOLE)
    for smallest, expected in ((0.0, (12, 2 / 3)), (16.0, (8, 1.0))):
        rules = Rules(smallest_px=smallest, rounds=10)
        (looks,) = look_at(made(), [contender], rules)
        found = figures(looks.matches["vehicle"], rules)
        assert (found.things, found.recall.share) == (expected[0], pytest.approx(expected[1]))


def test_boxes_smaller_than_what_counts_are_no_false_alarms() -> None:
    rules = Rules(smallest_px=16, rounds=10)
    (looks,) = look_at(made(), [Contender("eye", block_detector(), Way.WHOLE)], rules)
    assert figures(looks.matches["vehicle"], rules).ap50 == 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "cars"
    (place / "images").mkdir(parents=True)
    images, annotations = [], []
    for number in range(3):
        cv2.imwrite(str(place / f"images/{number}.png"), blocks(320, 200, THINGS))
        images.append({"id": number, "file_name": f"{number}.png"})
        annotations += [
            {"id": len(annotations) + n, "image_id": number, "category_id": 1, "bbox": [x1, y1, x2 - x1, y2 - y1]}
            for n, (x1, y1, x2, y2) in enumerate(THINGS)
        ]
    content = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "car"}]}
    (place / "boxes.json").write_text(json.dumps(content))
    return place


def test_the_command_prints_a_row_a_contender_and_writes_a_page(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_detectors", lambda *_: [("short [1]", block_detector(least_px=20))])
    out = tmp_path / "report"
    result = CliRunner().invoke(app, ["eval", str(folder), "--alone", "--report", str(out), "--rounds", "10"])
    assert result.exit_code == 0, result.output
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in result.stdout.splitlines() if "short" in line]
    assert [row[:5] for row in rows] == [
        ["cars", "short [1]", "whole frame", "vehicle", "9"],
        ["cars", "short [1]", "2 × 2 crops", "vehicle", "9"],
        ["cars", "short [1]", "2 × 2 crops alone", "vehicle", "9"],
    ]
    assert float(rows[0][5]) == pytest.approx(67 / 101, abs=0.001)
    page = (out / "index.html").read_text()
    named = re.findall(r'src="([^"]+)"', page)
    assert len(named) == 9
    assert "2 right" in page
    assert "1 missed" in page
    drawn = cv2.imread(str(out / named[0]))
    assert drawn is not None
    assert drawn.shape[1] == 960


def test_evenly_spaced_and_worst_pictures_are_shown() -> None:
    wrong = [0] * 100
    wrong[37] = 9
    chosen = report._chosen(wrong)
    assert {0, 99, 37} <= chosen
    assert len(chosen) <= report.PICTURES
    assert report._chosen([1]) == {0}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no_such_set"], "no_such_set is missing; known forms"),
        (["FOLDER", "--model", "yolo"], "no model 'yolo'"),
        (["FOLDER", "--peer", "no.onnx"], "no.onnx is missing: give the ONNX file of a YOLOX"),
    ],
    ids=["set", "model", "peer"],
)
def test_refusals_name_the_place_and_the_remedy(folder: Path, arguments: list[str], message: str) -> None:
    given = [str(folder) if argument == "FOLDER" else argument for argument in arguments]
    result = CliRunner().invoke(app, ["eval", *given])
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output
