"""`sigap-edge`: run a box, check its file, analyse a recording, take a picture to draw zones on, follow traffic."""

import json
import signal
from contextlib import nullcontext
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from edge import logs
from edge.config.cameras import CameraSection
from edge.config.document import Configuration, Use, load
from edge.config.problems import ConfigError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)

ConfigOption = Annotated[Path, typer.Option("--config", help="box.yaml, or a camera file for analyze.")]
BOX_FILE = Path("box.yaml")
USAGE_ERROR = 2


class AttentionMode(StrEnum):
    """How `analyze` looks."""

    FULL = "full"
    ADAPTIVE = "adaptive"


@app.command()
def run(
    config: ConfigOption = BOX_FILE,
    metrics_port: Annotated[int | None, typer.Option(help="Prometheus on 127.0.0.1; off unless given.")] = None,
    json_logs: Annotated[bool, typer.Option("--json-logs", help="Log lines as JSON.")] = False,
) -> None:
    """Watch the cameras of a box and tell the centre, until SIGINT or SIGTERM."""
    logs.configure(json_lines=json_logs)
    configuration = _load(config, "run")
    from edge.box import START_ERRORS, Box  # noqa: PLC0415 — a file that is wrong is told so at once
    from edge.metrics import BoxMetrics  # noqa: PLC0415

    metrics = BoxMetrics()
    try:
        box = Box(configuration, metrics)
        if metrics_port is not None:
            metrics.listen(metrics_port)
    except (*START_ERRORS, OSError) as error:
        _fail(str(error))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: box.stop())
    box.run()


@app.command()
def check(config: ConfigOption = BOX_FILE) -> None:
    """Say everything that is wrong in a file, each with its line, key and remedy."""
    logs.configure(json_lines=False)
    configuration = _load(config, "run")
    from edge.networks import open_networks  # noqa: PLC0415 — a file that is wrong is told so at once
    from models.card import ModelError  # noqa: PLC0415

    try:
        open_networks(configuration)
    except ModelError as error:
        _fail(str(error))
    cameras = configuration.document.cameras
    typer.echo(f"{config}: {len(cameras)} camera(s), version {configuration.version}, nothing wrong")


@app.command()
def key(config: ConfigOption = BOX_FILE) -> None:
    """Print the box's public key (made on first use), for `sigap-central manage enrol`."""
    configuration = _load(config, "run")
    from edge.identity import BoxKey, IdentityError  # noqa: PLC0415

    assert configuration.document.box is not None
    try:
        typer.echo(BoxKey.load_or_create(configuration.document.box.state_dir).public_text)
    except IdentityError as error:
        _fail(str(error))


@app.command()
def snapshot(
    camera: Annotated[str, typer.Argument(help="The camera's id in the file.")],
    config: ConfigOption = BOX_FILE,
    grid: Annotated[Path | None, typer.Option(help="Where the picture goes, with a grid of 0–1 over it.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the bare picture goes.")] = None,
) -> None:
    """Take one picture of a camera, to draw zones on."""
    configuration = _load(config, "run")
    section = _camera(configuration, camera)
    if grid is None and out is None:
        _fail("say where the picture goes: --grid OUT.png or --out OUT.png")
    from edge.cameras.faults import CameraError  # noqa: PLC0415
    from edge.cameras.rtsp import RtspStream  # noqa: PLC0415
    from edge.snapshot import take, write  # noqa: PLC0415

    stream = section.input_for("watch")
    try:
        picture = take(RtspStream(stream.url, transport=stream.transport), camera)
        for path, with_grid in ((grid, True), (out, False)):
            if path is not None:
                write(picture, path, grid=with_grid)
                typer.echo(f"{path}: {picture.width} × {picture.height} px")
    except (CameraError, OSError, ValueError) as error:
        _fail(str(error))


