"""From trained weights to a folder of the zoo: `model.onnx` and a draft of its card. No torch."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml

from models.card import DetectionCard, TrainingData
from models.training.detection_graph import MEAN_BGR, STD_BGR, Convolution, Quantised, model_file
from models.training.street.recipe import CLASSES, Architecture, Mix
from models.training.street.weights import Weights

Storage = Literal["float16", "int8"]
NMS_OVERLAP = 0.6
AGREED = "with labels that NanoDet-g, NanoDet-m, YOLOX-Nano, PicoDet-S and YOLO11n agreed on"
DATA = {
    "stills": ("rendered stills of this project, labelled by the renderer", "AGPL-3.0-or-later"),
    "above": ("rendered stills of full roads from far above, labelled by the renderer", "AGPL-3.0-or-later"),
    "videos": (f"frames of nine street videos {AGREED}", "MIT (3), GPL-3.0 (2), academic use (1), none stated (3)"),
    "coco": ("pictures of COCO train2017 with its labels", "COCO's terms"),
    "coco_pseudo": (f"pictures of COCO, none of those measured on, {AGREED}", "COCO's terms"),
    "floods": (f"photographs of floods from the street and tiles of cameras in Rio {AGREED}", "none stated"),
    "in_domain": (f"frames of NGSIM's freeway cameras {AGREED}", "NGSIM of US-DOT"),
}
"""What each source is, and the licence of its pictures."""


def export(
    weights: Weights,
    architecture: Architecture,
    out: Path,
    *,
    storage: Storage,
    told: Mapping[str, Any],
    side: int = 416,
) -> DetectionCard:
    """Write both files and return the card.

    Args:
        weights: of this architecture, float32.
        architecture: of the network.
        out: the folder; its name is the model's.
        storage: `float16`, or `int8` with a scale a filter (half the size; computed in float32 all the same).
        told: `command`, `seed` and `data`, for the card.
        side: pixels of a picture's longer side, for the card.

    Raises:
        ValueError: a weight is not finite, or too large for float16.
    """
    stored = [(_stored(kernel, storage), _half(bias)) for kernel, bias in weights]
    pairs: list[Convolution] = list(stored)
    content = model_file(out.name, pairs, len(CLASSES), architecture.strides)
    out.mkdir(parents=True, exist_ok=True)
    parameters = sum(kernel.size + bias.size for kernel, bias in weights) / 1e6
    card = DetectionCard.model_validate(
        {
            "name": out.name,
            "file": "model.onnx",
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "task": "detection",
            "summary": f"People, vehicles and vendors as fixed city cameras see them; {parameters:.1f} M parameters.",
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
                "command": told["command"],
                "seed": told["seed"],
                "started_from": "NanoDet-g (models.training.nanodet_g), Apache-2.0",
                "data": told["data"],
                "licence": "AGPL-3.0-or-later",
            },
            "metrics": [],
            "limits": ["A draft: measure it (sigap-models eval) and say here what it cannot do."],
        }
    )
    (out / card.file).write_bytes(content)
    text = yaml.safe_dump(card.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=120)
    (out / "card.yaml").write_text(text, encoding="utf-8")
    return card


def training_command(recipe: Mapping[str, Any], steps: int, sources: Mapping[str, int]) -> str:
    """What trains such a network again, but for its folders; `recipe` as a checkpoint remembers it."""
    shape = recipe["architecture"]
    words = [f"python -m models.training.street train --steps {steps} --seed {recipe['seed']}"]
    words += [f"--learning-rate {recipe['learning_rate']:g} --batch-pixels {recipe['batch_pixels']}"]
    words += [f"--probe {recipe['probe_steps']}"] if not recipe["onto"] else []
    words += [f"--width {shape['width']:g}"] if shape["width"] < 1 else []
    words += [f"--stills-share {recipe['mix']['stills']:g}"] if recipe["mix"]["stills"] != Mix().stills else []
    words += ["--fine-level"] if shape["fine_level"] else []
    words += [f"--begin {recipe['begin']}"] if recipe.get("begin") else []
    words += [f"--onto {recipe['onto']} --share {recipe['share']:g}"] if recipe["onto"] else []
    words += [f"--distil-from {recipe['distil_from']}"] if recipe["distil_from"] else []
    words += ["--in-domain"] if "in_domain" in sources else []
    words += ["--bfloat16"] if recipe["bfloat16"] else []
    return " ".join(words)


def training_data(sources: Mapping[str, int]) -> tuple[TrainingData, ...]:
    """For the card: what went in, where its labels come from, under which licence."""
    return tuple(
        TrainingData(name=name, what=f"{count} {what}", licence=licence)
        for name, count in sources.items()
        for what, licence in [DATA[name]]
    )


def _stored(kernel: np.ndarray, storage: Storage) -> Quantised | np.ndarray:
    return Quantised.of(kernel) if storage == "int8" else _half(kernel)


def _half(value: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        half = value.astype(np.float16)
    if not np.isfinite(half).all():
        raise ValueError("a weight is not finite in float16: the training has diverged")
    return half
