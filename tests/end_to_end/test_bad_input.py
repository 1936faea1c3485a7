"""What is wrong with cameras and messages is told at the centre in so many words, and nothing else suffers."""

import html
import json
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest

from scripts.broker import free_port
from scripts.demo.city import BOX, CAMERA_LOGIN
from scripts.rtsp_server.background import BackgroundRtspServer
from scripts.rtsp_server.digest import Credentials
from scripts.rtsp_server.trouble import Trouble
from tests.central.fakebox import FakeBox, episode
from tests.end_to_end.desk import Desk
from tests.end_to_end.running import running_city, wait_for
from tests.end_to_end.sample import CAMERA, turned, write_box_file

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

PASSWORD = "the-right-one"
WRONG_PASSWORD = "the-wrong-one"
FAULTS = {
    "unplugged": "nothing answers at rtsp://",
    "locked": "refused the login: check user and password",
    "lost": "has no such stream: check the path",
}
"""Camera → what its reason must say."""


def publish(port: int, topic: str, payload: bytes) -> None:
    """As whatever client happens to reach the broker."""
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="anybody", protocol=mqtt.MQTTv311)
    client.connect("127.0.0.1", port)
    client.loop_start()
    client.publish(topic, payload, qos=1).wait_for_publish(20)
    client.disconnect()
    client.loop_stop()


def test_an_event_that_does_not_fit_the_schema_is_shown_with_its_reason(tmp_path: Path) -> None:
    message = FakeBox(BOX, camera=CAMERA).opened(episode())
    event = json.loads(message.payload)
    event["data"]["kind"] = "earthquake"
    payload = json.dumps(event).encode()
    with running_city(tmp_path, cameras={}) as (city, ledger):

        def sent_until_set_aside() -> list[tuple[str, str]]:
            """Again and again, because the intake may not listen yet."""
            publish(city.mqtt_port, message.topic, payload)
            return ledger.rows("SELECT topic, reason FROM intake_quarantined")

        ((topic, reason),) = wait_for("quarantine", sent_until_set_aside)
        assert topic == message.topic
        assert reason.startswith("data.kind: Input should be 'jam'")
        page = html.unescape(Desk(city, "operator").read("operator/quarantine/"))
        assert topic in page
        assert reason in page
        assert ledger.complaints() == []


def test_cameras_that_cannot_be_had_say_why_and_the_one_beside_them_works_on(tmp_path: Path) -> None:
    clip = turned(tmp_path / "jam.mp4")
    server = BackgroundRtspServer({CAMERA: clip}, port=free_port(), credentials=Credentials(CAMERA_LOGIN, PASSWORD))
    here = f"127.0.0.1:{server.port}"
    addresses = {
        CAMERA: f"rtsp://{CAMERA_LOGIN}:${{DEMO_CAMERA_PASSWORD}}@{here}/{CAMERA}",
        "unplugged": f"rtsp://{CAMERA_LOGIN}:${{DEMO_CAMERA_PASSWORD}}@127.0.0.1:{free_port()}/{CAMERA}",
        "locked": f"rtsp://{CAMERA_LOGIN}:{WRONG_PASSWORD}@{here}/{CAMERA}",
        "lost": f"rtsp://{CAMERA_LOGIN}:${{DEMO_CAMERA_PASSWORD}}@{here}/elsewhere",
    }
    options = {"cameras": {}, "camera_password": PASSWORD, "box_file": write_box_file(tmp_path / "box.yaml", addresses)}
    with running_city(tmp_path, **options) as (city, ledger), server:
        city.start_box()
        for camera, words in FAULTS.items():
            wait_for(f"{camera} told", lambda camera=camera: ledger.camera(camera)[0] == "faulty")
            assert words in ledger.camera(camera)[1]
        (complaint,) = wait_for("complaint of the camera that works", ledger.complaints, 150)
        assert complaint.camera == CAMERA
        assert ledger.camera(CAMERA)[0] == "streaming"
        assert [ledger.camera(camera)[0] for camera in FAULTS] == ["faulty"] * 3
        wall = Desk(city, "operator").read("operator/")
        told = wall + (city.logs / "box.log").read_text() + (city.logs / "centre.log").read_text()
        assert all(camera in wall for camera in FAULTS)
        assert PASSWORD not in told
        assert WRONG_PASSWORD not in told


@pytest.mark.parametrize("trouble", [Trouble.NOISE, Trouble.BROKEN_PICTURES])
def test_a_stream_that_turns_to_garbage_is_told_and_comes_back(tmp_path: Path, trouble: Trouble) -> None:
    clip = turned(tmp_path / "jam.mp4")
    server = BackgroundRtspServer({"sick": clip, "well": clip}, port=free_port())
    addresses = {name: f"rtsp://127.0.0.1:{server.port}/{name}" for name in ("sick", "well")}
    box_file = write_box_file(tmp_path / "box.yaml", addresses)
    with running_city(tmp_path, cameras={}, box_file=box_file) as (city, ledger), server:
        city.start_box()
        for camera in addresses:
            wait_for(f"{camera} streams", lambda camera=camera: ledger.camera(camera)[0] == "streaming")
        server.make_trouble(trouble, "sick")
        wait_for("garbage told", lambda: ledger.camera("sick")[0] == "faulty")
        assert ledger.camera("sick")[1] != ""
        assert ledger.camera("well")[0] == "streaming"
        server.make_trouble(Trouble.NONE)
        wait_for("it streams again", lambda: ledger.camera("sick")[0] == "streaming", 150)
