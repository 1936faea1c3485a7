"""Real conversations with the server: by hand over a socket, and with libav as the client."""

import hashlib
import re
import signal
import socket
import subprocess
import sys
import time
from base64 import b64encode
from itertools import islice, pairwise
from pathlib import Path

import av
import pytest

from scripts.rtsp_server import BackgroundRtspServer, Credentials, Trouble

ROOT = Path(__file__).resolve().parents[2]
# libav hands over the first packet as soon as it has one.
AT_ONCE = {"rtsp_transport": "tcp", "probesize": "32", "analyzeduration": "100000", "fpsprobesize": "0"}


class Client:
    """Speaks RTSP by hand."""

    def __init__(self, server: BackgroundRtspServer) -> None:
        self._socket = socket.create_connection((server.host, server.port), timeout=5)
        self._base = f"rtsp://{server.host}:{server.port}"
        self._sequence = 0
        self._received = b""

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, method: str, path: str = "/north", **headers: str) -> tuple[int, dict[str, str]]:
        """Status and headers (lower case) of the answer."""
        self._sequence += 1
        fields = {"CSeq": str(self._sequence)} | {name.replace("_", "-"): value for name, value in headers.items()}
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self._socket.sendall(f"{method} {self._base}{path} RTSP/1.0\r\n{lines}\r\n".encode())
        while b"\r\n\r\n" not in self._received:
            self._received += self._read()
        head, _, self._received = self._received.partition(b"\r\n\r\n")
        first, *rest = head[head.index(b"RTSP/1.0") :].decode().split("\r\n")
        answer = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in rest)}
        length = int(answer.get("content-length", 0))
        while len(self._received) < length:
            self._received += self._read()
        self._received = self._received[length:]
        assert answer["cseq"] == str(self._sequence) or int(first.split(" ")[1]) == 400
        return int(first.split(" ")[1]), answer

    def _read(self) -> bytes:
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionResetError("the server closed the connection")
        return data


def frames(url: str, count: int, **options: str) -> list[av.VideoFrame]:
    with av.open(url, options=AT_ONCE | options, timeout=(5, 5)) as container:
        return list(islice(container.decode(video=0), count))


@pytest.fixture
def server(h264_clip: Path, h265_clip: Path):
    with BackgroundRtspServer({"north": h264_clip, "south": h265_clip}) as running:
        yield running


@pytest.fixture
def guarded(h264_clip: Path):
    with BackgroundRtspServer({"north": h264_clip}, credentials=Credentials("viewer", "s3cret/@")) as running:
        yield running


@pytest.mark.parametrize("name", ["north", "south"])
@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_libav_plays_it(server, name, transport) -> None:
    pictures = frames(server.url(name), 5, rtsp_transport=transport)
    assert [(picture.width, picture.height) for picture in pictures] == [(320, 180)] * 5
    assert not any(picture.is_corrupt for picture in pictures)


def test_timestamps_go_on_over_the_loops_for_many_clients(server) -> None:
    containers = [av.open(server.url("north"), options=AT_ONCE, timeout=(5, 5)) for _ in range(3)]
    try:
        for container in containers:
            stamps = [packet.dts for packet in islice(container.demux(video=0), 35) if packet.dts is not None]
            steps = {(later - earlier) / 90_000 for earlier, later in pairwise(stamps)}
            assert len(stamps) > 30, "more than the 30 frames of the clip"
            assert steps == {0.1}
    finally:
        for container in containers:
            container.close()


def test_unknown_paths_methods_and_sessions_have_their_own_answers(server) -> None:
    with Client(server) as client:
        assert client.ask("DESCRIBE", "/nowhere")[0] == 404
        assert client.ask("SETUP", "/nowhere/track1", Transport="RTP/AVP/TCP;interleaved=0-1")[0] == 404
        assert client.ask("SETUP", "/north/track1", Transport="RTP/AVP;multicast")[0] == 461
        assert client.ask("PLAY", Session="unknown")[0] == 454
        assert client.ask("RECORD")[0] == 405
        assert client.ask("OPTIONS")[0] == 200
        assert client.ask("no rtsp at all")[0] == 400


def digest(password: str, challenge: str, method: str, url: str, *, qop: bool) -> str:
    nonce = re.search(r'nonce="(\w+)"', challenge)[1]
    realm = re.search(r'realm="(\w+)"', challenge)[1]

    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    middle = [nonce, "00000001", "abc", "auth"] if qop else [nonce]
    response = md5(":".join([md5(f"viewer:{realm}:{password}"), *middle, md5(f"{method}:{url}")]))
    extra = ', qop=auth, nc=00000001, cnonce="abc"' if qop else ""
    return f'Digest username="viewer", realm="{realm}", nonce="{nonce}", uri="{url}", response="{response}"{extra}'


