import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from contract.evidence import parse_public_key
from edge.identity import KEY_FILE, BoxKey, IdentityError


def test_the_key_is_made_once_and_kept(tmp_path):
    key = BoxKey.load_or_create(tmp_path / "state")
    again = BoxKey.load_or_create(tmp_path / "state")
    assert key.public_text == again.public_text
    parse_public_key(key.public_text).verify(again.private.sign(b"text"), b"text")
    assert stat.S_IMODE(key.path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    assert [path.name for path in (tmp_path / "state").iterdir()] == [KEY_FILE]


def test_its_repr_tells_no_secret(tmp_path):
    key = BoxKey.load_or_create(tmp_path)
    assert "private" not in repr(key)
    assert "Ed25519" not in repr(key)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_others_may_read_is_refused_with_the_remedy(tmp_path, mode):
    BoxKey.load_or_create(tmp_path).path.chmod(mode)
    with pytest.raises(IdentityError, match=r"chmod 600 .*box-key\.pem"):
        BoxKey.load_or_create(tmp_path)


def test_a_damaged_key_is_never_replaced(tmp_path):
    path = BoxKey.load_or_create(tmp_path).path
    path.write_bytes(b"-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n")
    with pytest.raises(IdentityError, match="damaged") as caught:
        BoxKey.load_or_create(tmp_path)
    assert "nonsense" not in str(caught.value)
    assert b"nonsense" in path.read_bytes()


def test_another_sort_of_key_is_refused(tmp_path):
    path = tmp_path / KEY_FILE
    key = generate_private_key(SECP256R1())
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(0o600)
    with pytest.raises(IdentityError, match="not an Ed25519 key"):
        BoxKey.load_or_create(tmp_path)


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / KEY_FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(IdentityError, match="cannot be read"):
        BoxKey.load_or_create(tmp_path)
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_in_its_place_is_refused(tmp_path):
    (tmp_path / KEY_FILE).mkdir(mode=0o700)
    with pytest.raises(IdentityError):
        BoxKey.load_or_create(tmp_path)


def test_a_state_dir_that_cannot_be_made_is_explained(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(IdentityError, match="let the user that runs sigap-edge"):
        BoxKey.load_or_create(tmp_path / "file" / "state")
