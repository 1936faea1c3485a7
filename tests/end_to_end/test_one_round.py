"""One round of the sample clip, from the camera to the end of its complaint, through two RTSP servers."""

import io
import json
import re
import secrets
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import av
import cv2
import numpy as np
import pytest
import yaml

from scripts.demo.city import BOX_FILE, CAMERA_LOGIN, City, command
from tests.end_to_end.desk import Desk
from tests.end_to_end.ledger import FiledComplaint, Ledger
from tests.end_to_end.running import running_city, wait_for
from tests.end_to_end.sample import CAMERA, CLIP, demo_box_of_one

pytestmark = pytest.mark.timeout(600)
ADAPTIVE = ("--attention", "adaptive")
"""As a box looks; that full attention finds the same is a test of its own."""

KindAndZone = tuple[str, str]


@pytest.fixture(scope="module")
def box_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_box_of_one(tmp_path_factory.mktemp("box") / "box.yaml")


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory, box_file: Path) -> set[KindAndZone]:
    """What `sigap-edge analyze` finds in the clip, with the very file the box runs with."""
    events = tmp_path_factory.mktemp("analysed") / "events.jsonl"
    variables = {"DEMO_STATE": "state", "DEMO_MQTT_PORT": "1", "DEMO_RTSP_PORT": "1", "DEMO_CAMERA_PASSWORD": "-"}
    subprocess.run(
        [command("sigap-edge"), "analyze", str(CLIP), "--config", str(box_file), "--events", str(events), *ADAPTIVE],
        env=variables,
        check=True,
        timeout=400,
    )
    told = [json.loads(line)["data"] for line in events.read_text().splitlines()]
    return {(event["kind"], event["zone"]) for event in told}


def test_our_server(tmp_path: Path, box_file: Path, analysed: set[KindAndZone]) -> None:
    with running_city(tmp_path, cameras={CAMERA: CLIP}, box_file=box_file) as (city, ledger):
        follow_one_round(city, ledger, analysed)


def test_debians_server(
    tmp_path: Path,
    box_file: Path,
    analysed: set[KindAndZone],
    gst_server: Callable[..., AbstractContextManager[str]],
) -> None:
    password = secrets.token_urlsafe(9)
    with (
        gst_server(CLIP, name=CAMERA, credentials=(CAMERA_LOGIN, password)) as url,
        running_city(
            tmp_path, cameras={}, rtsp_port=urlsplit(url).port, camera_password=password, box_file=box_file
        ) as (city, ledger),
    ):
        follow_one_round(city, ledger, analysed)


def follow_one_round(city: City, ledger: Ledger, analysed: set[KindAndZone]) -> None:
    """The one jam of the round becomes one complaint, with its picture, and both end by themselves."""
    city.start_box()
    (complaint,) = wait_for("complaint", ledger.complaints, 150)
    assert re.fullmatch(r"SGP-20\d\d-000001", complaint.number)
    assert (complaint.kind, complaint.agency, complaint.place) == ("jam", "dishub", place_of_the_zone())
    check_still(Desk(city, "operator"), ledger, complaint)
    wait_for("end of the complaint", lambda: ledger.complaint(complaint.number).ended, 120)
    (ended,) = ledger.complaints()
    assert (ended.state, ended.incident_state) == ("gone", "closed")
    assert ledger.episodes(ended.incident) == [("closed", "cleared")]
    assert ledger.kinds_and_zones() == analysed != set()
    ledger.check_whole()


def check_still(desk: Desk, ledger: Ledger, complaint: FiledComplaint) -> None:
    """The picture of the jam is here, is the one the box signed for, and the staff see it on the complaint's page."""
    wait_for("still of the opening", lambda: [still for still in ledger.stills(complaint.incident) if still.arrived])
    still = ledger.stills(complaint.incident)[0]
    name = still.manifest["sha256"]
    content = ledger.stored(name)
    assert (still.role, still.media_type, still.manifest["camera"]) == ("opened", "image/jpeg", CAMERA)
    assert (sha256(content).hexdigest(), len(content)) == (name, still.manifest["bytes"])
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape[1] == 640
    clip = wait_for("clip of the opening", lambda: [clip for clip in ledger.clips(complaint.incident) if clip.arrived])[
        0
    ]
    with av.open(io.BytesIO(ledger.stored(clip.manifest["sha256"]))) as film:
        assert len(list(film.decode(video=0))) >= 3
    page = desk.read(f"operator/complaints/{complaint.number}/")
    assert complaint.number in page
    assert complaint.place.partition(":")[0] in page  # the direction is written in words
    assert f"operator/evidence/{name}/" in page
    assert desk.fetch(f"operator/evidence/{name}/") == content


def place_of_the_zone() -> str:
    """As the demo's box file names it."""
    (zone,) = yaml.safe_load(BOX_FILE.read_text())["cameras"][CAMERA]["zones"].values()
    place: str = zone["place"]
    return place
