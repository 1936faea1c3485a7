"""What is trained, on what and for how long: values that a checkpoint remembers."""

from dataclasses import asdict, dataclass
from typing import Any

from models.detector import STREET_CLASSES
from models.training.detection_graph import STRIDES

VENDOR = "vendor"
CLASSES = (*STREET_CLASSES, VENDOR)
COCO_CLASSES = len(STREET_CLASSES)
"""The first so many of CLASSES are COCO's; the teachers know them, and only them."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """A network of NanoDet-g's kind.

    Attributes:
        width: share of the channels that stay, the strongest filters of the start weights; 1 is NanoDet-g itself.
        fine_level: add a level at stride 4 (four times the cells of stride 8, about twice the time).
        own_channels: so many channels of each head are for new classes alone; other classes do not read them.
    """

    width: float = 1.0
    fine_level: bool = False
    own_channels: int = 0

    def __post_init__(self) -> None:
        if not 0.2 <= self.width <= 1:
            raise ValueError(f"width must lie between 0.2 and 1, not {self.width}")

    @property
    def strides(self) -> tuple[int, ...]:
        """Pixels between the cells of each level, finest first."""
        return (4, *STRIDES) if self.fine_level else STRIDES


@dataclass(frozen=True, slots=True)
class Mix:
    """How often each source is drawn; the shares need not sum to 1, an empty source is left out."""

    stills: float = 0.4
    above: float = 0.25
    videos: float = 0.27
    coco: float = 0.14
    coco_pseudo: float = 0.19
    floods: float = 0.15
    in_domain: float = 0.15


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How a picture is changed before the network sees it. Probabilities are per picture.

    Attributes:
        whole: show the whole picture as the product does, scaled into the input, instead of a part.
        mosaic: lay four views side by side (YOLOv4, arXiv:2004.10934).
        object_px: size (root of the area) to which a drawn object is scaled, log-uniform.
        least_px: smaller objects (root of the area, input pixels) are neither asked for nor punished.
        most_enlarged: a picture is never scaled up by more.
    """

    whole: float = 0.4
    mosaic: float = 0.25
    object_px: tuple[float, float] = (9.0, 140.0)
    least_px: float = 6.0
    most_enlarged: float = 3.0
    mirror: float = 0.5
    night: float = 0.15
    rain: float = 0.1
    blur: float = 0.15
    resample: float = 0.35
    jpeg: float = 0.5
    noise: float = 0.45
    grey: float = 0.05


@dataclass(frozen=True, slots=True)
class Recipe:
    """One training. Equal recipes with equal `steps` on equal data train equal networks.

    Attributes:
        steps: length in optimiser steps; or 0, and `minutes` says when to end.
        minutes: length in minutes of training on this machine, pauses between runs not counted.
        batch_pixels: input pixels in a batch; the number of pictures follows from their size.
        sizes: (height, width, share) of the inputs, multiples of 32.
        anchor: how strongly weights are pulled to where they started, times the learning rate at each step (L2-SP,
            arXiv:1802.01483): keeps what the start weights know and a small data set does not show. A training of
            3,400 steps gives up about a sixth of its way for it.
        distil: weight of learning from a larger network, 0 without one.
        distil_from: the run whose network that is.
        probe_steps: so many steps first move nothing but the rows of new classes in the predictions and their own
            channels (LP-FT, arXiv:2202.10054): rows that know nothing yet would drag what is known along. As many as
            `steps`, and all other classes stay what they are, to the bit.
        probe_rate: how fast they learn.
        head_rate: how much faster neck and heads learn than the backbone.
        begin: the run whose network is trained on; none means NanoDet-g.
        onto: the run whose network this one starts from; none means NanoDet-g.
        share: how far that network is taken from NanoDet-g's weights to its own.
        vendor_pictures: how much more often a picture with a vendor is drawn than another of its source.
    """

    seed: int = 0
    steps: int = 0
    minutes: float = 45.0
    batch_pixels: int = 8 * 320 * 416
    sizes: tuple[tuple[int, int, float], ...] = (
        (256, 416, 0.2),
        (320, 416, 0.2),
        (320, 544, 0.25),
        (352, 480, 0.2),
        (384, 640, 0.15),
    )
    learning_rate: float = 1e-5
    warm_up: float = 0.04
    last_rate: float = 0.02
    weight_decay: float = 1e-4
    anchor: float = 0.5
    clip_norm: float = 20.0
    ema_decay: float = 0.999
    distil: float = 0.0
    distil_from: str = ""
    probe_steps: int = 400
    probe_rate: float = 2e-3
    head_rate: float = 3.0
    begin: str = ""
    onto: str = ""
    share: float = 1.0
    vendor_pictures: float = 1.0
    bfloat16: bool = False
    architecture: Architecture = Architecture()
    mix: Mix = Mix()
    augmentation: Augmentation = Augmentation()

    def __post_init__(self) -> None:
        if self.steps < 0 or (not self.steps and self.minutes <= 0):
            raise ValueError(f"a training needs steps or minutes above 0, not {self.steps} and {self.minutes}")
        if any(height % 32 or width % 32 for height, width, _ in self.sizes) or not self.sizes:
            raise ValueError(f"input sizes must be multiples of 32, not {self.sizes}")

    def described(self) -> dict[str, Any]:
        """As plain values, for a checkpoint or a log."""
        return asdict(self)
