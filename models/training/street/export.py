"""From trained weights to a folder of the zoo: `model.onnx` and a draft of its card. No torch."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml

from models.card import ModelCard
from models.training.detection_graph import MEAN_BGR, STD_BGR, Convolution, Quantised, model_file
from models.training.street.recipe import CLASSES, Architecture
from models.training.street.weights import START, Weights

Storage = Literal["float16", "int8"]
NMS_OVERLAP = 0.6


def export(
    weights: Weights,
    architecture: Architecture,
    out: Path,
    *,
    storage: Storage,
    told: Mapping[str, Any],
    side: int = 416,
) -> ModelCard:
    """Write both files and return the card.

    Args:
        weights: of this architecture, float32.
        architecture: of the network.
        out: the folder; its name is the model's.
        storage: `float16`, or `int8` with a scale a filter (half the size; computed in float32 all the same).
        told: `trained_on` and `recipe`, for the card.
        side: pixels of a picture's longer side, for the card.

    Raises:
        ValueError: a weight is not finite, or too large for float16.
    """
    stored = [(_stored(kernel, storage), _half(bias)) for kernel, bias in weights]
    pairs: list[Convolution] = list(stored)
    content = model_file(out.name, pairs, len(CLASSES), architecture.strides)
    out.mkdir(parents=True, exist_ok=True)
    parameters = sum(kernel.size + bias.size for kernel, bias in weights) / 1e6
    card = ModelCard.model_validate(
        {
            "name": out.name,
            "file": "model.onnx",
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "task": "detection",
            "summary": f"NanoDet-g fine-tuned for fixed city cameras, with vendors; {parameters:.1f} M parameters.",
            "classes": CLASSES,
            "nms_overlap": NMS_OVERLAP,
            "input": {
                "name": "image",
                "layout": "uint8 [batch, height, width, 3]",
                "colour_order": "BGR",
                "side": side,
                "multiple": 32,
                "mean": MEAN_BGR,
                "std": STD_BGR,
                "dynamic_axes": ["batch", "height", "width"],
            },
            "outputs": {"boxes": "boxes", "scores": "scores"},
            "origin": {
                "package": f"the zoo's {START}",
                "version": "1",
                "files": {},
                "recipe": told["recipe"],
                "upstream": "https://github.com/RangiLyu/nanodet, config/nanodet-g.yml",
                "licence": "AGPL-3.0-or-later; the start weights Apache-2.0",
                "trained_on": told["trained_on"],
            },
            "metrics": [],
            "limits": ["A draft: measure it (sigap-models eval) and say here what it cannot do."],
        }
    )
    (out / card.file).write_bytes(content)
    text = yaml.safe_dump(card.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=120)
    (out / "card.yaml").write_text(text, encoding="utf-8")
    return card


def trained_on(sources: Mapping[str, int], recipe: Mapping[str, Any], step: int) -> str:
    """A sentence for the card: which pictures, how many, how long."""
    teachers = "NanoDet-g, NanoDet-m, YOLOX-nano, PicoDet-s, and YOLO11n where OpenVINO was installed"
    names = {
        "stills": "rendered stills of this project",
        "videos": f"frames of nine street videos with labels that detectors agreed on ({teachers})",
        "coco": "labelled COCO train2017 pictures",
        "coco_pseudo": "COCO val2017 pictures (none that it is measured on) with labels that these detectors agreed on",
        "in_domain": "frames of NGSIM's freeway cameras (in-domain) with labels that these detectors agreed on",
    }
    parts = "; ".join(f"{count} {names.get(name, name)}" for name, count in sources.items())
    return f"{parts}; {step} steps from the zoo's {START}, seed {recipe['seed']}"


def _stored(kernel: np.ndarray, storage: Storage) -> Quantised | np.ndarray:
    return Quantised.of(kernel) if storage == "int8" else _half(kernel)


def _half(value: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        half = value.astype(np.float16)
    if not np.isfinite(half).all():
        raise ValueError("a weight is not finite in float16: the training has diverged")
    return half
