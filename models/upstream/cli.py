"""`sigap-models pull` and `export`: where upstream models come from."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from models.card import ModelError
from models.refusal import refusal
from models.upstream.pull import pull
from models.upstream.registry import REGISTRY, entry


def pull_model(
    name: Annotated[str, typer.Argument(help="As in models/upstream/registry.yaml: yolox_nano, yolox_tiny, yolox_s.")],
    *,
    out: Annotated[Path, typer.Option(help="Folder to keep the file in.")] = Path(),
    mirror: Annotated[str | None, typer.Option(help="A folder, or the URL of one, that holds the file.")] = None,
    sha256: Annotated[str | None, typer.Option(help="The sum, where the registry knows none.")] = None,
    registry: Annotated[Path, typer.Option(help="Another registry, such as `export` writes one.")] = REGISTRY,
) -> None:
    """Fetch an upstream model by URL and sha256; a file with another sum is not kept.

    The file can then be measured beside ours: `sigap-models eval SET --peer FILE`.
    """
    try:
        known = entry(name, registry)
        path, fetched = pull(known, out, mirror, sha256)
    except ModelError as error:
        raise refusal(str(error)) from error
    except OSError as error:
        raise refusal(f"{error.filename}: {error.strerror}") from error
    said = f"{path}: {known.what}, {known.licence}{'' if fetched else '; was there already'}"
    Console().print(Text(said), soft_wrap=True)


def export_checkpoint(
    checkpoint: Annotated[
        Path, typer.Argument(help="A detector that ultralytics saved (.pt). It runs code: trust it.")
    ],
    *,
    out: Annotated[Path, typer.Option(help="Folder for NAME.onnx and NAME.yaml.")] = Path(),
    side: Annotated[int, typer.Option(min=32, max=4096, help="Of the square input, pixels.")] = 640,
    sha256: Annotated[str | None, typer.Option(help="The checkpoint's sum; another file is not loaded.")] = None,
) -> None:
    """Turn an ultralytics checkpoint (YOLOv8, YOLO11) into ONNX, for `eval --peer` and, from a mirror, `pull`.

    Needs ultralytics: pip install 'sigap[train]' in an environment of its own. Such networks are AGPL-3.0.
    """
    from models.training.export_checkpoint import LICENCE, export  # noqa: PLC0415 - the rest needs no training code

    try:
        network, draft = export(checkpoint, out, side, sha256)
    except ModelError as error:
        raise refusal(str(error)) from error
    except OSError as error:
        raise refusal(f"{error.filename}: {error.strerror}") from error
    Console().print(Text(f"{network}: {LICENCE}; the draft of its entry in a registry: {draft}"), soft_wrap=True)
