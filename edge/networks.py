"""The networks that a file asks for, loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog

from edge.config.document import Configuration
from edge.evidence.masking import HIDDEN
from models.card import ModelError
from models.detector import Detector
from models.onnx_detector import DEFAULT, OnnxDetector
from models.session import ProviderError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Networks:
    """What a box looks with, shared by its cameras.

    Attributes:
        street: detector of vehicles, people and selling units.
        versions: name → sha256 of each, as told in events and manifests.
    """

    street: Detector
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def inferences(self) -> int:
        """Pictures and crops that went through them so far."""
        return self.street.inferences


def open_networks(configuration: Configuration) -> Networks:
    """All that the cameras of a file need.

    Raises:
        ModelError: with the line in the file, what was wrong and the remedy.
    """
    street = _open_street(configuration)
    return Networks(street, {street.card.name: street.card.sha256})


def _open_street(configuration: Configuration) -> OnnxDetector:
    """The detector of vehicles and people; what really runs it is logged."""
    section = configuration.document.models
    name = section.street or DEFAULT
    place = configuration.folder / name if "/" in name else name
    try:
        detector = OnnxDetector.load(place, section.provider.chain, section.threads, fallback=section.fallback)
    except ModelError as error:
        key = "provider" if isinstance(error, ProviderError) else "street"
        raise ModelError(str(configuration.problem(("models", key), str(error)))) from error
    undecided = [name for name in detector.names if name not in HIDDEN]
    if undecided:
        reason = (
            f"{detector.card.name} knows {', '.join(undecided)}, but nothing says what to hide of it in stills that "
            f"leave the box: choose a detector without it, or decide in edge/evidence/masking.py"
        )
        raise ModelError(str(configuration.problem(("models", "street"), reason)))
    log.info("model loaded", model=detector.card.name, running=detector.provider, threads=section.threads)
    return detector
