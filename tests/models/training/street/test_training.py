import json
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.onnx_detector import OnnxDetector
from models.training.street.batches import Source, read
from models.training.street.export import export, training_command, training_data
from models.training.street.recipe import CLASSES, COCO_CLASSES, Architecture, Recipe
from models.training.street.samples import rendered_stills
from models.training.street.weights import adapted, with_own_channels
from tests.models.training.nanodet_weights import nanodet_g
from tests.models.training.street import stills

torch = pytest.importorskip("torch", reason="training needs torch: install the extra `train`")

RECIPE = Recipe(
    steps=4,
    batch_pixels=2 * 64 * 96,
    sizes=((64, 96, 1.0),),
    learning_rate=2e-4,
    probe_steps=0,
    architecture=Architecture(width=0.25),
)


class Interrupter:
    """Stands for an examination; sends the signal that a service manager sends."""

    def of(self, network: Any) -> dict[str, float]:
        os.kill(os.getpid(), signal.SIGTERM)
        return {"interrupted": 1.0}


@pytest.fixture
def sources(tmp_path: Path) -> list[Source]:
    return [Source("stills", 1.0, rendered_stills(stills.draw(tmp_path / "stills", 4), held_out=False))]


def trained(folder: Path, sources: list[Source], recipe: Recipe = RECIPE) -> Any:
    from models.training.street.training import Training

    training = Training(recipe, sources, folder, adapted(nanodet_g(), recipe.architecture))
    training.resume()
    return training


def test_a_stopped_training_ends_where_one_in_a_single_run_does(tmp_path: Path, sources: list[Source]) -> None:
    whole = trained(tmp_path / "whole", sources)
    assert whole.run(workers=0)
    stopped = trained(tmp_path / "stopped", sources)
    assert not stopped.run(workers=0, examination=Interrupter(), examine_every=2)
    assert stopped.step == 2
    resumed = trained(tmp_path / "stopped", sources)
    assert resumed.step == 2
    assert resumed.run(workers=0)
    for one, other in zip(whole.average.weights(), resumed.average.weights(), strict=True):
        assert np.allclose(one[0], other[0], atol=1e-6)
    lines = [json.loads(line) for line in (tmp_path / "stopped" / "log.jsonl").read_text().splitlines()]
    assert lines[0]["interrupted"] == 1


def test_what_is_trained_is_what_is_exported(tmp_path: Path, sources: list[Source]) -> None:
    from models.training.street.evaluation import detect
    from models.training.street.training import averaged_weights

    training = trained(tmp_path / "run", sources)
    training.run(workers=0)
    weights, recipe = averaged_weights(training.file)
    told = {"command": "a test", "seed": recipe["seed"], "data": training_data({"stills": 4})}
    card = export(weights, RECIPE.architecture, tmp_path / "street", storage="float16", told=told)
    assert card.bytes < 1_000_000
    image = read(sources[0].samples[0].picture)
    detector = OnnxDetector.load(tmp_path / "street")
    (seen,) = detector.detect([image], floor=0.0005)
    expected = detect(training.average, image)
    assert detector.names == expected.names
    if len(expected):
        assert seen.scores[0] == pytest.approx(expected.scores.max(), abs=0.02)


@pytest.mark.parametrize(("storage", "off_px", "megabytes"), [("float16", 0.2, 7.6), ("int8", 4.0, 4.0)])
def test_storage_changes_little(tmp_path: Path, storage: Any, off_px: float, megabytes: float) -> None:
    from models.training.street.network import StreetNet

    architecture, told = Architecture(), {"command": "a test", "seed": 0, "data": training_data({"coco": 1})}
    card = export(adapted(nanodet_g(), architecture), architecture, tmp_path / "street", storage=storage, told=told)
    assert card.bytes < megabytes * 1e6
    import onnxruntime as ort

    image = np.random.default_rng(0).integers(0, 255, (1, 64, 96, 3), np.uint8)
    session = ort.InferenceSession(tmp_path / "street" / "model.onnx", providers=["CPUExecutionProvider"])
    boxes, scores = session.run(None, {"image": image})
    with torch.inference_mode():
        seen = StreetNet(adapted(nanodet_g(), architecture), architecture.strides)(torch.from_numpy(image))
    assert np.abs(np.asarray(boxes) - seen.boxes().numpy()).max() < off_px
    assert np.abs(np.asarray(scores) - seen.logits.sigmoid().numpy()).max() < 0.05


