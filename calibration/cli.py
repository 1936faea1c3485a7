"""`sigap-calibrate`: fit a camera's ground plane, and show one."""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from calibration.camera_file import CameraFile, read_camera, read_points, save
from calibration.fitting import LENS_POINTS
from calibration.ground import CalibrationError

app = typer.Typer(
    help="The measure: how pixels of a camera relate to metres on the ground.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.command()
def fit(
    points: Annotated[Path, typer.Argument(help="JSON: image size, and points as pixel with lonlat or metres.")],
    out: Annotated[Path, typer.Option(help="The camera file to write.")],
) -> None:
    """Fit a ground plane to measured points and write it; prints by how many metres it misses each."""
    try:
        fitted = read_points(points).fit()
        save(fitted, out)
    except (CalibrationError, OSError) as error:
        raise _refusal(error) from error
    _print(CameraFile.of(fitted))
    Console().print(Text(f"written to {out}"), soft_wrap=True)


@app.command()
def show(camera: Annotated[Path, typer.Argument(help="A camera file.")]) -> None:
    """Print what a camera file holds: points, residuals, and how much ground a pixel spans."""
    try:
        content = read_camera(camera)
        content.plane()
    except CalibrationError as error:
        raise _refusal(error) from error
    _print(content)


def _refusal(error: Exception) -> typer.Exit:
    # Text, not markup: a path may hold square brackets.
    Console(stderr=True).print(Text.assemble(("error: ", "red"), str(error)), soft_wrap=True)
    return typer.Exit(2)


def _print(camera: CameraFile) -> None:
    console = Console()
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
    console.print(f"RMS {camera.rms_m:.3f} m over {used} of {len(camera.points)} points", highlight=False)
    console.print(_about_lens(camera, used), highlight=False, soft_wrap=True)
    if used == 4:
        console.print("four points fit any plane exactly: the residuals say nothing; measure two more", highlight=False)
    if camera.origin:
        console.print(f"metres are east and north of {camera.origin.lon}, {camera.origin.lat}", highlight=False)
    middle = camera.image.width / 2
    heights = np.linspace(0.1, 0.9, 5) * camera.image.height
    scales = camera.plane().metres_per_pixel(np.stack([np.full(5, middle), heights], axis=1))
    for height, scale in zip(heights, scales, strict=True):
        text = "above the horizon" if np.isnan(scale) else f"one pixel spans {scale:.3f} m"
        console.print(f"  row {height:.0f}: {text}", highlight=False)


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
