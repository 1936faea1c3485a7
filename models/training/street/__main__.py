"""Train the street detector: labels from teachers, the training itself, and the file for the zoo.

Each command goes on where it was stopped when it is given again. Its environment has the extras `edge` and `train`.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn, track

from models.card import ModelError
from models.training.street import pseudo as labelling
from models.training.street import samples, teachers
from models.training.street.batches import Source
from models.training.street.export import export as export_files
from models.training.street.export import training_command, training_data
from models.training.street.fusion import Agreement
from models.training.street.recipe import Architecture, Mix, Recipe
from models.training.street.weights import blended, start, with_own_channels

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)
console = Console()

Data = Annotated[Path, typer.Option(help="shared data: videos, detection, unlabelled, teachers")]
Work = Annotated[Path, typer.Option(help="folder for labels, checkpoints and logs; not in the repository")]
InDomain = Annotated[bool, typer.Option("--in-domain", help="also the freeway frames of NGSIM's own cameras")]
Start = Annotated[Path, typer.Option("--start", help="folder of NanoDet-g, made by models.training.nanodet_g")]
SHARED, WORK, START = Path("../shared/data"), Path("build/training/street"), Path("build/nanodet_g")
EXAMINED_STILLS = 60
OWN_CHANNELS, VENDOR_PICTURES = 32, 4.0
"""Of a training `--onto` another."""


@app.command()
def pseudo(data: Data = SHARED, work: Work = WORK, start_from: Start = START, *, in_domain: InDomain = False) -> None:
    """Label real pictures by what published detectors agree on."""
    try:
        found = teachers.load(data / "teachers", start_from)
    except ModelError as error:
        raise typer.BadParameter(str(error)) from error
    console.print(f"teachers: {', '.join(name for name, _ in found)}")
    sets = {
        "videos": labelling.video_pictures(data / "videos", work),
        "coco_pseudo": _unlabelled_coco(data),
        "floods": labelling.flood_pictures(data / "flood"),
    }
    if in_domain:
        sets["in_domain"] = [(path, False) for path in sorted((data / "unlabelled").glob("Sequence*.jpg"))]
    for name, pictures in sets.items():
        answers = labelling.label(pictures, work / f"{name}.jsonl", found, Agreement())
        counts = list(track(answers, description=name, total=len(pictures), console=console))
        console.print(f"{name}: {sum(counts)} boxes in {len(pictures)} pictures, {work / f'{name}.jsonl'}")


@app.command()
def train(
    data: Data = SHARED,
    work: Work = WORK,
    start_from: Start = START,
    *,
    stills: Annotated[Path | None, typer.Option(help="folder of rendered stills")] = None,
    above: Annotated[Path | None, typer.Option(help="folder of stills rendered with --view above")] = None,
    stills_share: Annotated[float, typer.Option(min=0, help="how often one of --stills is drawn")] = Mix().stills,
    run: Annotated[str, typer.Option(help="name of this training: a folder in the work folder")] = "street",
    minutes: Annotated[float, typer.Option(help="length on this machine")] = 45.0,
    steps: Annotated[int, typer.Option(help="length in steps instead: reproducible")] = 0,
    seed: Annotated[int, typer.Option()] = 0,
    learning_rate: Annotated[float, typer.Option(help="of the backbone; neck and heads learn faster")] = 1e-5,
    batch_pixels: Annotated[int, typer.Option(help="input pixels in a batch")] = 8 * 320 * 416,
    probe: Annotated[int, typer.Option(min=0, help="first steps, in which only new classes learn")] = 400,
    width: Annotated[float, typer.Option(help="share of the channels that stay")] = 1.0,
    fine_level: Annotated[bool, typer.Option("--fine-level", help="add a level at stride 4")] = False,
    distil_from: Annotated[str, typer.Option(help="learn also from this run's network")] = "",
    begin: Annotated[str, typer.Option(help="train this run's finished network on, instead of NanoDet-g")] = "",
    onto: Annotated[
        str, typer.Option(help="teach this run's finished network new classes alone; all others stay what they are")
    ] = "",
    share: Annotated[float, typer.Option(min=0, max=1, help="of --onto: 0 is NanoDet-g … 1 what was trained")] = 1.0,
    in_domain: InDomain = False,
    bfloat16: Annotated[
        bool, typer.Option("--bfloat16", help="half the bits where the processor is faster so")
    ] = False,
    threads: Annotated[int, typer.Option(min=1)] = 2,
    workers: Annotated[int, typer.Option(min=0, help="processes that make batches")] = 1,
    device: Annotated[str, typer.Option(help="cpu, or cuda where there is one")] = "cpu",
    examine_every: Annotated[int, typer.Option(min=1, help="steps")] = 500,
    fresh: Annotated[bool, typer.Option("--fresh", help="forget the checkpoint of this run")] = False,
) -> None:
    """Train, or go on training: the same command again continues. Ctrl-C and SIGTERM stop it with a checkpoint."""
    import torch  # noqa: PLC0415 - only this command needs it

    from models.training.street.checkpoint import CheckpointError  # noqa: PLC0415
    from models.training.street.evaluation import Examination  # noqa: PLC0415
    from models.training.street.network import StreetNet  # noqa: PLC0415
    from models.training.street.training import Report, Training, averaged_weights  # noqa: PLC0415

    torch.set_num_threads(threads)
    _require_device(device)
    if onto and not steps:
        raise typer.BadParameter("--onto needs --steps: all of them are for new classes alone")
    folder = work / run
    if fresh:
        (folder / "last.pt").unlink(missing_ok=True)
        (folder / "log.jsonl").unlink(missing_ok=True)
    try:
        architecture, finished = Architecture(width, fine_level), None
        if begin:
            finished, known = averaged_weights(work / begin / "last.pt")
            architecture = Architecture(**known["architecture"])
        elif onto:
            finished, known = averaged_weights(work / onto / "last.pt")
            architecture = replace(Architecture(**known["architecture"]), own_channels=OWN_CHANNELS)
        recipe = Recipe(
            seed=seed,
            steps=steps,
            minutes=minutes,
            learning_rate=learning_rate,
            probe_steps=steps if onto else probe,
            begin=begin,
            onto=onto,
            share=share,
            vendor_pictures=VENDOR_PICTURES if onto or begin else 1.0,
            batch_pixels=batch_pixels,
            architecture=architecture,
            mix=Mix(stills=stills_share),
            distil=1.0 if distil_from else 0.0,
            distil_from=distil_from,
            bfloat16=bfloat16,
        )
        first = finished if begin and finished else start(architecture, start_from)
        if onto and finished:
            first = with_own_channels(blended(first, finished, share), OWN_CHANNELS, seed)
        teacher = None
        if distil_from:
            weights, taught = averaged_weights(work / distil_from / "last.pt")
            if taught["architecture"]["fine_level"] != fine_level:
                raise ValueError(f"{distil_from} has other levels: give --fine-level to both trainings or to none")
            teacher = StreetNet(weights, recipe.architecture.strides)
        sources = _sources(data, work, {"stills": stills, "above": above}, recipe.mix, in_domain=in_domain)
        training = Training(recipe, sources, folder, first, teacher=teacher, device=device)
        resumed = training.resume()
    except (CheckpointError, ModelError, ValueError) as error:
        raise typer.BadParameter(str(error)) from error
    console.print(f"{'going on at' if resumed else 'starting at'} step {training.step}; log in {folder / 'log.jsonl'}")
    told = TextColumn("step {task.fields[step]}, loss {task.fields[loss]:.3f}, {task.fields[images_s]:.1f} pictures/s")
    columns = (told, BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=1.0, step=training.step, loss=0.0, images_s=0.0)
        progress.update(task, completed=training.done)

        def watch(report: Report) -> None:
            progress.update(task, completed=report.done, step=report.step, loss=report.loss, images_s=report.images_s)

        ended = training.run(
            workers=workers,
            examination=Examination(_examined(data, {"stills": stills, "above": above})),
            examine_every=examine_every,
            watch=watch,
        )
    state = "finished" if ended else "stopped: the same command goes on"
    console.print(f"{state} at step {training.step} after {training.trained_s / 60:.1f} min; {training.file}")


@app.command()
def speed(
    stills: Annotated[Path, typer.Argument(help="folder of rendered stills")],
    start_from: Start = START,
    *,
    width: Annotated[float, typer.Option(help="share of the channels that stay")] = 1.0,
    threads: Annotated[int, typer.Option(min=1)] = 2,
    steps: Annotated[int, typer.Option(min=1)] = 5,
) -> None:
    """Measure pictures a second with 32 and with 16 bits, to choose before a long training."""
    import torch  # noqa: PLC0415 - only this command and `train` need it

    from models.training.street.training import Training  # noqa: PLC0415

    torch.set_num_threads(threads)
    sources = [Source("stills", 1.0, samples.rendered_stills(stills, held_out=False))]
    for bfloat16 in (False, True):
        recipe = Recipe(architecture=Architecture(width), bfloat16=bfloat16)
        images_s = Training(recipe, sources, WORK, start(recipe.architecture, start_from)).speed(steps)
        console.print(f"{'bfloat16' if bfloat16 else 'float32'}: {images_s:.1f} pictures/s on {threads} threads")


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="folder to write; its name is the model's")],
    work: Work = WORK,
    start_from: Start = START,
    *,
    run: Annotated[str, typer.Option(help="name of the training")] = "street",
    storage: Annotated[Literal["float16", "int8"], typer.Option(help="how weights are kept")] = "int8",
    share: Annotated[float, typer.Option(min=0, max=1, help="0: the start weights … 1: the trained ones")] = 1.0,
    side: Annotated[int, typer.Option(min=32, help="pixels of a picture's longer side")] = 416,
) -> None:
    """Write the running average of a training as `model.onnx` with a draft of its card."""
    from models.training.street.checkpoint import load  # noqa: PLC0415 - only here and in `train` is torch needed
    from models.training.street.training import averaged_weights  # noqa: PLC0415

    file = work / run / "last.pt"
    if not file.is_file():
        raise typer.BadParameter(f"{file} is missing: train first")
    saved = load(file)
    weights, recipe = averaged_weights(file)
    architecture = Architecture(**recipe["architecture"])
    if share < 1:
        if recipe["onto"]:
            raise typer.BadParameter(f"{run} was trained onto {recipe['onto']} with a --share of its own: give none")
        begun = averaged_weights(work / recipe["begin"] / "last.pt")[0] if recipe["begin"] else None
        weights = blended(begun or start(architecture, start_from), weights, share)
    told = {
        "command": training_command(recipe, saved.step, saved.sources),
        "seed": recipe["seed"],
        "data": training_data(saved.sources),
    }
    card = export_files(weights, architecture, out, storage=storage, told=told, side=side)
    console.print(f"{out / card.file}: {card.bytes / 1e6:.2f} MB, sha256 {card.sha256}; complete {out / 'card.yaml'}")


def _require_device(name: str) -> None:
    import torch  # noqa: PLC0415 - only trainings need it

    try:
        torch.zeros(1, device=name)
    except (RuntimeError, AssertionError) as error:  # the latter from a PyTorch built without CUDA
        raise typer.BadParameter(f"PyTorch cannot compute on {name!r} ({error}): leave --device out") from error


def _unlabelled_coco(data: Path) -> list[tuple[Path, bool]]:
    """COCO pictures without labels, except those that the measuring set has with labels."""
    kept = {path.name for path in (data / "detection/tiny_coco/val2017").glob("*.jpg")}
    found = sorted((data / "unlabelled").glob("coco_*.jpg"))
    return [(path, False) for path in found if path.name.removeprefix("coco_") not in kept]


def _sources(data: Path, work: Path, rendered: Mapping[str, Path | None], mix: Mix, *, in_domain: bool) -> list[Source]:
    """All sets that are there."""
    shares = {"stills": mix.stills, "above": mix.above}
    found = [
        Source(name, shares[name], samples.rendered_stills(folder, held_out=False))
        for name, folder in rendered.items()
        if folder
    ]
    annotations = data / "detection/tiny_coco/instances_train2017.json"
    if annotations.is_file():
        found.append(Source("coco", mix.coco, samples.coco(annotations, annotations.parent / "train2017")))
    wanted = {
        "videos": mix.videos,
        "coco_pseudo": mix.coco_pseudo,
        "floods": mix.floods,
        **({"in_domain": mix.in_domain} if in_domain else {}),
    }
    for name, share in wanted.items():
        file = work / f"{name}.jsonl"
        if not file.is_file():
            console.print(f"without {name}: {file} is missing (make it with `pseudo`)")
            continue
        found.append(Source(name, share, samples.pseudo_labelled(file)))
    return found


def _examined(data: Path, rendered: Mapping[str, Path | None]) -> dict[str, list[samples.Sample]]:
    """What a network in training is marked on."""
    found = {
        name: samples.rendered_stills(folder, held_out=True)[:EXAMINED_STILLS]
        for name, folder in rendered.items()
        if folder
    }
    annotations = data / "detection/tiny_coco/instances_val2017.json"
    if annotations.is_file():
        found["coco_val"] = samples.coco(annotations, annotations.parent / "val2017")
    return found


if __name__ == "__main__":
    app()