def test_another_training_is_not_gone_on_with(tmp_path: Path, sources: list[Source]) -> None:
    from models.training.street.checkpoint import CheckpointError

    training = trained(tmp_path / "run", sources)
    training.save()
    other = replace(RECIPE, steps=5)
    with pytest.raises(CheckpointError, match="other steps"):
        trained(tmp_path / "run", sources, other)
    more = [Source("stills", 1.0, [*sources[0].samples, *sources[0].samples])]
    with pytest.raises(CheckpointError, match="was trained on"):
        trained(tmp_path / "run", more)
    training.file.write_bytes(b"cut off")
    with pytest.raises(CheckpointError, match="cannot be read"):
        trained(tmp_path / "run", sources)


def test_a_training_learns(tmp_path: Path, sources: list[Source]) -> None:
    recipe = replace(RECIPE, steps=30, learning_rate=1e-3)
    training = trained(tmp_path / "run", sources, recipe)
    losses: list[float] = []
    learn = training._learn
    training._learn = lambda batch: losses.append((told := learn(batch))["total"]) or told
    training.run(workers=0)
    assert np.mean(losses[-6:]) < 0.8 * np.mean(losses[:6])


def test_first_only_new_classes_learn(tmp_path: Path, sources: list[Source]) -> None:
    from models.training.street.training import Loaded

    recipe = replace(RECIPE, steps=4, probe_steps=3)
    training = trained(tmp_path / "run", sources, recipe)
    before = training.network.weights()
    for step in range(3):
        training._learn(Loaded.of(training._batches[step]))
        training.step += 1
    predictions = [len(before) - 5, len(before) - 3, len(before) - 1]
    for index, (old, new) in enumerate(zip(before, training.network.weights(), strict=True)):
        known = np.ones(len(old[1]), bool)
        if index in predictions:
            known[COCO_CLASSES : len(CLASSES)] = False
            assert not np.allclose(old[1][~known], new[1][~known], atol=1e-4)
        for was, now in zip(old, new, strict=True):
            assert np.array_equal(was[known], now[known])
    training._learn(Loaded.of(training._batches[3]))
    assert not np.array_equal(before[0][0], training.network.weights()[0][0])


def test_a_vendor_learned_onto_a_network_leaves_all_else_as_it_is(tmp_path: Path, sources: list[Source]) -> None:
    from models.training.street.network import StreetNet
    from models.training.street.training import Training

    plain = adapted(nanodet_g(), RECIPE.architecture)
    recipe = replace(
        RECIPE, probe_steps=4, onto="street", probe_rate=2e-2, architecture=replace(RECIPE.architecture, own_channels=8)
    )
    training = Training(recipe, sources, tmp_path, with_own_channels(plain, 8, seed=0))
    training.run(workers=0)
    image = torch.from_numpy(training._batches[0].images)
    with torch.inference_mode():
        before, after = StreetNet(plain, (8, 16, 32))(image), training.network(image)
    assert np.allclose(before.sides.numpy(), after.sides.numpy(), atol=1e-5)
    assert np.allclose(before.logits[..., :COCO_CLASSES].numpy(), after.logits[..., :COCO_CLASSES].numpy(), atol=1e-5)
    assert not np.allclose(before.logits[..., -1].numpy(), after.logits[..., -1].numpy(), atol=1e-3)
    own = training.network.heads()[0][0].weight[-8:].detach().numpy()
    assert not np.allclose(own, with_own_channels(plain, 8, seed=0)[-6][0][-8:], atol=1e-4)


def test_the_card_says_how_to_train_it_again() -> None:
    onto = replace(RECIPE, onto="street", share=0.7, probe_steps=4, distil=1.0, distil_from="large").described()
    said = training_command(onto, 4, {"stills": 3, "in_domain": 2})
    assert said.startswith("python -m models.training.street train --steps 4 --seed 0 --learning-rate 0.0002 ")
    for words in ("--width 0.25", "--onto street --share 0.7", "--distil-from large", "--in-domain"):
        assert words in said
    assert "--probe" not in said
    assert "--probe 0" in training_command(RECIPE.described(), 4, {"stills": 3})


def test_speed_is_measured_without_writing(tmp_path: Path, sources: list[Source]) -> None:
    assert trained(tmp_path / "run", sources).speed(1) > 0
    assert not (tmp_path / "run").exists()


def test_a_small_network_may_learn_from_a_large_one(tmp_path: Path, sources: list[Source]) -> None:
    from models.training.street.network import StreetNet
    from models.training.street.training import Loaded, Training

    large = Architecture()
    recipe = replace(RECIPE, steps=2, distil=1.0)
    first = adapted(nanodet_g(), recipe.architecture)
    training = Training(recipe, sources, tmp_path, first, teacher=StreetNet(adapted(nanodet_g(), large), large.strides))
    told = training._learn(Loaded.of(training._batches[0]))
    assert told["distil"] > 0
