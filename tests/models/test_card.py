import hashlib
import shutil
from pathlib import Path

import pytest
import yaml

from models import card
from models.card import ZOO, ModelError, find, installed


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The interim detector in a folder of its own, to be broken."""
    return Path(shutil.copytree(ZOO / "street", tmp_path / "mine"))


def rewrite(folder: Path, **changes: object) -> None:
    path = folder / "card.yaml"
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **changes}))


def test_every_model_of_the_zoo_is_the_file_on_its_card() -> None:
    models = installed()
    assert "street" in [model.card.name for model in models]
    for model in models:
        assert len(model.content()) == model.card.bytes <= 6_000_000
        assert model.card.name == model.folder.name
        assert (model.folder / "LICENSE").is_file()


def test_a_model_is_found_by_name_folder_and_file(copy: Path) -> None:
    assert find("street").folder == ZOO / "street"
    assert find(copy).folder == find(copy / "model.onnx").folder == copy


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ModelError, match=r"no model 'yolo': neither in the zoo \(street"):
        find("yolo")


def test_a_changed_file_is_refused(copy: Path) -> None:
    content = bytearray((copy / "model.onnx").read_bytes())
    content[2_000_000] ^= 1
    (copy / "model.onnx").write_bytes(content)
    with pytest.raises(ModelError, match=r"model\.onnx is not the file on its card: .*restore the file"):
        find(copy).content()


def test_a_missing_file_is_refused(copy: Path) -> None:
    (copy / "model.onnx").unlink()
    with pytest.raises(ModelError, match=r"model\.onnx is missing"):
        find(copy).content()


def test_a_huge_file_is_refused_unread(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card, "MAX_BYTES", 1000)
    with pytest.raises(ModelError, match="more than the 1000 allowed"):
        find(copy).content()


def test_a_file_without_its_own_card_is_refused(copy: Path, tmp_path: Path) -> None:
    stray = tmp_path / "stray.onnx"
    stray.write_bytes(b"x")
    with pytest.raises(ModelError, match=r"card\.yaml is missing"):
        find(stray)
    (copy / "other.onnx").write_bytes(b"x")
    with pytest.raises(ModelError, match=r"describes model\.onnx"):
        find(copy / "other.onnx")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"classes": []}, "classes"),
        ({"sha256": "abc"}, "sha256"),
        ({"file": "../../model.onnx"}, "file"),
        ({"colour": "red"}, "colour"),
        ({"task": "poetry"}, "task"),
        ({"limits": []}, "limits"),
    ],
    ids=lambda value: "" if isinstance(value, str) else next(iter(value)),
)
def test_a_wrong_card_says_which_key(copy: Path, changes: dict[str, object], message: str) -> None:
    rewrite(copy, **changes)
    with pytest.raises(ModelError, match=f"not a model card: {message}"):
        find(copy)


@pytest.mark.parametrize("text", ["a: [", "\x00", "- list"], ids=["broken", "binary", "list"])
def test_what_is_no_card_is_refused(copy: Path, text: str) -> None:
    (copy / "card.yaml").write_text(text)
    with pytest.raises(ModelError, match=r"card\.yaml is not"):
        find(copy)


def test_the_sum_on_the_card_is_the_sum_of_the_file() -> None:
    model = find("street")
    assert hashlib.sha256(model.path.read_bytes()).hexdigest() == model.card.sha256


OWN = {
    "command": "python -m models.training.street --out OUT",
    "seed": 7,
    "started_from": "nothing",
    "data": [{"name": "stills", "what": "2,000 rendered pictures", "licence": "AGPL-3.0-or-later, our own"}],
    "licence": "AGPL-3.0-or-later",
}


def test_a_model_of_our_own_tells_how_it_is_made_again(copy: Path) -> None:
    rewrite(copy, origin=OWN)
    origin = find(copy).card.origin
    assert isinstance(origin, card.OwnOrigin)
    assert "seed 7" in origin.summary
    assert "2,000 rendered pictures" in origin.trained_on


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"origin": {**OWN, "seed": "lucky"}}, "origin.seed"),
        ({"origin": {**OWN, "data": []}}, "origin.data"),
        ({"origin": {**OWN, "package": "npm"}}, "origin.package"),
        ({"origin": {"package": "npm"}}, "origin.version"),
        ({"outputs": {"boxes": "boxes"}}, "outputs.scores"),
        ({"task": "water"}, "water_above"),
    ],
    ids=["seed", "no data", "both origins", "half an origin", "half the outputs", "a detector said to see water"],
)
def test_a_card_of_either_kind_is_strict(copy: Path, changes: dict[str, object], message: str) -> None:
    rewrite(copy, **changes)
    with pytest.raises(ModelError, match=rf"not a model card: (.*; )?{message}: "):
        find(copy)


def test_a_metric_may_have_an_interval_around_it(copy: Path) -> None:
    metric = {"name": "AP50", "value": 0.6, "interval": [0.5, 0.7], "data": "x", "command": "y"}
    rewrite(copy, metrics=[metric])
    assert find(copy).card.metrics[0].interval == (0.5, 0.7)
    rewrite(copy, metrics=[metric | {"value": 0.8}])
    with pytest.raises(ModelError, match=r"metrics\.0: .*0\.8 lies outside its interval \[0\.5, 0\.7\]"):
        find(copy)
