"""What detectors reach on labelled freeway views; the card of ours repeats its figures."""

from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from models.card import find
from models.detector import Detector
from models.evaluation.labelled import BoxSet
from models.evaluation.looking import Contender, Rules, Way, figures, look_at
from models.evaluation.opening import open_set
from models.onnx_detector import DEFAULT, OnnxDetector
from models.upstream.detector import UpstreamDetector

DATA = Path("../shared/data/detection")
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"labelled pictures are not there ({DATA})")


def ap50(name: str, detector: Detector, way: Way, every: int) -> float:
    labelled = open_set(DATA / name)
    assert isinstance(labelled, BoxSet)
    some = replace(labelled, pictures=lambda: islice(labelled.pictures(), 0, None, every))
    rules = Rules(rounds=1)
    (looks,) = look_at(some, [Contender("it", detector, way)], rules)
    return figures(looks.matches["vehicle"], rules).ap50


@pytest.mark.parametrize(("name", "least"), [("ngsim_3", 0.9), ("ngsim_4", 0.75)])
def test_the_whole_frame_shows_most_cars(name: str, least: float) -> None:
    assert ap50(name, OnnxDetector.load(), Way.WHOLE, every=5) > least


def test_zoom_shows_more() -> None:
    assert (
        ap50("ngsim_4", OnnxDetector.load(), Way.CROPS, every=10)
        > ap50("ngsim_4", OnnxDetector.load(), Way.WHOLE, every=10) + 0.03
    )


@pytest.mark.slow
@pytest.mark.parametrize("model", [DEFAULT, "street_small"])
@pytest.mark.parametrize("name", ["ngsim_3", "ngsim_4"])
@pytest.mark.parametrize("way", [Way.WHOLE, Way.CROPS], ids=["whole", "zoomed"])
def test_the_card_tells_the_truth(model: str, name: str, way: Way) -> None:
    where = f"{name}, {way}"
    (told,) = [metric.value for metric in find(model).card.metrics if metric.data == where]
    assert ap50(name, OnnxDetector.load(model), way, every=1) == pytest.approx(told, abs=0.005)


PEERS = Path("../shared/data/teachers")


@pytest.mark.skipif(not PEERS.is_dir(), reason=f"upstream detectors are not there ({PEERS})")
@pytest.mark.parametrize(("peer", "least"), [("yolox_nano_416", 0.5), ("nanodet_m", 0.6), ("picodet_s_416_coco", 0.7)])
def test_peers_see_as_their_authors_meant(peer: str, least: float) -> None:
    """A wrong colour order, normalisation or grid costs far more than the margin left here."""
    assert ap50("ngsim_3", UpstreamDetector.load(PEERS / f"{peer}.onnx"), Way.WHOLE, every=5) > least
