import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from models.card import ModelError
from models.cli import app
from models.detector import Image
from models.onnx_detector import OnnxDetector
from models.water import WaterModel
from tests.models.water_network import network, put


def half_blue(width: int, height: int) -> Image:
    """The lower half is water, and nothing else is blue."""
    image = np.zeros((height, width, 3), np.uint8)
    image[height // 2 :, :, 0] = 255
    return image


@pytest.fixture(scope="module", params=[1, 4], ids=["full size", "a quarter"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> WaterModel:
    return WaterModel.load(put(tmp_path_factory.mktemp("water"), network(request.param)))


@pytest.mark.parametrize(("width", "height"), [(640, 360), (640, 480), (333, 500), (64, 64), (1920, 800)])
def test_padding_does_not_count(model: WaterModel, width: int, height: int) -> None:
    (seen,) = model.look([half_blue(width, height)])
    assert seen.share == pytest.approx(0.5, abs=0.02)
    assert seen.flood == 1
    mask = seen.mask(width, height)
    assert mask.shape == (height, width)
    assert (mask == (half_blue(width, height)[..., 0] > 0)).mean() > 0.97


def test_wholly_water_is_all_of_it_whatever_the_padding(model: WaterModel) -> None:
    (seen,) = model.look([np.full((370, 640, 3), 255, np.uint8)])
    assert seen.share == 1


def test_a_batch_gives_what_each_picture_gives_alone(model: WaterModel) -> None:
    noise = np.random.default_rng(0)
    images = [noise.integers(0, 255, (*shape, 3), np.uint8) for shape in ((90, 160), (200, 100), (90, 160))]
    before = model.inferences
    together = model.look(images)
    assert model.inferences == before + 3
    for image, seen in zip(images, together, strict=True):
        (alone,) = model.look([image])
        np.testing.assert_allclose(seen.water, alone.water, atol=1e-6)
        assert seen.flood == alone.flood


def test_what_is_no_water_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is a model of detection: give one of water"):
        WaterModel.load("street")
    with pytest.raises(ModelError, match="is a model of water: give a detector"):
        OnnxDetector.load(put(tmp_path / "blue", network()))
    odd = WaterModel.load(put(tmp_path / "odd", network(reduction=8)))
    with pytest.raises(ModelError, match=r"gives a water map .* its card needs one of"):
        odd.look([half_blue(64, 64)])


def test_the_command_writes_a_line_a_picture(tmp_path: Path) -> None:
    folder, picture, out = put(tmp_path / "blue", network()), tmp_path / "street.png", tmp_path / "water.jsonl"
    cv2.imwrite(str(picture), half_blue(320, 192))
    result = CliRunner().invoke(app, ["water", str(picture), "--out", str(out), "--model", str(folder)])
    assert result.exit_code == 0, result.output
    assert [json.loads(line) for line in out.read_text().splitlines()] == [
        {"image": "street.png", "share": 0.5, "flood": 1.0}
    ]
    assert CliRunner().invoke(app, ["verify", str(folder)]).exit_code == 0


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    picture, out = tmp_path / "street.png", tmp_path / "water.jsonl"
    result = CliRunner().invoke(app, ["water", str(picture), "--out", str(out), "--model", "street"])
    assert result.exit_code == 2
    assert "street.png is missing" in result.stderr
    cv2.imwrite(str(picture), half_blue(320, 192))
    result = CliRunner().invoke(app, ["water", str(picture), "--out", str(out), "--model", "street"])
    assert result.exit_code == 2
    assert "give one of water" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["street.png"]


def test_eval_measures_floods_and_masks(tmp_path: Path) -> None:
    folder = put(tmp_path / "blue", network())
    cctv, ground = tmp_path / "cctv", tmp_path / "ground"
    for place in (cctv / "tiles", ground / "images", ground / "masks"):
        place.mkdir(parents=True)
    rows = ["file,flood,camera"]
    for number, flood in enumerate([1, 0, 1, 0]):
        image = half_blue(320, 192) if flood else np.zeros((192, 320, 3), np.uint8)
        cv2.imwrite(str(cctv / f"tiles/{number}.png"), image)
        rows.append(f"{number}.png,{flood},{number % 2}")
    (cctv / "labels.csv").write_text("\n".join(rows))
    cv2.imwrite(str(ground / "images/a.png"), half_blue(320, 192))
    cv2.imwrite(str(ground / "masks/a.png"), half_blue(320, 192)[..., 0])
    result = CliRunner().invoke(app, ["eval", str(cctv), str(ground), "--model", str(folder), "--rounds", "20"])
    assert result.exit_code == 0, result.output
    table = [[cell.strip() for cell in line.split("|")[1:-1]] for line in result.stdout.splitlines() if "blue" in line]
    assert [row[:5] for row in table] == [
        ["cctv", "blue", "flood AUC", "4", "1.000"],
        ["ground", "blue", "water IoU", "1", "1.000"],
    ]
    refused = CliRunner().invoke(app, ["eval", str(cctv), "--model", "street"])
    assert refused.exit_code == 2
    assert "cctv needs a water model: --model" in refused.stderr
