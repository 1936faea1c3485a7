"""An ultralytics checkpoint as an ONNX file that `UpstreamDetector` runs (needs the `train` extra).

Run through `sigap-models export`. A checkpoint is a pickle: loading one runs whatever its maker put into it.
"""

import hashlib
import importlib
import os
import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import yaml

from models.card import ModelError
from models.upstream.coco import CLASSES, NAMES
from models.upstream.detector import UpstreamDetector
from models.upstream.registry import Entry

LICENCE = "AGPL-3.0"
"""Of ultralytics' networks and, as ultralytics says, of what is trained with it; or a licence bought from them."""
STRIDE = 32
MISSING = (
    "ultralytics is not installed here: make an environment of its own (it brings another OpenCV) with "
    "pip install 'sigap[train]', and export there"
)


def export(checkpoint: Path, folder: Path, side: int = 640, sha256: str | None = None) -> tuple[Path, Path]:
    """The ONNX file NAME.onnx in `folder`, and the draft of its entry in the registry, NAME.yaml.

    Args:
        checkpoint: a detector of COCO's 80 classes (YOLOv8, YOLO11), saved by ultralytics (.pt).
        folder: made if need be; nothing in it is overwritten.
        side: of the square input, pixels.
        sha256: of the checkpoint; another file is refused before it is loaded.

    Raises:
        ModelError: ultralytics is not there or cannot export the file, another task or other classes, a sum that
            differs, a side that is not whole cells, a file in the way, or a network of no known form.
        OSError: the folder cannot be written.
    """
    if side % STRIDE:
        raise ModelError(f"a side of {side} px is no multiple of {STRIDE}: give {side // STRIDE * STRIDE or STRIDE}")
    if not checkpoint.is_file():
        raise ModelError(f"{checkpoint} is missing: give a checkpoint (.pt) of ultralytics")
    found = hashlib.sha256(checkpoint.read_bytes()).hexdigest()
    if sha256 is not None and found != sha256.lower():
        raise ModelError(f"{checkpoint} has sha256 {found}, expected {sha256.lower()}: fetch it again; not loaded")
    name = _name(checkpoint)
    network, entry = folder / f"{name}.onnx", folder / f"{name}.yaml"
    for path in (network, entry):
        if path.exists():
            raise ModelError(f"{path} is there already: move it away, or give another folder")
    folder.mkdir(parents=True, exist_ok=True)
    draft = network.with_name(network.name + ".part")
    try:
        version = _convert(checkpoint, draft, side)
        UpstreamDetector.load(draft).detect([np.zeros((64, 64, 3), np.uint8)])
        what = f"{checkpoint.name} (sha256 {found[:12]}…), COCO, {side} × {side}, exported by ultralytics {version}"
        entry.write_text(_entry(name, draft, what), encoding="utf-8")
        draft.replace(network)
    finally:
        draft.unlink(missing_ok=True)
    return network, entry


def _convert(checkpoint: Path, out: Path, side: int) -> str:
    """Write the network; returns ultralytics' version."""
    ultralytics = _ultralytics()
    with TemporaryDirectory() as scratch:  # ultralytics writes beside the checkpoint
        copy = Path(scratch) / f"{out.name.partition('.')[0]}.pt"
        shutil.copyfile(checkpoint, copy)
        try:
            model = ultralytics.YOLO(str(copy))
            task, names = str(model.task), dict(model.names)
            _require_coco(checkpoint, task, names)
            made = model.export(format="onnx", imgsz=side, batch=1, dynamic=False, simplify=False)
            shutil.copyfile(str(made), out)
        except (ModelError, OSError):
            raise
        except Exception as error:  # whatever torch, pickle and the exporter raise
            raise ModelError(
                f"{checkpoint} cannot be exported by ultralytics {ultralytics.__version__}: {error}"
            ) from error
    return str(ultralytics.__version__)


def _ultralytics() -> Any:
    # Otherwise it installs packages that it misses, and asks the network for a newer version of itself.
    os.environ.setdefault("YOLO_AUTOINSTALL", "false")
    os.environ.setdefault("YOLO_OFFLINE", "true")
    try:
        return importlib.import_module("ultralytics")
    except ImportError as error:
        raise ModelError(MISSING if error.name == "ultralytics" else f"{MISSING} ({error})") from error


def _require_coco(checkpoint: Path, task: str, names: dict[int, str]) -> None:
    if task != "detect":
        raise ModelError(f"{checkpoint} is a network for {task!r}: give one for 'detect'")
    if len(names) != CLASSES or any(names[row] != name for row, name in NAMES.items()):
        first = ", ".join(list(names.values())[:3])
        raise ModelError(
            f"{checkpoint} does not know COCO's {CLASSES} classes but {len(names)} ({first} …): train on COCO"
        )


def _name(checkpoint: Path) -> str:
    """As the registry wants names."""
    return re.sub(r"[^a-z0-9]+", "_", checkpoint.stem.lower()).strip("_")[:40] or "checkpoint"


def _entry(name: str, network: Path, what: str) -> str:
    content = network.read_bytes()
    entry = Entry(
        url=f"https://example.org/{name}.onnx",
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        licence=LICENCE,
        what=what,
    )
    told = "# Draft: put the address you serve the file from in place of example.org, or pull with --mirror.\n"
    return told + yaml.safe_dump({name: entry.model_dump(exclude_none=True)}, sort_keys=False, allow_unicode=True)
