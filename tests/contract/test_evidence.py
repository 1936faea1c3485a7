import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.evidence import EvidenceError, Manifest, SignedManifest, parse_public_key, public_key_text
from tests.contract.examples import still

KEY = Ed25519PrivateKey.generate()


def test_a_signature_holds_after_the_wire():
    signed = SignedManifest.from_bytes(still(b"jpeg", KEY).to_bytes())
    signed.verify(KEY.public_key(), "pgk-01")
    signed.manifest.check_content(b"jpeg")


def test_fields_of_a_newer_box_stay_under_the_signature():
    manifest = Manifest.model_validate(still(b"jpeg", KEY).manifest.model_dump() | {"lens": "wide"})
    signed = SignedManifest.from_bytes(SignedManifest.sign(manifest, KEY).to_bytes())
    signed.verify(KEY.public_key(), "pgk-01")
    bent = signed.to_bytes().replace(b'"wide"', b'"tele"')
    with pytest.raises(EvidenceError, match="not one of box"):
        SignedManifest.from_bytes(bent).verify(KEY.public_key(), "pgk-01")


def test_another_box_another_key_or_another_file_is_found_out():
    signed = still(b"jpeg", KEY)
    with pytest.raises(EvidenceError, match="names box pgk-01"):
        signed.verify(KEY.public_key(), "pgk-02")
    with pytest.raises(EvidenceError, match="enrol the box again"):
        signed.verify(Ed25519PrivateKey.generate().public_key(), "pgk-01")
    with pytest.raises(EvidenceError, match="not the ones named"):
        signed.manifest.check_content(b"gepj")


def test_a_public_key_is_typed_at_enrolment():
    assert public_key_text(parse_public_key(public_key_text(KEY.public_key()) + "\n")) == public_key_text(
        KEY.public_key()
    )
    with pytest.raises(EvidenceError, match="sigap-edge key"):
        parse_public_key("not a key")
