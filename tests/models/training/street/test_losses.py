from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="training needs torch: install the extra `train`")

CLASSES = 7


def truth(boxes: list[list[float]], ignored: list[list[float]] = [], classes: list[int] | None = None) -> Any:  # noqa: B006
    from models.training.street.assignment import Truth

    return Truth(
        torch.tensor(boxes, dtype=torch.float).reshape(-1, 4),
        torch.tensor(classes or [2] * len(boxes), dtype=torch.long),
        torch.tensor(ignored, dtype=torch.float).reshape(-1, 4),
        torch.ones(len(ignored), CLASSES, dtype=torch.bool),
    )


def cells(side: int = 128) -> Any:
    from models.training.street.network import cell_centres

    return torch.cat([cell_centres(side // stride, side // stride, stride) for stride in (8, 16, 32)])


def matched(known: Any, scores: float = 0.1) -> Any:
    from models.training.street.assignment import assign

    places = cells()
    boxes = torch.cat([places[:, :2] - places[:, 2:], places[:, :2] + places[:, 2:]], 1)
    return assign(places, boxes, torch.full((len(places), CLASSES), scores), known)


@pytest.mark.parametrize("x", [0, 1, 2, 3, 4, 5, 6, 7])
def test_a_thing_of_six_pixels_is_answered_for_wherever_it_is(x: int) -> None:
    match = matched(truth([[40 + x, 40 + x, 46 + x, 46 + x]]))
    assert (match.thing == 0).sum() >= 1
    assert cells()[match.thing == 0][:, 2].min() == 8


def test_a_small_thing_on_a_large_one_keeps_a_cell() -> None:
    match = matched(truth([[0, 0, 128, 128], [56, 56, 66, 66], [57, 57, 67, 67]], classes=[4, 0, 3]))
    assert set(match.thing.tolist()) == {-1, 0, 1, 2}


def test_what_is_ignored_is_not_punished_and_the_rest_is() -> None:
    match = matched(truth([], ignored=[[0, 0, 64, 128]]))
    left = cells()[:, 0] < 64
    assert not match.punished[left].any()
    assert match.punished[cells()[:, 0] > 100].all()


def test_regions_may_be_ignored_for_some_classes_only() -> None:
    from models.training.street.assignment import Truth

    mask = torch.zeros(1, CLASSES, dtype=torch.bool)
    mask[0, 6] = True
    known = Truth(torch.zeros(0, 4), torch.zeros(0, dtype=torch.long), torch.tensor([[0.0, 0, 128, 128]]), mask)
    assert matched(known).punished.all(0).tolist() == [True] * 6 + [False]


def test_small_boxes_lose_less_by_a_pixel() -> None:
    from models.training.street.assignment import fair_quality

    overlap = torch.tensor([0.68, 0.68])
    small, large = fair_quality(overlap, torch.tensor([10.0, 64.0])).tolist()
    assert small == pytest.approx(0.68**0.5)
    assert large == pytest.approx(0.68)


def test_a_perfect_answer_costs_least() -> None:
    from models.training.detection_graph import BINS
    from models.training.street.assignment import assign
    from models.training.street.losses import detection_loss, distances
    from models.training.street.network import Predictions

    places, known = cells(), truth([[30, 40, 60, 80]])
    wanted = distances(places, known.boxes.expand(len(places), 4))
    bins = torch.arange(BINS)
    sides = (1 - (wanted.unsqueeze(2) - bins).abs()).clamp(min=1e-9).log()[None]
    logits = torch.full((1, len(places), CLASSES), -9.0)
    answering = assign(places, Predictions(logits, sides, places).boxes()[0], logits[0].sigmoid(), known).thing == 0
    right = 18 * answering[None, :, None] * (torch.arange(CLASSES) == 2)
    good = detection_loss(Predictions(logits + right, sides, places), [known])
    blind = detection_loss(Predictions(logits, sides, places), [known])
    crooked = detection_loss(Predictions(logits, sides.flip(2), places), [known])
    assert good.total < 0.2 < blind.total
    assert good.box < 0.01
    assert crooked.box > 0.5
    assert crooked.bins > good.bins


def test_boxes_apart_have_a_slope() -> None:
    from models.training.street.losses import generalised_iou

    still, near, far = (torch.tensor([[x, 0.0, x + 10, 10]]) for x in (0.0, 20.0, 40.0))
    assert generalised_iou(still, still).item() == pytest.approx(1)
    assert generalised_iou(still, far) < generalised_iou(still, near) < 0


def test_a_network_learns_nothing_from_itself() -> None:
    from models.training.street.losses import distillation
    from models.training.street.network import Predictions

    one = Predictions(torch.randn(1, 20, CLASSES), torch.randn(1, 20, 4, 11), torch.zeros(20, 3))
    other = Predictions(torch.randn(1, 20, CLASSES), torch.randn(1, 20, 4, 11), torch.zeros(20, 3))
    assert distillation(one, one) == pytest.approx(0, abs=1e-5)
    assert distillation(one, other) > 0.1


def test_where_the_truth_names_a_thing_a_blind_teacher_is_not_followed() -> None:
    from models.training.street.losses import distillation
    from models.training.street.network import Predictions

    sides, places = torch.zeros(1, 20, 4, 11), torch.zeros(20, 3)
    teacher = Predictions(torch.full((1, 20, CLASSES), -6.0), sides, places)
    seeing = torch.full((1, 20, CLASSES), -6.0)
    seeing[0, 3, 2] = 4.0
    answered = torch.zeros(1, 20, dtype=torch.bool)
    assert distillation(Predictions(seeing, sides, places), teacher, answered=answered) > 1
    answered[0, 3] = True
    assert distillation(Predictions(seeing, sides, places), teacher, answered=answered) < 0.01


def test_pictures_of_a_batch_count_as_they_do_alone() -> None:
    from models.training.street.losses import detection_loss
    from models.training.street.network import Predictions

    torch.manual_seed(0)
    places = cells()
    seen = Predictions(torch.randn(3, len(places), CLASSES) - 3, torch.randn(3, len(places), 4, 11), places)
    truths = [truth([[30, 40, 60, 80], [10, 10, 20, 22]], classes=[2, 0]), truth([]), truth([[64, 0, 120, 60]])]
    whole = detection_loss(seen, truths)
    alone = [
        detection_loss(Predictions(seen.logits[n : n + 1], seen.sides[n : n + 1], places), truths[n : n + 1])
        for n in range(3)
    ]
    assert whole.answered.any(1).tolist() == [True, False, True]
    assert (whole.answered == torch.cat([one.answered for one in alone])).all()
    low, high = sorted([float(alone[0].box), float(alone[2].box)])
    assert low <= float(whole.box) <= high
