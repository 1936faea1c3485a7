"""`sigap-models pull`: fetch well-known upstream models."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from models.card import ModelError
from models.refusal import refusal
from models.upstream.pull import pull
from models.upstream.registry import entry


def pull_model(
    name: Annotated[str, typer.Argument(help="As in models/upstream/registry.yaml: yolox_nano, yolox_tiny, yolox_s.")],
    *,
    out: Annotated[Path, typer.Option(help="Folder to keep the file in.")] = Path(),
    mirror: Annotated[str | None, typer.Option(help="A folder, or the URL of one, that holds the file.")] = None,
    sha256: Annotated[str | None, typer.Option(help="The sum, where the registry knows none.")] = None,
) -> None:
    """Fetch an upstream model by URL and sha256; a file with another sum is not kept.

    The file can then be measured beside ours: `sigap-models eval SET --peer FILE`.
    """
    try:
        known = entry(name)
        path, fetched = pull(known, out, mirror, sha256)
    except ModelError as error:
        raise refusal(str(error)) from error
    except OSError as error:
        raise refusal(f"{error.filename}: {error.strerror}") from error
    said = f"{path}: {known.what}, {known.licence}{'' if fetched else '; was there already'}"
    Console().print(Text(said), soft_wrap=True)
