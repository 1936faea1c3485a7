"""Which form a labelled set has, by what is in its folder."""

from collections.abc import Callable
from pathlib import Path

from models.evaluation.coco_sets import coco_set
from models.evaluation.flood_sets import flood_set, mask_set
from models.evaluation.labelled import BoxSet, LabelledSet, SetError
from models.evaluation.rendered_sets import clip_set, stills_set

VIDEOS = (".mp4", ".avi", ".mkv", ".mov")
FORMS = """known forms: a folder with boxes.json and images/, with instances_NAME.json and NAME/, with still_*.json and
still_*.jpg, with labels.csv and tiles/, or with images/ and masks/; a clip NAME.mp4 with its truth NAME.json; a COCO
file whose images have a `frame` in a video"""


def open_set(path: Path, videos: tuple[Path, ...] = ()) -> LabelledSet:
    """The labelled set at this place.

    Args:
        path: a folder or file, see FORMS.
        videos: folders with the videos that a COCO file points into, if they do not stand beside it.

    Raises:
        SetError: nothing there, or of none of the known forms, or incomplete.
    """
    if path.is_file() and path.suffix in VIDEOS:
        return clip_set(path)
    if path.is_file() and path.suffix == ".json":
        return coco_set(path, path.parent, videos)
    if path.is_dir():
        for mark, opened in FOLDERS:
            if next(path.glob(mark), None):
                return opened(path)
    raise SetError(f"{path} is {'of no known form' if path.exists() else 'missing'}; {_one_line(FORMS)}")


def _boxes(folder: Path) -> BoxSet:
    return coco_set(folder / "boxes.json", folder / "images")


def _instances(folder: Path) -> BoxSet:
    """The part for validation where there are several: the others are for training."""
    files = sorted(folder.glob("instances_*.json"), key=lambda file: ("val" not in file.stem, file.stem))
    return coco_set(files[0], folder / files[0].stem.removeprefix("instances_"))


FOLDERS: tuple[tuple[str, Callable[[Path], LabelledSet]], ...] = (
    ("boxes.json", _boxes),
    ("still_*.json", stills_set),
    ("labels.csv", flood_set),
    ("masks", mask_set),
    ("instances_*.json", _instances),
)
"""What tells the form of a folder, and who opens it."""


def _one_line(text: str) -> str:
    return " ".join(text.split())