@pytest.mark.parametrize("qop", [False, True])
def test_digest_login(guarded, qop) -> None:
    url = guarded.url("north", login=False)
    with Client(guarded) as client:
        status, answer = client.ask("DESCRIBE")
        assert status == 401
        challenge = answer["www-authenticate"]
        right = digest("s3cret/@", challenge, "DESCRIBE", url, qop=qop)
        assert client.ask("DESCRIBE", Authorization=digest("wrong", challenge, "DESCRIBE", url, qop=qop))[0] == 401
        assert client.ask("SETUP", Authorization=right)[0] == 401, "a digest is good for one method"
        assert client.ask("DESCRIBE", Authorization=right)[0] == 200
    with Client(guarded) as other:
        assert other.ask("DESCRIBE", Authorization=right)[0] == 401, "and for one connection"


def test_basic_login_only_where_it_was_asked_for(guarded, h264_clip) -> None:
    token = "Basic " + b64encode(b"viewer:s3cret/@").decode()
    with Client(guarded) as client:
        assert client.ask("DESCRIBE", Authorization=token)[0] == 401
    credentials = Credentials("viewer", "s3cret/@", basic=True)
    with BackgroundRtspServer({"north": h264_clip}, credentials=credentials) as basic, Client(basic) as client:
        assert client.ask("DESCRIBE", Authorization=token)[0] == 200
        assert client.ask("DESCRIBE", Authorization="Basic !!!")[0] == 401
        assert client.ask("DESCRIBE", Authorization="Basic " + b64encode(b"viewer:x").decode())[0] == 401


def test_libav_logs_in_and_is_turned_away(guarded) -> None:
    assert frames(guarded.url("north"), 1)
    with pytest.raises(av.HTTPUnauthorizedError):
        frames(guarded.url("north", login=False), 1)
    with pytest.raises(av.HTTPNotFoundError):
        frames(guarded.url("west"), 1)


def set_up(client: Client) -> str:
    status, answer = client.ask("SETUP", "/north/track1", Transport="RTP/AVP/UDP;unicast;client_port=47000-47001")
    assert status == 200
    return answer["session"].split(";")[0]


def test_a_silent_client_is_dropped_and_a_living_one_is_kept(h264_clip) -> None:
    with BackgroundRtspServer({"north": h264_clip}, session_timeout_s=1.0) as server, Client(server) as client:
        silent, living = set_up(client), set_up(client)
        for _ in range(10):
            time.sleep(0.2)
            assert client.ask("GET_PARAMETER", Session=living)[0] == 200
        assert client.ask("PLAY", Session=silent)[0] == 454
        assert client.ask("TEARDOWN", Session=living)[0] == 200
        assert client.ask("PLAY", Session=living)[0] == 454


def test_cut_ends_every_stream_and_the_server_stays(server) -> None:
    with av.open(server.url("north"), options=AT_ONCE, timeout=(5, 5)) as container:
        packets = container.demux(video=0)
        next(packets)
        server.cut()
        assert len(list(packets)) < 30, "what was under way, then the end"
    assert frames(server.url("north"), 1)


def test_a_hanging_source_leaves_the_other_alone(server) -> None:
    server.make_trouble(Trouble.HANG, "north")
    with pytest.raises(av.FFmpegError):
        av.open(server.url("north"), options=AT_ONCE, timeout=(1, 1))
    assert frames(server.url("south"), 1)
    server.make_trouble(Trouble.NONE)
    assert frames(server.url("north"), 1)


def test_a_taken_port_is_an_error(server, h264_clip) -> None:
    with pytest.raises(OSError, match="address already in use"):
        BackgroundRtspServer({"north": h264_clip}, port=server.port).start()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_says_ready_and_ends_cleanly(h264_clip, number) -> None:
    command = [sys.executable, "-m", "scripts.rtsp_server", "--port", "0", "--auth", "viewer:pw", f"north={h264_clip}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        word, url = process.stdout.readline().split()
        assert word == "ready"
        assert "pw" not in url
        assert frames(url.replace("rtsp://", "rtsp://viewer:pw@"), 1)
        process.send_signal(number)
        assert process.wait(timeout=5) == 0
        assert process.stderr.read() == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["north"], "not NAME=FILE"),
        (["north=/no/such.mp4"], "no such file"),
        (["--auth", "nobody", f"north={__file__}"], "user:password"),
    ],
)
def test_the_command_names_what_is_wrong(arguments, says) -> None:
    command = [sys.executable, "-m", "scripts.rtsp_server", "--port", "0", *arguments]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)
    assert run.returncode != 0
    assert says in run.stderr
    assert "Traceback" not in run.stderr
