import numpy as np
import onnxruntime as ort
import pytest

from models.training.detection_graph import model_file
from models.training.street.recipe import CLASSES, Architecture
from models.training.street.weights import adapted
from tests.models.training.nanodet_weights import nanodet_g

torch = pytest.importorskip("torch", reason="training needs torch: install the extra `train`")


@pytest.mark.parametrize(
    "architecture", [Architecture(), Architecture(width=0.6), Architecture(fine_level=True)], ids=str
)
def test_pytorch_and_onnx_say_the_same(architecture: Architecture) -> None:
    from models.training.street.network import StreetNet

    weights = adapted(nanodet_g(), architecture)
    image = np.random.default_rng(1).integers(0, 255, (2, 128, 96, 3), np.uint8)
    content = model_file("test", weights, len(CLASSES), architecture.strides)
    boxes, scores = ort.InferenceSession(content, providers=["CPUExecutionProvider"]).run(None, {"image": image})
    with torch.inference_mode():
        seen = StreetNet(weights, architecture.strides)(torch.from_numpy(image))
        assert np.allclose(seen.boxes().numpy(), boxes, atol=1e-3)
        assert np.allclose(seen.logits.sigmoid().numpy(), scores, atol=1e-4)
