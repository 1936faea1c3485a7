"""`sigap-models eval`: how good detectors are at labelled pictures."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, TaskID

from models.card import ModelError, WaterCard, find
from models.detector import SCORE_FLOOR, Detector
from models.evaluation.false_alarms import FalseAlarms, false_alarms, frame_numbers
from models.evaluation.labelled import BoxSet, FloodSet, LabelledSet, MaskSet, SetError
from models.evaluation.looking import Contender, Looks, Rules, Way, figures, look_at
from models.evaluation.matching import Matches
from models.evaluation.opening import open_set
from models.evaluation.recall import Measure
from models.evaluation.report import write
from models.evaluation.table import (
    ALARM_COLUMNS,
    COLUMNS,
    WATER_COLUMNS,
    Measured,
    alarm_rows,
    print_table,
    rows,
    water_rows,
)
from models.evaluation.water_figures import WaterFigure, flood_figure, mask_figure
from models.onnx_detector import DEFAULT, OnnxDetector
from models.options import FallbackOption, ProviderOption, ThreadsOption, say_provider
from models.provider import Provider
from models.refusal import refusal
from models.upstream.detector import UpstreamDetector
from models.water import WaterModel


def evaluate(
    sets: Annotated[
        list[Path] | None, typer.Argument(help="Labelled sets: folders, clips with their truth, COCO files.")
    ] = None,
    *,
    model: Annotated[
        list[str] | None, typer.Option("--model", help="A name from `list`, a folder or file with a card; repeatable.")
    ] = None,
    peer: Annotated[
        list[Path] | None, typer.Option("--peer", help="ONNX file of an upstream detector, no card; repeatable.")
    ] = None,
    zoom: Annotated[
        bool | None,
        typer.Option("--zoom/--no-zoom", help="With crops only, or the whole frame only; both when left out."),
    ] = None,
    alone: Annotated[
        bool, typer.Option("--alone", help="Look at the crops without the whole frame as well: four inferences.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="Folder for a page with pictures: hits, misses, false alarms, masks.")
    ] = None,
    videos: Annotated[list[Path] | None, typer.Option(help="Where the videos of frame labels are; repeatable.")] = None,
    floor: Annotated[float, typer.Option(min=0.001, max=1, help="Lowest score that is looked at.")] = SCORE_FLOOR,
    smallest: Annotated[float, typer.Option(min=0, help="Smaller things (px) count neither way.")] = 0.0,
    measure: Annotated[
        Measure, typer.Option(help="Size of a thing: the root of its area, or its width.")
    ] = Measure.AREA,
    provider: ProviderOption = Provider.CPU,
    fallback: FallbackOption = False,
    threads: ThreadsOption = 1,
    rounds: Annotated[int, typer.Option(min=1, max=100_000, help="Draws for the intervals.")] = 1000,
    without: Annotated[
        str, typer.Option(help="A class that the videos of --footage do not show: what is reported of it is false.")
    ] = "",
    footage: Annotated[list[Path] | None, typer.Option(help="A video without such a thing; repeatable.")] = None,
) -> None:
    """Print AP50, recall at precision 0.8 by size, with 95 % intervals over pictures, and milliseconds a picture.

    All detectors look at each picture in turn, in one process. Sets of floods and of water masks are for water models:
    AUC with its interval over cameras, and IoU.
    """
    if not sets and not footage:
        raise typer.BadParameter("nothing to look at: give labelled sets, or --footage")
    if bool(without) != bool(footage):
        raise typer.BadParameter("--without CLASS and --footage VIDEO belong together: give both")
    rules = Rules(floor, smallest, measure, rounds)
    try:
        opened = [open_set(path, tuple(videos or ())) for path in sets or ()]
        boxes = [one for one in opened if isinstance(one, BoxSet)]
        of_water = [one for one in opened if not isinstance(one, BoxSet)]
        names = model or ([] if peer or not (boxes or footage) else [DEFAULT])
        detectors = _detectors(names, peer or [], provider, threads, fallback)
        water_models = [
            WaterModel.load(name, provider.chain, threads, fallback=fallback) for name in names if _sees_water(name)
        ]
        for one in water_models:
            say_provider(one.card.name, one)
        _require_eyes(boxes, detectors, "a detector: --model or --peer")
        _require_eyes(of_water, water_models, "a water model: --model")
        ways = [Way.WHOLE, Way.CROPS] if zoom is None else [Way.CROPS if zoom else Way.WHOLE]
        ways += [Way.CROPS_ALONE] if alone else []
        contenders = [Contender(name, detector, way) for name, detector in detectors for way in ways]
        measured = [result for pictures in boxes for result in _measured(pictures, contenders, rules)]
        if measured:
            together = _together(measured, rules) if len(boxes) > 1 else []
            print_table(COLUMNS, rows([*measured, *together]))
        alarms = [found for video in footage or () for found in _false_alarms(video, without, contenders)]
        if alarms:
            print_table(ALARM_COLUMNS, alarm_rows(alarms))
        found = list(_water_figures(of_water, water_models, rounds))
        if found:
            print_table(WATER_COLUMNS, water_rows(found))
        if report is not None:
            page = write(report, boxes, measured, found, " ".join(["sigap-models", *sys.argv[1:]]))
            Console(stderr=True).print(f"pictures: {page}", soft_wrap=True, markup=False)
    except (ModelError, SetError) as error:
        raise refusal(str(error)) from error
    except OSError as error:
        raise refusal(f"{error.filename}: {error.strerror}") from error


def _together(measured: Sequence[Measured], rules: Rules) -> list[Measured]:
    """Each contender at all sets as if they were one: one score for all of them."""
    found = []
    for contender in dict.fromkeys(one.looks.contender for one in measured):
        parts = [one.looks for one in measured if one.looks.contender == contender]
        matches: dict[str, list[Matches]] = {}
        for part in parts:
            for target, kept in part.matches.items():
                matches.setdefault(target, []).extend(kept)
        looks = Looks(
            contender,
            [name for part in parts for name in part.names],
            [taken for part in parts for taken in part.milliseconds],
            matches,
        )
        found.append(Measured("all", looks, {name: figures(kept, rules) for name, kept in matches.items()}))
    return found


def _sees_water(name: str) -> bool:
    return isinstance(find(name).card, WaterCard)


def _detectors(
    models: Sequence[str], peers: Sequence[Path], provider: Provider, threads: int, fallback: bool
) -> list[tuple[str, Detector]]:
    ours = [
        OnnxDetector.load(name, provider.chain, threads, fallback=fallback) for name in models if not _sees_water(name)
    ]
    found: list[tuple[str, OnnxDetector | UpstreamDetector]] = [(one.card.name, one) for one in ours]
    found += [(path.stem, UpstreamDetector.load(path, provider.chain, threads, fallback=fallback)) for path in peers]
    for name, detector in found:
        say_provider(name, detector)
    return list(found)


def _require_eyes(sets: Sequence[LabelledSet], eyes: Sequence[object], remedy: str) -> None:
    if sets and not eyes:
        raise SetError(f"{sets[0].name} needs {remedy}")


def _water_figures(sets: Sequence[LabelledSet], models: Sequence[WaterModel], rounds: int) -> Iterator[WaterFigure]:
    with Progress(console=Console(stderr=True)) as progress:
        for pictures in sets:
            for model in models:
                task = progress.add_task(pictures.name, total=pictures.count)

                def advance(task: TaskID = task) -> None:
                    progress.advance(task)

                if isinstance(pictures, FloodSet):
                    yield flood_figure(pictures, model, rounds, advance)
                elif isinstance(pictures, MaskSet):
                    yield mask_figure(pictures, model, rounds, advance)


def _false_alarms(video: Path, kind: str, contenders: Sequence[Contender]) -> list[FalseAlarms]:
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task(video.name, total=len(frame_numbers(video)))
        return false_alarms(video, kind, contenders, seen=lambda: progress.advance(task))


def _measured(pictures: BoxSet, contenders: Sequence[Contender], rules: Rules) -> list[Measured]:
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task(pictures.name, total=pictures.count)
        results = look_at(pictures, contenders, rules, seen=lambda: progress.advance(task))
    return [
        Measured(pictures.name, looks, {name: figures(matches, rules) for name, matches in looks.matches.items()})
        for looks in results
    ]
