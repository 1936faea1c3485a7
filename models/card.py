"""The card of a model: what it is, where it comes from, what it was measured to do."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    TypeAdapter,
    ValidationError,
    model_validator,
)

ZOO = Path(__file__).parent / "zoo"
MAX_BYTES = 512 * 2**20
"""Larger files are refused before they are read: a box has little memory."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class ModelError(Exception):
    """A model cannot be used; the text names the file and the remedy."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Input(_Section):
    """How a picture has to be handed over."""

    name: str
    layout: Literal["uint8 [batch, height, width, 3]"]
    colour_order: Literal["BGR"]
    side: int = Field(
        gt=0, le=4096, description="pixels: of the picture's longer side, or of a square of so many pixels"
    )
    multiple: int = Field(gt=0, le=256, description="height and width of the input are multiples of this")
    mean: tuple[float, float, float] = Field(description="subtracted inside the file")
    std: tuple[float, float, float] = Field(description="divided by inside the file")
    dynamic_axes: tuple[Literal["batch", "height", "width"], ...]


class DetectionOutputs(_Section):
    """Names of the two outputs: boxes [batch, anchors, 4] in input pixels, scores [batch, anchors, classes]."""

    boxes: str
    scores: str


class WaterOutputs(_Section):
    """Names of the two outputs: water [batch, height / n, width / n] with n = 1, 2 or 4, flood [batch]; 0 to 1."""

    water: str
    flood: str


class UpstreamOrigin(_Section):
    """Weights of others: where they were taken from, and with what recipe."""

    package: str
    version: str
    files: dict[str, Sha256]
    recipe: str
    upstream: str
    licence: str
    trained_on: str

    @property
    def summary(self) -> str:
        """A line for lists."""
        return f"{self.package} {self.version}, {self.licence}"


class TrainingData(_Section):
    """One thing that weights of our own were trained on."""

    name: str
    what: str = Field(description="how many pictures, and where their labels come from")
    licence: str


class OwnOrigin(_Section):
    """Weights of our own: the command that makes them again, and what went in."""

    command: str
    seed: int
    started_from: str = Field(description="the weights at the start, with their licence; or nothing")
    data: tuple[TrainingData, ...] = Field(min_length=1)
    licence: str

    @property
    def summary(self) -> str:
        """A line for lists."""
        return f"{self.command} (seed {self.seed}), from {self.started_from}, {self.licence}"

    @property
    def trained_on(self) -> str:
        """A line for lists."""
        return "; ".join(f"{part.name}: {part.what} ({part.licence})" for part in self.data)


def _kind_of_origin(value: object) -> str:
    if isinstance(value, dict):
        return "own" if "command" in value else "upstream"
    return "own" if isinstance(value, OwnOrigin) else "upstream"


Origin = Annotated[
    Annotated[UpstreamOrigin, Tag("upstream")] | Annotated[OwnOrigin, Tag("own")], Discriminator(_kind_of_origin)
]


class Metric(_Section):
    """One thing that was measured, and how to measure it again."""

    name: str
    value: float
    interval: tuple[float, float] | None = Field(default=None, description="95 %, where it was drawn")
    data: str
    command: str

    @model_validator(mode="after")
    def _value_lies_in_its_interval(self) -> Self:
        if self.interval is not None and not self.interval[0] <= self.value <= self.interval[1]:
            raise ValueError(f"value {self.value} lies outside its interval {list(self.interval)}")
        return self


class _Card(_Section):
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")
    file: str = Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")
    sha256: Sha256
    bytes: int = Field(gt=0)
    summary: str
    input: Input
    origin: Origin
    metrics: tuple[Metric, ...]
    limits: tuple[str, ...] = Field(min_length=1, description="what it cannot do, in sentences")


class DetectionCard(_Card):
    """`card.yaml` beside a detector."""

    task: Literal["detection"]
    classes: tuple[str, ...] = Field(min_length=1)
    nms_overlap: float = Field(gt=0, lt=1, description="boxes of one class that overlap more are one thing")
    outputs: DetectionOutputs


class WaterCard(_Card):
    """`card.yaml` beside a model of water."""

    task: Literal["water"]
    water_above: float = Field(gt=0, lt=1, description="probability from which a pixel is water")
    flood_above: float = Field(gt=0, lt=1, description="probability from which a picture shows a flood")
    outputs: WaterOutputs


ModelCard = DetectionCard | WaterCard
_CARDS: TypeAdapter[ModelCard] = TypeAdapter(Annotated[ModelCard, Field(discriminator="task")])


@dataclass(frozen=True, slots=True)
class Model:
    """A card together with the folder it stands in."""

    card: ModelCard
    folder: Path

    @property
    def path(self) -> Path:
        """The network's file."""
        return self.folder / self.card.file

    def content(self) -> bytes:
        """The network's bytes, which are exactly the ones the card names.

        Raises:
            ModelError: the file is missing, too large, or not the one on the card.
        """
        if not self.path.is_file():
            raise ModelError(f"{self.path} is missing: install the package again, or correct `file` in its card.yaml")
        size = self.path.stat().st_size
        if size > MAX_BYTES:
            raise ModelError(f"{self.path} has {size} bytes, more than the {MAX_BYTES} allowed: use a smaller model")
        content = self.path.read_bytes()
        found = hashlib.sha256(content).hexdigest()
        if len(content) != self.card.bytes or found != self.card.sha256:
            raise ModelError(
                f"{self.path} is not the file on its card: {len(content)} bytes, sha256 {found}, expected "
                f"{self.card.bytes} bytes, sha256 {self.card.sha256}; restore the file, or check and correct card.yaml"
            )
        return content


def find(name_or_path: str | Path, zoo: Path = ZOO) -> Model:
    """The model with this name in the zoo, or in this folder, or with this file.

    Raises:
        ModelError: there is none, or its card is missing or wrong.
    """
    path = Path(name_or_path)
    if (zoo / path.name / "card.yaml").is_file() and path.parent == Path() and not path.is_file():
        return _read(zoo / path.name)
    if path.is_dir():
        return _read(path)
    if path.is_file():
        model = _read(path.parent)
        if model.card.file != path.name:
            raise ModelError(f"{path} has no card: {path.parent / 'card.yaml'} describes {model.card.file}")
        return model
    known = ", ".join(sorted(card.parent.name for card in zoo.glob("*/card.yaml"))) or "none"
    raise ModelError(f"no model {str(name_or_path)!r}: neither in the zoo ({known}) nor a folder or file")


def installed(zoo: Path = ZOO) -> list[Model]:
    """Every model of the zoo, by name.

    Raises:
        ModelError: a card is wrong.
    """
    return [_read(card.parent) for card in sorted(zoo.glob("*/card.yaml"))]


def _read(folder: Path) -> Model:
    path = folder / "card.yaml"
    if not path.is_file():
        raise ModelError(f"{path} is missing: a model needs a card beside it; models/zoo/street/card.yaml is one")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Model(_CARDS.validate_python(content), folder)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ModelError(f"{path} is not YAML: {error}") from error
    except ValidationError as error:
        faults = "; ".join(f"{_place(fault['loc'])}: {fault['msg']}" for fault in error.errors())
        raise ModelError(f"{path} is not a model card: {faults}") from error


def _place(keys: tuple[int | str, ...]) -> str:
    """The keys as they stand in the file: without the names of the alternatives that pydantic puts between."""
    inner = [key for key in keys[1:] if key not in {"upstream", "own"} or keys[-1] == key]
    return ".".join(map(str, inner)) or "task"
