"""Evidence manifests: what a masked still or clip is, signed by the box that made it.

Ed25519 (RFC 8032) over the manifest's canonical JSON (RFC 8785). The centre knows a box's public key since enrolment.
"""

import base64
import binascii
from typing import Annotated, Literal, Self

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import ConfigDict, Field, StringConstraints

from contract.ids import BoxId, CameraId, Name, Sha256, sha256_of
from contract.kinds import EvidenceRole
from contract.wire import Instant, Wire

MAX_EVIDENCE_BYTES = 768 * 1024
"""A message of exactly 1 MiB breaks one of the brokers; this leaves room for headers."""

MediaType = Literal["image/jpeg", "video/mp4"]
Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=128)]


class EvidenceError(ValueError):
    """A manifest that does not hold: another box, another file, another key."""


class Manifest(Wire):
    """What a piece of evidence is. Its name is its sha256.

    Fields that a newer box added are kept, because the signature covers them too.
    """

    model_config = ConfigDict(extra="allow")

    sha256: Sha256
    size: Annotated[int, Field(alias="bytes", ge=1, le=MAX_EVIDENCE_BYTES)]
    media_type: MediaType
    role: EvidenceRole
    box: BoxId
    camera: CameraId
    time: Instant
    models: dict[Name, Sha256]
    config: str

    def canonical(self) -> bytes:
        """RFC 8785 form: the same bytes from every writer."""
        return rfc8785.dumps(self.model_dump(mode="json"))

    def check_content(self, content: bytes) -> None:
        """Raises EvidenceError unless the content is the one described."""
        if len(content) != self.size or sha256_of(content) != self.sha256:
            raise EvidenceError(
                f"evidence {self.sha256[:12]}…: the {len(content)} bytes received are not the ones named"
            )


class SignedManifest(Wire):
    """A manifest and the box's signature over it."""

    manifest: Manifest
    signature: Base64

    @classmethod
    def sign(cls, manifest: Manifest, key: Ed25519PrivateKey) -> Self:
        """Signs the canonical form."""
        return cls(manifest=manifest, signature=base64.b64encode(key.sign(manifest.canonical())).decode())

    def verify(self, key: Ed25519PublicKey, box: str) -> None:
        """Raises EvidenceError unless `box` made this manifest with the private half of `key`."""
        if self.manifest.box != box:
            raise EvidenceError(
                f"evidence {self.manifest.sha256[:12]}… names box {self.manifest.box}, but {box} sent it"
            )
        try:
            key.verify(base64.b64decode(self.signature, validate=True), self.manifest.canonical())
        except (InvalidSignature, binascii.Error) as error:
            raise EvidenceError(
                f"evidence {self.manifest.sha256[:12]}…: the signature is not one of box {box}; enrol the box again "
                "if its key was renewed"
            ) from error


def public_key_text(key: Ed25519PublicKey) -> str:
    """Base64 of the 32 raw bytes: what is shown and typed at enrolment."""
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def parse_public_key(text: str) -> Ed25519PublicKey:
    """Raises EvidenceError when the text is not the base64 of an Ed25519 public key."""
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text.strip(), validate=True))
    except (ValueError, binascii.Error) as error:
        raise EvidenceError("a box's public key is the base64 of 32 bytes, as `sigap-edge key` prints it") from error
