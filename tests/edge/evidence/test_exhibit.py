from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from contract.evidence import MAX_EVIDENCE_BYTES, EvidenceError
from contract.kinds import EvidenceRole
from edge.evidence.exhibit import Exhibit, make_exhibit

KEY = Ed25519PrivateKey.generate()


def exhibit(content: bytes = b"jpeg") -> Exhibit:
    return make_exhibit(
        content,
        key=KEY,
        box="pgk-01",
        camera="simpang",
        time=datetime(2026, 1, 1, tzinfo=UTC),
        role=EvidenceRole.OPENED,
        models={"street": "0" * 64},
        config="1",
    )


def test_the_centre_can_check_who_made_it_and_what_it_is():
    made = exhibit()
    made.signed.verify(KEY.public_key(), "pgk-01")
    made.signed.manifest.check_content(made.content)
    with pytest.raises(EvidenceError, match="signature"):
        made.signed.verify(Ed25519PrivateKey.generate().public_key(), "pgk-01")


def test_content_too_large_for_a_message_is_refused():
    with pytest.raises(ValidationError, match="less than or equal to 786432"):
        exhibit(b"x" * (MAX_EVIDENCE_BYTES + 1))


def test_the_content_is_not_in_its_repr():
    assert "jpegjpeg" not in repr(exhibit(b"jpegjpeg"))
