import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from models.card import ModelError
from models.cli import app
from models.upstream import cli
from models.upstream.pull import pull
from models.upstream.registry import REGISTRY, Entry, entry

CONTENT = b"weights " * 40_000
SUM = hashlib.sha256(CONTENT).hexdigest()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """What the release, or its mirror, holds."""
    folder = tmp_path / "release"
    folder.mkdir()
    (folder / "net.onnx").write_bytes(CONTENT)
    return folder


@pytest.fixture
def server(release: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(release))) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


def known(url: str, **changes: object) -> Entry:
    return Entry.model_validate({"url": url, "sha256": SUM, "licence": "Apache-2.0", "what": "a net", **changes})


def test_a_file_is_fetched_once(server: str, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    assert pull(known(f"{server}/net.onnx"), folder) == (folder / "net.onnx", True)
    assert (folder / "net.onnx").read_bytes() == CONTENT
    assert pull(known("http://127.0.0.1:9/net.onnx"), folder) == (folder / "net.onnx", False)


@pytest.mark.parametrize("kind", ["folder", "url"])
def test_a_mirror_stands_for_the_release(kind: str, release: Path, server: str, tmp_path: Path) -> None:
    mirror = str(release) if kind == "folder" else f"{server}/"
    path, fetched = pull(known("http://127.0.0.1:9/net.onnx"), tmp_path / "out", mirror)
    assert fetched
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sha256": "0" * 64}, "is not the file that was meant: 320000 bytes, sha256 .*; not kept"),
        ({"bytes": 100_000}, "is larger than the 100000 bytes expected"),
        ({"url": "SERVER/other.onnx"}, r"does not give the file \(HTTP Error 404"),
        ({"url": "http://127.0.0.1:9/net.onnx"}, "does not give the file .*use --mirror"),
    ],
    ids=["another sum", "too large", "not there", "nobody answers"],
)
def test_what_is_not_the_file_is_refused_and_nothing_stays(
    changes: dict[str, object], message: str, server: str, tmp_path: Path
) -> None:
    given = {"url": f"{server}/net.onnx", **changes}
    given["url"] = str(given["url"]).replace("SERVER", server)
    with pytest.raises(ModelError, match=message):
        pull(known(**given), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_connection_that_breaks_off_leaves_nothing(release: Path, tmp_path: Path) -> None:
    class Short(Quiet):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(CONTENT[:1000])

    with ThreadingHTTPServer(("127.0.0.1", 0), Short) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        with pytest.raises(ModelError, match=r"is not the file that was meant: 1000 bytes|does not give the file"):
            pull(known(f"http://127.0.0.1:{http.server_port}/net.onnx"), tmp_path / "out")
        http.shutdown()
        thread.join()
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_that_stands_in_the_way_is_not_overwritten(release: Path, tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(b"mine")
    with pytest.raises(ModelError, match="is there already and is another file"):
        pull(known("http://127.0.0.1:9/net.onnx"), tmp_path, str(release))
    assert (tmp_path / "net.onnx").read_bytes() == b"mine"


def test_where_no_sum_is_known_one_must_be_given(release: Path, tmp_path: Path) -> None:
    unknown = known("http://127.0.0.1:9/net.onnx", sha256=None, sha256_unknown="nobody publishes it")
    with pytest.raises(ModelError, match=r"no sum is known .*nobody publishes it.*--sha256"):
        pull(unknown, tmp_path, str(release))
    assert pull(unknown, tmp_path, str(release), SUM.upper())[0].read_bytes() == CONTENT
    with pytest.raises(ModelError, match="leave --sha256 out"):
        pull(known("http://127.0.0.1:9/net.onnx"), tmp_path, str(release), "0" * 64)


@pytest.mark.parametrize("mirror", ["ftp://example.org/models", "file:///models"])
def test_other_schemes_are_no_mirrors(mirror: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is no mirror: give a folder"):
        pull(known("http://127.0.0.1:9/net.onnx"), tmp_path, mirror)


def test_the_registry_is_whole() -> None:
    names = list(yaml.safe_load(REGISTRY.read_text()))
    assert "yolox_nano" in names
    for name in names:
        assert entry(name).file == f"{name}.onnx"
    with pytest.raises(ModelError, match=r"no upstream model 'yolo9': it knows|no upstream model 'yolo9' in"):
        entry("yolo9")


@pytest.mark.parametrize(
    "changes",
    [{"sha256": None}, {"sha256_unknown": "why"}, {"url": "file:///etc/passwd"}, {"colour": "red"}],
    ids=["no sum", "sum and reason", "no web address", "unknown key"],
)
def test_a_wrong_entry_is_refused(changes: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "registry.yaml"
    content = {"url": "http://127.0.0.1/net.onnx", "sha256": SUM, "licence": "x", "what": "y", **changes}
    path.write_text(yaml.safe_dump({"net": content}))
    with pytest.raises(ModelError, match="is not a registry of models"):
        entry("net", path)


def test_the_command(release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "entry", lambda name, _: known("http://127.0.0.1:9/net.onnx"))
    arguments = ["pull", "net", "--out", str(tmp_path / "out"), "--mirror", str(release)]
    assert "a net, Apache-2.0" in CliRunner().invoke(app, arguments).output
    assert "was there already" in CliRunner().invoke(app, arguments).output
    refused = CliRunner().invoke(app, ["pull", "net", "--out", str(tmp_path / "no"), "--mirror", str(tmp_path)])
    assert refused.exit_code == 2
    assert "is missing: put the file there" in refused.stderr
