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
    return Path(shutil.copytree(ZOO / "nanodet_g", tmp_path / "mine"))


def rewrite(folder: Path, **changes: object) -> None:
    path = folder / "card.yaml"
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **changes}))


def test_every_model_of_the_zoo_is_the_file_on_its_card() -> None:
    models = installed()
    assert "nanodet_g" in [model.card.name for model in models]
    for model in models:
        assert len(model.content()) == model.card.bytes < 8_000_000
        assert model.card.name == model.folder.name
        assert (model.folder / "LICENSE").is_file()


def test_a_model_is_found_by_name_folder_and_file(copy: Path) -> None:
    assert find("nanodet_g").folder == ZOO / "nanodet_g"
    assert find(copy).folder == find(copy / "model.onnx").folder == copy


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ModelError, match=r"no model 'yolo': neither in the zoo \(nanodet_g\)"):
        find("yolo")


def test_a_changed_file_is_refused(copy: Path) -> None:
    content = bytearray((copy / "model.onnx").read_bytes())
    content[5_000_000] ^= 1
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
    model = find("nanodet_g")
    assert hashlib.sha256(model.path.read_bytes()).hexdigest() == model.card.sha256