@app.command()
def analyze(
    video: Annotated[Path, typer.Argument(help="A recording: H.264, H.265 or MJPEG.")],
    events: Annotated[Path, typer.Option(help="Where the CloudEvents go, one a line.")],
    config: ConfigOption = BOX_FILE,
    camera: Annotated[str | None, typer.Option(help="Which camera of the file; needed where it has several.")] = None,
    attention: Annotated[AttentionMode, typer.Option(help="full: every frame; adaptive: as the box would.")] = (
        AttentionMode.FULL
    ),
    start: Annotated[str, typer.Option(help="Time of the first picture, ISO 8601.")] = "2026-01-01T00:00:00Z",
    repeat: Annotated[int, typer.Option(min=1, help="Play the clip so many times as one stream.")] = 1,
    draw: Annotated[
        Path | None, typer.Option(help="MP4 that shows each look and what follows from it; not masked.")
    ] = None,
) -> None:
    """Analyse a recording on its own clock, as fast as this machine can; the last line of the output is JSON."""
    logs.configure(json_lines=False)
    configuration = _load(config, "analyze")
    name = _only_camera(configuration) if camera is None else camera
    section = _camera(configuration, name)
    from calibration.ground import CalibrationError  # noqa: PLC0415
    from edge.analyze import Attention  # noqa: PLC0415
    from edge.analyze import analyze as look_through  # noqa: PLC0415
    from edge.cameras.offline import VideoError  # noqa: PLC0415
    from edge.debug_video.writer import DebugVideo  # noqa: PLC0415
    from edge.networks import open_networks  # noqa: PLC0415
    from edge.transcript import transcript  # noqa: PLC0415
    from models.card import ModelError  # noqa: PLC0415

    began = _instant(start)
    try:
        networks = open_networks(configuration)
        with DebugVideo(draw, section.zones) if draw else nullcontext() as drawing:
            analysis = look_through(
                video,
                name,
                section,
                networks,
                attention=Attention(attention.value),
                start=began.timestamp(),
                repeat=repeat,
                ground=configuration.calibration_of(name),
                time_zone=configuration.time_zone_of(name),
                witness=drawing.witness if drawing else None,
            )
        box = configuration.document.box
        lines = transcript(
            analysis.steps,
            box=box.id if box else "analyze",
            camera=section,
            models=networks.versions,
            config=configuration.version,
            recording=f"{video.name} {attention.value} {began.isoformat()} {repeat}",
        )
        events.write_bytes(b"".join(event.to_bytes() + b"\n" for event in lines))
    except (VideoError, CalibrationError, ModelError, OSError) as error:
        _fail(str(error))
    typer.echo(json.dumps(asdict(analysis.stats)))


@app.command()
def tracks(
    out: Annotated[Path, typer.Option(help="Where the tracks go, for `sigap-calibrate traffic`.")],
    camera: Annotated[str | None, typer.Argument(help="The camera's id; needed where the file has several.")] = None,
    config: ConfigOption = BOX_FILE,
    video: Annotated[Path | None, typer.Option(help="A recording of the camera, in place of its stream.")] = None,
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="How long to watch.")] = 300.0,
) -> None:
    """Follow the vehicles that pass before a camera and write their boxes; no picture is kept."""
    configuration = _load(config, "run" if video is None else "analyze")
    name = _only_camera(configuration) if camera is None else camera
    section = _camera(configuration, name)
    from calibration.traffic.tracks import write_traffic  # noqa: PLC0415 — a file that is wrong is told so at once
    from edge.cameras.faults import CameraError  # noqa: PLC0415
    from edge.cameras.offline import PacketFile  # noqa: PLC0415
    from edge.cameras.rtsp import RtspStream  # noqa: PLC0415
    from edge.networks import open_networks  # noqa: PLC0415
    from edge.passing import passing  # noqa: PLC0415
    from models.card import ModelError  # noqa: PLC0415

    try:
        detector = open_networks(configuration).street
        if video is None:
            live = section.input_for("watch")
            seen = passing(RtspStream(live.url, transport=live.transport), name, detector, seconds)
        else:
            seen = passing(PacketFile(video), name, detector, seconds, start_time=0.0)
        write_traffic(seen, out)
    except (CameraError, ModelError, OSError) as error:
        _fail(str(error))
    typer.echo(f"{out}: {len(seen.tracks)} vehicles; next: sigap-calibrate traffic {out} --out {name}.json")


def _load(file: Path, use: Use) -> Configuration:
    try:
        configuration = load(file, use)
    except ConfigError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        raise typer.Exit(USAGE_ERROR) from error
    for warning in configuration.warnings:
        typer.echo(str(warning), err=True)
    return configuration


def _only_camera(configuration: Configuration) -> str:
    cameras = list(configuration.document.cameras)
    if len(cameras) > 1:
        _fail(f"the file has {len(cameras)} cameras; choose with --camera: {', '.join(cameras)}")
    return cameras[0]


def _instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        _fail(f"--start {text}: write ISO 8601, for example 2026-01-01T00:00:00Z")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _camera(configuration: Configuration, camera: str) -> CameraSection:
    cameras = configuration.document.cameras
    if camera not in cameras:
        _fail(f"no camera {camera!r} in the file; known: {', '.join(cameras)}")
    return cameras[camera]


def _fail(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(USAGE_ERROR)
