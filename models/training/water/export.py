"""The model file and the draft of its card."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml

from models.training.water.backbone import MEAN, MEMBER, PACKAGE, SHA256, STD, VERSION
from models.training.water.looking import MULTIPLE, SIDE, Looker
from models.training.water.network import WaterNetwork, as_onnx

MOST_BYTES = 6_000_000
TOLERANCE = 0.01
"""Mean difference of probabilities between torch and the file, whose weights are stored in float16."""


class ExportError(Exception):
    """The file does not do what the trained network does, or is too large."""


def export(network: WaterNetwork, out: Path) -> Path:
    """Write `model.onnx` and `card.yaml` into a folder; returns the model's path.

    Raises:
        ExportError: the file is over the limit, or answers otherwise than the network.
    """
    content = as_onnx(network)
    if len(content) > MOST_BYTES:
        raise ExportError(f"the file would have {len(content)} bytes, {MOST_BYTES} are allowed")
    difference = difference_from(network, content)
    if difference > TOLERANCE:
        raise ExportError(f"the file's answers differ from the network's by {difference:.3f} in the mean")
    out.mkdir(parents=True, exist_ok=True)
    (out / "model.onnx").write_bytes(content)
    card = yaml.safe_dump(draft_card(content), sort_keys=False, allow_unicode=True, width=118)
    (out / "card.yaml").write_text(card, encoding="utf-8")
    return out / "model.onnx"


def difference_from(network: WaterNetwork, content: bytes) -> float:
    """Mean difference of the file's probabilities, over sizes whose halves are odd and even; the larger output's."""
    random = np.random.default_rng(0)
    looker = Looker(content)
    worst = 0.0
    for height, width in ((352, 640), (384, 640), (96, 64)):
        coarse = random.integers(0, 256, (2, height // 32, width // 32, 3), np.uint8)
        pictures = np.repeat(np.repeat(coarse, 32, axis=1), 32, axis=2)
        halved = torch.nn.functional.avg_pool2d(torch.from_numpy(pictures).permute(0, 3, 1, 2).float(), 2)
        with torch.no_grad():
            seen = network.eval()(halved)
        water, flood = looker.run(pictures)
        worst = max(worst, float(np.abs(water - torch.sigmoid(seen.water).numpy()).mean()))
        worst = max(worst, float(np.abs(flood - torch.sigmoid(seen.flood).numpy()).mean()))
    return worst


def draft_card(content: bytes) -> dict[str, Any]:
    """All of the card but the figures, which `evaluate` and `crossval` print."""
    return {
        "name": "water",
        "file": "model.onnx",
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "task": "water",
        "summary": "Where water stands in a street, and whether the road in view is flooded; EfficientNet-Lite0 with a "
        "light decoder, 2.4 M parameters.",
        "input": {
            "name": "image",
            "layout": "uint8 [batch, height, width, 3]",
            "colour_order": "BGR",
            "side": SIDE,
            "multiple": MULTIPLE,
            "mean": [MEAN] * 3,
            "std": [STD] * 3,
            "dynamic_axes": ["batch", "height", "width"],
        },
        "outputs": {"water": "water", "flood": "flood"},
        "origin": {
            "package": f"pypi:{PACKAGE}",
            "version": VERSION,
            "files": {MEMBER: SHA256},
            "recipe": "python -m models.training.water train, then export (models/training/water/README.md)",
            "upstream": "https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite",
            "licence": "Apache-2.0 (start weights); AGPL-3.0-or-later (ours)",
            "trained_on": "ImageNet-1k (start weights); then 66 photographs of floods from the street "
            "(falakchhatre/Flood-Image-Segmentation) and 286 from the air (R15EN/flood-area-segmentation) with masks, "
            "123 tiles of Rio de Janeiro's city cameras with a word each (luisresende13/octa-flood-images), stills "
            "rendered by this project with masks, and frames of dry videos",
        },
        "metrics": [],
        "limits": [
            "Trained on 66 photographs of real floods from the street, by day, mostly muddy water in East Africa.",
            "Masks of cameras by night and in rain rest on rendered scenes and on words for whole tiles.",
            "Knows rivers, ponds and the sea as water too: only the zone drawn on the road makes them no flood.",
        ],
    }
