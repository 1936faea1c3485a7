"""`sigap-calibrate`: fit a camera's ground plane, and show one."""

from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from calibration.camera_file import CameraFile, TrafficSection, load, read_camera, read_points, save, write
from calibration.fitting import LENS_POINTS
from calibration.ground import CalibrationError
from calibration.heights import uprights
from calibration.picture import Mark, draw_grid
from calibration.traffic.estimate import MOST_ERROR, fit_traffic
from calibration.traffic.tracks import read_traffic

app = typer.Typer(
    help="The measure: how pixels of a camera relate to metres on the ground.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

Picture = Annotated[Path | None, typer.Option(help="A still of the camera, to draw the fitted metre grid over.")]
Grid = Annotated[Path | None, typer.Option(help="The picture of the grid to write (.png or .jpg).")]


@app.command()
def fit(
    points: Annotated[Path, typer.Argument(help="JSON: image size, and points as pixel with lonlat or metres.")],
    out: Annotated[Path, typer.Option(help="The camera file to write.")],
    picture: Picture = None,
    grid: Grid = None,
) -> None:
    """Fit a ground plane to measured points and write it; prints by how many metres it misses each."""
    try:
        fitted = read_points(points).fit()
        save(fitted, out)
        _draw(CameraFile.of(fitted), picture, grid)
    except (CalibrationError, OSError) as error:
        raise _refusal(error) from error
    _print(CameraFile.of(fitted))
    Console().print(Text(f"written to {out}"), soft_wrap=True)


@app.command()
def traffic(
    tracks: Annotated[Path, typer.Argument(help="JSON lines: the image's size, then a vehicle's track a line.")],
    out: Annotated[Path, typer.Option(help="The camera file to write.")],
    lane_width: Annotated[float | None, typer.Option(help="Metres, where it is known and kept to.", min=1)] = None,
    most_error: Annotated[float, typer.Option(help="Largest estimated error of speed to accept, per cent.", min=1)] = (
        MOST_ERROR * 100
    ),
    picture: Picture = None,
    grid: Grid = None,
) -> None:
    """Fit a ground plane to the tracks of vehicles alone and write it; prints how far speeds may be off."""
    try:
        fitted = fit_traffic(read_traffic(tracks), lane_width, most_error / 100)
        section = TrafficSection(vehicles=fitted.vehicles, speed_error=fitted.speed_error, lane_width_m=lane_width)
        camera = CameraFile.of_plane(fitted.plane, section)
        write(camera, out)
        _draw(camera, picture, grid)
    except (CalibrationError, OSError) as error:
        raise _refusal(error) from error
    mount = fitted.mount
    Console().print(
        f"{mount.height_m:.1f} m above the road, {np.degrees(mount.tilt):.0f}° down, the road "
        f"{abs(np.degrees(mount.heading)):.0f}° to the {'right' if mount.heading >= 0 else 'left'}, "
        f"focal length {mount.focal_px:.0f} px", highlight=False, soft_wrap=True,
    )  # fmt: skip
    _print(camera)
    Console().print(Text(f"written to {out}"), soft_wrap=True)


@app.command()
def show(
    camera: Annotated[Path, typer.Argument(help="A camera file.")], picture: Picture = None, grid: Grid = None
) -> None:
    """Print what a camera file holds: points, residuals, and how much ground a pixel spans."""
    try:
        content = read_camera(camera)
        content.plane()
        _draw(content, picture, grid)
    except (CalibrationError, OSError) as error:
        raise _refusal(error) from error
    _print(content)


@app.command()
def height(
    camera: Annotated[Path, typer.Argument(help="A camera file.")],
    foot: Annotated[tuple[float, float], typer.Option(help="Pixel where it meets the ground: column and row.")],
    top: Annotated[tuple[float, float], typer.Option(help="Pixel above that, whose height is asked for.")],
) -> None:
    """Tell how high above the ground a pixel is, for the marks by which a flood's depth is read."""
    try:
        upright = uprights(load(camera))
        tops = [top, (top[0], top[1] - 1)]
        reached, above = upright.height_m([foot, foot], tops)
        if np.isnan(reached):
            raise CalibrationError(f"there is no ground at pixel {list(foot)}: it lies above the horizon")
    except CalibrationError as error:
        raise _refusal(error) from error
    one_pixel_cm = abs(above - reached) * 100
    Console().print(f"{reached * 100:.0f} cm above the ground; a pixel there is {one_pixel_cm:.1f} cm", highlight=False)


def _refusal(error: Exception) -> typer.Exit:
    # Text, not markup: a path may hold square brackets.
    Console(stderr=True).print(Text.assemble(("error: ", "red"), str(error)), soft_wrap=True)
    return typer.Exit(2)


def _draw(camera: CameraFile, picture: Path | None, grid: Path | None) -> None:
    """The grid over the picture, where both are named. Raises CalibrationError, OSError."""
    if picture is None and grid is None:
        return
    if picture is None or grid is None:
        raise CalibrationError("a grid needs both: --picture STILL to draw over and --grid OUT to write")
    still = cv2.imdecode(np.frombuffer(picture.read_bytes() or b"-", np.uint8), cv2.IMREAD_COLOR)
    if still is None:
        raise CalibrationError(f"{picture} is no picture: give a still as .png or .jpg")
    marks = [Mark(point.pixel, point.metres, point.used) for point in camera.points]
    kind = grid.suffix.lower()
    if kind not in {".png", ".jpg", ".jpeg"}:
        raise CalibrationError(f"{grid} must end in .png or .jpg")
    _, encoded = cv2.imencode(kind, draw_grid(np.asarray(still, np.uint8), camera.plane(), marks))
    grid.write_bytes(encoded.tobytes())


def _print(camera: CameraFile) -> None:
    console = Console()
    if camera.traffic is None:
        _print_points(console, camera)
    else:
        error = camera.traffic.speed_error * 100
        console.print(
            f"told by the traffic, {camera.traffic.vehicles} vehicles: estimated error of speeds {error:.0f} % "
            f"(standard deviation; 19 in 20 such cameras are within {2 * error:.0f} %)",
            highlight=False, soft_wrap=True,
        )  # fmt: skip
    if camera.origin:
        console.print(f"metres are east and north of {camera.origin.lon}, {camera.origin.lat}", highlight=False)
    middle = camera.image.width / 2
    heights = np.linspace(0.1, 0.9, 5) * camera.image.height
    scales = camera.plane().metres_per_pixel(np.stack([np.full(5, middle), heights], axis=1))
    for height, scale in zip(heights, scales, strict=True):
        text = "above the horizon" if np.isnan(scale) else f"one pixel spans {scale:.3f} m"
        console.print(f"  row {height:.0f}: {text}", highlight=False)


def _print_points(console: Console, camera: CameraFile) -> None:
    table = Table(title=f"Calibration for {camera.image.width} × {camera.image.height} px")
    for column in ("point", "pixel", "metres", "residual m", "used"):
        table.add_column(column, justify="right")
    for number, point in enumerate(camera.points, start=1):
        residual = "no ground there" if point.residual_m is None else f"{point.residual_m:.3f}"
        table.add_row(
            str(number),
            f"{point.pixel[0]:.1f}, {point.pixel[1]:.1f}",
            f"{point.metres[0]:.2f}, {point.metres[1]:.2f}",
            residual,
            "yes" if point.used else "no",
        )
    console.print(table)
    used = sum(point.used for point in camera.points)
    console.print(f"RMS {camera.rms_m or 0:.3f} m over {used} of {len(camera.points)} points", highlight=False)
    console.print(_about_lens(camera, used), highlight=False, soft_wrap=True)
    if used == 4:
        console.print("four points fit any plane exactly: the residuals say nothing; measure two more", highlight=False)


def _about_lens(camera: CameraFile, used: int) -> str:
    if camera.lens is None:
        few = f": that takes {LENS_POINTS} points" if used < LENS_POINTS else " that explains the residuals better"
        return f"no lens was {'looked for' if used < LENS_POINTS else 'found'}{few}"
    k1 = camera.lens.distortion[0]
    if camera.pinhole_rms_m is None:
        return f"through the given lens, k1 = {k1:.3f}"
    return (
        f"a lens was fitted, k1 = {k1:.3f} at a nominal focal length of {camera.lens.focal_px[0]:.0f} px: "
        f"without it the RMS would be {camera.pinhole_rms_m:.3f} m"
    )


if __name__ == "__main__":
    app()
