"""`sigap-models`: what the eyes are, whether they are whole, what they see in a picture and how fast."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import structlog
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from models.bench import bench
from models.card import DetectionCard, ModelCard, ModelError, WaterCard, find, installed
from models.detections import Detections
from models.detector import SCORE_FLOOR, Image
from models.evaluation.cli import evaluate
from models.onnx_detector import DEFAULT, OnnxDetector
from models.options import FallbackOption, ProviderOption, ThreadsOption, say_provider
from models.pictures import ImageError, read_image, require_file
from models.provider import Provider
from models.refusal import refusal
from models.upstream.cli import export_checkpoint, pull_model
from models.water import WaterModel
from models.zoom import crops_for, detect_zoomed

DEFAULT_WATER_MODEL = "water"

app = typer.Typer(
    help="The eyes: networks with their cards, and what they see.", no_args_is_help=True, pretty_exceptions_enable=False
)
app.command("eval")(evaluate)
app.command("bench")(bench)
app.command("pull")(pull_model)
app.command("export")(export_checkpoint)

ModelOption = Annotated[str, typer.Option("--model", help="A name from `list`, or a folder with card.yaml.")]


@app.callback()
def _warnings_on_stderr() -> None:
    # Standard output is for answers and tables. The stream is looked up when something is said: tests exchange it.
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


@app.command("list")
def list_models() -> None:
    """Show the models of this installation."""
    try:
        models = installed()
    except ModelError as error:
        raise refusal(str(error)) from error
    console = Console()
    for card in (model.card for model in models):
        table = Table(title=f"{card.name}: {card.task}", show_header=False, title_justify="left", min_width=60)
        table.add_row("what", card.summary)
        if isinstance(card, DetectionCard):
            table.add_row("classes", ", ".join(card.classes))
        table.add_row("file", f"{card.file}, {card.bytes / 1e6:.1f} MB, sha256 {card.sha256[:12]}…")
        table.add_row("origin", card.origin.summary)
        table.add_row("trained on", card.origin.trained_on)
        for metric in card.metrics:
            within = f" [{metric.interval[0]:g}, {metric.interval[1]:g}]" if metric.interval else ""
            table.add_row("measured", Text(f"{metric.name} {metric.value:g}{within} ({metric.data})"))
        for limit in card.limits:
            table.add_row("limit", limit)
        console.print(table)


@app.command()
def verify(
    models: Annotated[list[str] | None, typer.Argument(help="Names or folders; all of the zoo when left out.")] = None,
) -> None:
    """Check that each model is the file on its card, loads and runs; exit code 1 when one does not."""
    console = Console()
    try:
        wanted = models or [model.card.name for model in installed()]
    except ModelError as error:
        raise refusal(str(error)) from error
    broken = 0
    for name in wanted:
        try:
            card = _tried(name)
        except ModelError as error:
            broken += 1
            console.print(Text.assemble(("broken  ", "red"), f"{name}: {error}"), soft_wrap=True)
        else:
            console.print(Text.assemble(("whole   ", "green"), f"{name}  sha256 {card.sha256}"), soft_wrap=True)
    if broken:
        raise typer.Exit(1)


def _tried(name: str) -> ModelCard:
    """The card of a model that was loaded and has looked at a picture."""
    black = [np.zeros((64, 64, 3), np.uint8)]
    if isinstance(find(name).card, WaterCard):
        water_model = WaterModel.load(name)
        water_model.look(black)
        return water_model.card
    detector = OnnxDetector.load(name)
    detector.detect(black)
    return detector.card


@app.command()
def detect(
    images: Annotated[list[Path], typer.Argument(help="Pictures: JPEG, PNG, whatever OpenCV reads.")],
    *,
    out: Annotated[Path, typer.Option(help="One JSON line a picture, in the order given.")],
    model: ModelOption = DEFAULT,
    provider: ProviderOption = Provider.CPU,
    fallback: FallbackOption = False,
    threads: ThreadsOption = 1,
    floor: Annotated[float, typer.Option(min=0.001, max=1, help="Lowest score to report.")] = SCORE_FLOOR,
    zoom: Annotated[bool, typer.Option(help="Look at enlarged crops too, as on an uncalibrated camera.")] = True,
) -> None:
    """Write what is in each picture: {"image": name, "boxes": [[x1, y1, x2, y2, score, "class"], …]}.

    Coordinates are pixels of the file as stored (a rotation noted in a photograph's EXIF is not applied). The name is
    the file's; where two have the same, the path as given.
    """
    with _answers(images, out, "detecting") as (pictures, write):
        detector = OnnxDetector.load(model, provider.chain, threads, fallback=fallback)
        say_provider(detector.card.name, detector)
        for image, name in pictures:
            crops = crops_for(image.shape[1], image.shape[0]) if zoom else ()
            (seen,) = detect_zoomed(detector, [image], [crops], floor)
            write({"image": name, "boxes": list(_rows(seen))})


@app.command()
def water(
    images: Annotated[list[Path], typer.Argument(help="Pictures: JPEG, PNG, whatever OpenCV reads.")],
    *,
    out: Annotated[Path, typer.Option(help="One JSON line a picture, in the order given.")],
    model: Annotated[str, typer.Option("--model", help="A water model: a name or folder.")] = DEFAULT_WATER_MODEL,
    provider: ProviderOption = Provider.CPU,
    fallback: FallbackOption = False,
    threads: ThreadsOption = 1,
) -> None:
    """Write how much of each picture is water: {"image": name, "share": 0 to 1, "flood": 0 to 1}.

    `share` is of the whole picture, `flood` the probability that it shows one. Names are as in `detect`.
    """
    with _answers(images, out, "looking for water") as (pictures, write):
        water_model = WaterModel.load(model, provider.chain, threads, fallback=fallback)
        say_provider(water_model.card.name, water_model)
        for image, name in pictures:
            (seen,) = water_model.look([image])
            write({"image": name, "share": round(seen.share, 4), "flood": round(seen.flood, 4)})


Answer = Callable[[dict[str, Any]], None]


@contextmanager
def _answers(images: Sequence[Path], out: Path, what: str) -> Iterator[tuple[Iterator[tuple[Image, str]], Answer]]:
    """The pictures with their names, and where to write a line for each; `out` appears when all went well."""
    draft = out.with_name(out.name + ".part")

    def write(answer: dict[str, Any]) -> None:
        lines.write(json.dumps(answer, ensure_ascii=False) + "\n")

    try:
        for path in images:
            require_file(path)
        with draft.open("w", encoding="utf-8") as lines, Progress(console=Console(stderr=True)) as progress:
            named = progress.track(list(zip(images, _names(images), strict=True)), description=what)
            yield ((read_image(path), name) for path, name in named), write
        draft.replace(out)
    except (ModelError, ImageError) as error:
        draft.unlink(missing_ok=True)
        raise refusal(str(error)) from error
    except OSError as error:
        raise refusal(f"{error.filename}: {error.strerror}") from error


def _names(images: Sequence[Path]) -> list[str]:
    count = Counter(path.name for path in images)
    return [path.name if count[path.name] == 1 else str(path) for path in images]


def _rows(seen: Detections) -> Iterator[list[float | str]]:
    for box, score, label in zip(seen.boxes.tolist(), seen.scores.tolist(), seen.labels(), strict=True):
        yield [*(round(side, 2) for side in box), round(score, 4), label]


if __name__ == "__main__":
    app()
