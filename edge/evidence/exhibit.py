"""One piece of evidence: the bytes, and what the box signs about them."""

from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.evidence import Manifest, MediaType, SignedManifest
from contract.ids import sha256_of
from contract.kinds import EvidenceRole


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Attributes:
    signed: travels inside the event.
    content: travels by itself, named by its sha256; masked already.
    """

    signed: SignedManifest
    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """The name of the content."""
        return self.signed.manifest.sha256


def make_exhibit(
    content: bytes,
    *,
    key: Ed25519PrivateKey,
    box: str,
    camera: str,
    time: datetime,
    role: EvidenceRole,
    models: dict[str, str],
    config: str,
    media_type: MediaType = "image/jpeg",
) -> Exhibit:
    """Describes the content and signs the description.

    Args:
        content: the masked still or clip as it will travel, at most 768 KiB.
        time: when the camera took it.
        models: sha256 of each model that had a part in it, by name.
        config: version of the configuration in force.

    Raises:
        pydantic.ValidationError: a field is outside the contract, for example content that is too large.
    """
    manifest = Manifest(
        sha256=sha256_of(content),
        size=len(content),
        media_type=media_type,
        role=role,
        box=box,
        camera=camera,
        time=time,
        models=models,
        config=config,
    )
    return Exhibit(SignedManifest.sign(manifest, key), content)
