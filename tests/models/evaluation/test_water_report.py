"""The page about water: which pictures it shows, what is drawn on them, and its charts."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from models.cli import app
from models.detector import Image
from models.evaluation.auc import roc
from models.evaluation.charts import histogram, roc_chart
from models.evaluation.drawing import water_drawn
from models.evaluation.water_report import extremes
from tests.models.water_network import network, put

WIDTH, HEIGHT = 320, 192


def blue(rows: slice, strength: int = 255) -> Image:
    """Water, to the network of these tests, in these rows."""
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    image[rows, :, 0] = strength
    return image


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put(tmp_path_factory.mktemp("water") / "blue", network())


def evaluate(model: Path, out: Path, *sets: Path) -> str:
    words = ["eval", *map(str, sets), "--model", str(model), "--rounds", "20", "--report", str(out)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return (out / "index.html").read_text()


def figures(page: str, title: str) -> list[tuple[str, str]]:
    """(picture, caption without tags) of the gallery with this title."""
    part = page.partition(f"<h3>{title}</h3>")[2].partition("<h")[0]
    found = re.findall(r'<img src="([^"]+)"[^>]*><figcaption>(.*?)</figcaption>', part)
    return [(name, re.sub("<[^>]+>", "", caption)) for name, caption in found]


def tint(image: Image, y: int) -> str:
    """Which colour a picture has in the middle of this row, whatever JPEG made of it."""
    b, g, r = image[y, image.shape[1] // 2].astype(int)  # the water of these pictures is blue below its tint
    return "none" if max(b, g, r) < 30 else "blue" if b > 200 else "green" if g > r else "red"


@pytest.fixture
def ground(tmp_path: Path) -> Path:
    """Fourteen pictures whose lower half is labelled water: all of it is found in the last, none in the first."""
    folder = tmp_path / "ground"
    for place in (folder / "images", folder / "masks"):
        place.mkdir(parents=True)
    for number in range(14):
        found = slice(0, HEIGHT // 2) if number == 0 else slice(HEIGHT - 96 * number // 13, HEIGHT)
        cv2.imwrite(str(folder / f"images/{number:02d}.png"), blue(found))
        cv2.imwrite(str(folder / f"masks/{number:02d}.png"), blue(slice(HEIGHT // 2, HEIGHT))[..., 0])
    cv2.imwrite(str(folder / "images/dry.png"), blue(slice(0, 0)))
    cv2.imwrite(str(folder / "masks/dry.png"), blue(slice(0, 0))[..., 0])
    return folder


def test_masks_are_shown_from_the_worst_and_from_the_best(model: Path, ground: Path, tmp_path: Path) -> None:
    page = evaluate(model, tmp_path / "report", ground)
    worst, best = figures(page, "Worst masks"), figures(page, "Best masks")
    assert [caption.split(":")[0] for _, caption in worst] == [f"{n:02d}.png" for n in range(6)]
    assert [caption.split(":")[0] for _, caption in best] == [f"{n:02d}.png" for n in range(13, 7, -1)]
    assert worst[0][1] == "00.png: IoU 0.000; 50% found, 50% labelled as water"
    assert "IoU 1.000; 50% found" in best[0][1]
    first, last = (cv2.imread(str(tmp_path / "report" / name)) for name, _ in (worst[0], best[0]))
    assert (tint(first, 100), tint(first, 500)) == ("red", "none"), "false above, missed below"
    assert (tint(last, 100), tint(last, 500)) == ("none", "green")
    assert first[288, 480].tolist() == pytest.approx([0, 215, 255], abs=60), "the outline of what was missed"
    assert "blue" in page
    assert "water IoU 0.463" in page
    assert "Boxes are shown" not in page


@pytest.fixture
def cctv(tmp_path: Path) -> Path:
    """Nine dry streets and nine floods, seen the better the higher their number; one of each is seen wrongly."""
    folder = tmp_path / "cctv"
    (folder / "tiles").mkdir(parents=True)
    rows = ["file,flood,camera"]
    for number in range(9):
        for flood in (0, 1):
            wrong = number == 4
            strength = (10 + 10 * number) if flood == wrong else 255 - 10 * number
            cv2.imwrite(str(folder / f"tiles/{flood}{number}.png"), blue(slice(96, HEIGHT), strength))
            rows.append(f"{flood}{number}.png,{flood},cam [{number}]")
    (folder / "labels.csv").write_text("\n".join(rows))
    return folder


def test_floods_are_shown_that_were_taken_most_wrongly(model: Path, cctv: Path, tmp_path: Path) -> None:
    page = evaluate(model, tmp_path / "report", cctv)
    alarms, missed = figures(page, "Highest without a flood"), figures(page, "Lowest with a flood")
    assert alarms[0][1] == "04.png, camera cam [4]: 0.843"
    assert missed[0][1] == "14.png, camera cam [4]: 0.196"
    assert (len(alarms), len(missed)) == (6, 6)
    assert all(caption.startswith("0") for _, caption in alarms)
    assert all(caption.startswith("1") for _, caption in missed)
    assert re.sub("<[^>]+>", "", page).count("8 of 9 floods found, 1 missed, 1 false alarms in 9 pictures without") == 1
    drawn = cv2.imread(str(tmp_path / "report" / alarms[0][0]))
    assert drawn is not None
    assert drawn.shape == (576, 960, 3)
    assert (tint(drawn, 100), tint(drawn, 500)) == ("none", "blue")


def test_charts_show_what_the_figures_say(model: Path, cctv: Path, tmp_path: Path) -> None:
    page = evaluate(model, tmp_path / "report", cctv)
    curve, bars = (ET.fromstring(text) for text in re.findall(r"<svg.*?</svg>", page, re.DOTALL))
    ring = curve.find("circle/title")
    assert ring is not None
    assert ring.text == "from 0.5: 0.889 found, 0.111 false"
    counts = {"flood": 0, "dry": 0}
    for bar in bars.findall("rect/title"):
        name, count = (bar.text or "").split(": ")
        counts[name] += int(count)
    assert counts == {"flood": 9, "dry": 9}


def test_a_curve_rises_by_what_is_found_and_runs_by_what_is_false() -> None:
    scores, positive = np.array([0.9, 0.8, 0.8, 0.1]), np.array([True, True, False, False])
    false, true = roc(scores, positive)
    assert false.tolist() == [0, 0, 0.5, 1]
    assert true.tolist() == [0, 0.5, 1, 1]
    assert float(np.trapezoid(true, false)) == 0.875


def test_no_curve_where_there_is_nothing_to_tell_apart() -> None:
    assert roc_chart(np.array([0.1, 0.9]), np.array([True, True]), 0.5) == ""
    assert "<rect" in histogram({"dry": np.array([])}, "nothing")


def test_pictures_without_water_are_neither_best_nor_worst() -> None:
    found, telling = np.array([1.0, 0.2, 1.0, 0.9]), np.array([False, True, True, True])
    assert extremes(found, telling) == ([1, 3], [2])
    assert extremes(np.array([1.0]), np.array([False])) == ([], [])


def test_water_is_drawn_where_it_is() -> None:
    image, found, truth = blue(slice(0, 0)), np.zeros((HEIGHT, WIDTH), bool), np.zeros((HEIGHT, WIDTH), bool)
    found[:, :160], truth[:96, 40:] = True, True
    drawn = water_drawn(image, found, truth)
    assert drawn.shape == (576, 960, 3)
    assert image.max() == 0, "the picture itself stays as it is"
    right, false, missed, nothing = (drawn[y, x].tolist() for y, x in ((60, 300), (500, 300), (60, 800), (500, 800)))
    assert right[1] == max(right) > 0
    assert false[2] == max(false) > 0
    assert missed == nothing == [0, 0, 0]
    assert drawn[100, 120].tolist() == [0, 215, 255], "the truth's outline"


def test_a_page_may_have_both(model: Path, ground: Path, cctv: Path, tmp_path: Path) -> None:
    page = evaluate(model, tmp_path / "report", ground, cctv)
    assert re.findall(r"<h2>(.*?)</h2>", page) == ["ground: blue, water IoU", "cctv: blue, flood AUC"]
    names = re.findall(r'src="([^"]+)"', page)
    assert len(set(names)) == len(names) == 24
    assert all((tmp_path / "report" / name).is_file() for name in names)


def test_masks_that_fit_no_picture_are_refused(model: Path, tmp_path: Path) -> None:
    for place, size in (("images", (192, 320, 3)), ("masks", (90, 160, 3))):
        (tmp_path / "odd" / place).mkdir(parents=True)
        cv2.imwrite(str(tmp_path / "odd" / place / "a.png"), np.zeros(size, np.uint8))
    result = CliRunner().invoke(app, ["eval", str(tmp_path / "odd"), "--model", str(model)])
    assert result.exit_code == 2
    assert "odd holds no picture whose mask has its size" in result.stderr
