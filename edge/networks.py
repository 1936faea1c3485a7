"""The networks that a file asks for, loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from edge.config.document import Configuration
from edge.evidence.masking import HIDDEN
from models.card import ModelError
from models.detector import Detector
from models.onnx_detector import DEFAULT, OnnxDetector
from models.session import ProviderError
from models.water import WaterModel
from models.water_network import WaterNetwork

DEFAULT_WATER = "water"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Networks:
    """What a box looks with, shared by its cameras.

    Attributes:
        street: detector of vehicles, people and selling units.
        versions: name → sha256 of each, as told in events and manifests.
        water: sees water; None where no camera looks for floods.
    """

    street: Detector
    versions: Mapping[str, str] = field(default_factory=dict)
    water: WaterNetwork | None = None

    @property
    def inferences(self) -> int:
        """Pictures and crops that went through them so far."""
        return self.street.inferences + (self.water.inferences if self.water else 0)


def networks_for(
    configuration: Configuration, running: Configuration | None = None, networks: Networks | None = None
) -> Networks:
    """All that the cameras need: those that run already where they are the same, else opened anew.

    Raises:
        ModelError: as `open_networks`.
    """
    if running is None or networks is None or configuration.document.models != running.document.models:
        return open_networks(configuration)
    if networks.water is None and _wants_water(configuration):
        return open_networks(configuration)
    return networks


def open_networks(configuration: Configuration) -> Networks:
    """All that the cameras of a file need.

    Raises:
        ModelError: with the line in the file, what was wrong and the remedy.
    """
    street = _open_street(configuration)
    versions = {street.card.name: street.card.sha256}
    if not _wants_water(configuration):
        return Networks(street, versions)
    water = _open_water(configuration)
    return Networks(street, {**versions, water.card.name: water.card.sha256}, water)


def _wants_water(configuration: Configuration) -> bool:
    return any(camera.incidents.flood is not None for camera in configuration.document.cameras.values())


def _open_street(configuration: Configuration) -> OnnxDetector:
    """The detector of vehicles and people; what really runs it is logged."""
    section = configuration.document.models
    place = _place(configuration, section.street or DEFAULT)
    try:
        detector = OnnxDetector.load(place, section.provider.chain, section.threads, fallback=section.fallback)
    except ModelError as error:
        raise _placed(configuration, "street", error) from error
    undecided = [name for name in detector.names if name not in HIDDEN]
    if undecided:
        reason = (
            f"{detector.card.name} knows {', '.join(undecided)}, but nothing says what to hide of it in stills that "
            f"leave the box: choose a detector without it, or decide in edge/evidence/masking.py"
        )
        raise ModelError(str(configuration.problem(("models", "street"), reason)))
    log.info("model loaded", model=detector.card.name, running=detector.provider, threads=section.threads)
    return detector


def _open_water(configuration: Configuration) -> WaterModel:
    """The network that sees water; what really runs it is logged."""
    section = configuration.document.models
    place = _place(configuration, section.water or DEFAULT_WATER)
    try:
        water = WaterModel.load(place, section.provider.chain, section.threads, fallback=section.fallback)
    except ModelError as error:
        raise _placed(configuration, "water", error) from error
    log.info("model loaded", model=water.card.name, running=water.provider, threads=section.threads)
    return water


def _place(configuration: Configuration, name: str) -> str | Path:
    """A model's name, or its folder, counted from the file."""
    return configuration.folder / name if "/" in name else name


def _placed(configuration: Configuration, key: str, error: ModelError) -> ModelError:
    """The error with the line that asked for the model, or for what should run it."""
    asked = "provider" if isinstance(error, ProviderError) else key
    return ModelError(str(configuration.problem(("models", asked), str(error))))
