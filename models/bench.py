"""`sigap-models bench`: how long networks take for a picture, in turn and beside one another."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from rich.console import Console

from models.card import ModelError, WaterCard, find
from models.detector import Image
from models.evaluation.table import print_table
from models.onnx_detector import DEFAULT, OnnxDetector
from models.options import FallbackOption, ProviderOption, ThreadsOption
from models.pictures import ImageError, read_image
from models.provider import Provider
from models.refusal import refusal
from models.upstream.detector import UpstreamDetector
from models.water import WaterModel

SIZES = ((416, 416), (640, 360), (640, 480), (1280, 720), (1920, 1080))
"""Width and height; the first is the input of the small published detectors, pixel for pixel."""
BATCHES = (1, 4)

Look = Callable[[Sequence[Image]], object]


def bench(
    *,
    model: Annotated[
        list[str] | None, typer.Option("--model", help="A name from `list`, or a folder with card.yaml; repeatable.")
    ] = None,
    peer: Annotated[
        list[Path] | None,
        typer.Option("--peer", help="ONNX file of an upstream detector; the others are compared with the first."),
    ] = None,
    provider: ProviderOption = Provider.CPU,
    fallback: FallbackOption = False,
    threads: ThreadsOption = 1,
    repeat: Annotated[int, typer.Option(min=1, max=1000, help="Runs of each row; the median is shown.")] = 20,
    square: Annotated[
        bool, typer.Option("--square", help="One picture of 416 × 416 alone: the same pixels for every small detector.")
    ] = False,
    picture: Annotated[
        Path | None,
        typer.Option("--picture", help="A picture of a road, scaled to each size; noise has hundreds of weak boxes."),
    ] = None,
) -> None:
    """Time one look, from picture to boxes or water, in usual camera sizes, all models in turn."""
    console = Console()
    contenders: list[tuple[str, Look]] = []
    try:
        shown = None if picture is None else read_image(picture)
        for name in model or [DEFAULT]:
            eyes = _loaded(name, provider, threads, fallback=fallback)
            contenders.append((eyes.card.name, eyes.look if isinstance(eyes, WaterModel) else eyes.detect))
            title = f"{eyes.card.name} on {eyes.provider}, {threads} thread(s), median of {repeat}"
            console.print(title, soft_wrap=True, markup=False, highlight=False)
        for path in peer or []:
            other = UpstreamDetector.load(path, provider.chain, threads, fallback=fallback)
            contenders.append((path.stem, other.detect))
            title = f"{path.stem} on {other.provider}, {threads} thread(s), median of {repeat}"
            console.print(title, soft_wrap=True, markup=False, highlight=False)
    except (ModelError, ImageError) as error:
        raise refusal(str(error)) from error
    names = [name for name, _ in contenders]
    against = peer[0].stem if peer else ""
    ratios = [name for name in names if peer and name != against]
    columns = ("picture", "batch", *(f"{name}, ms" for name in names), *(f"{name} ÷ {against}" for name in ratios))
    lines = []
    for width, height in SIZES[:1] if square else SIZES:
        image = _of_size(shown, width, height)
        for batch in BATCHES[:1] if square else BATCHES:
            taken = dict(zip(names, milliseconds(contenders, image, batch, repeat), strict=True))
            lines.append(
                (
                    f"{width} × {height}",
                    str(batch),
                    *(f"{taken[name]:.1f}" for name in names),
                    *(f"{taken[name] / taken[against]:.2f}" for name in ratios),
                )
            )
    print_table(columns, lines)


def milliseconds(contenders: Sequence[tuple[str, Look]], image: Image, batch: int, repeat: int) -> list[float]:
    """Median time of each for one picture of a batch, after a round that is not counted.

    Args:
        contenders: (name, what looks at pictures).
        image: the picture, again and again.
        batch: pictures looked at together.
        repeat: rounds; in each, everybody looks once, so that a drifting machine hits all of them.
    """
    taken: list[list[float]] = [[] for _ in contenders]
    for number in range(repeat + 1):
        for (_, look), kept in zip(contenders, taken, strict=True):
            began = time.perf_counter()
            look([image] * batch)
            if number:
                kept.append(1000 * (time.perf_counter() - began) / batch)
    return [float(np.median(kept)) for kept in taken]


def _of_size(picture: Image | None, width: int, height: int) -> Image:
    """The picture scaled, or noise."""
    if picture is None:
        return np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8)
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _loaded(name: str, provider: Provider, threads: int, *, fallback: bool) -> OnnxDetector | WaterModel:
    kind = WaterModel if isinstance(find(name).card, WaterCard) else OnnxDetector
    return kind.load(name, provider.chain, threads, fallback=fallback)
