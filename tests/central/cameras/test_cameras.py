"""The editor's answers: what is fitted, saved, refused and undone; stills that come or do not; tables of cameras."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from calibration.geodesy import LonLat
from central.accounts.roles import Role
from central.administration.models import AuditEntry
from central.boxes.models import Box, Camera, DesiredVersion
from central.cameras.fields import all_kinds
from central.cameras.importing import COLUMNS
from central.evidence.store import store
from central.incidents.models import Incident
from central.intake.handling import handle_evidence, handle_reports
from central.intake.subscription import Message
from central.stills.models import Still
from central.viewing.models import Viewing
from contract.commands import StillReply
from contract.kinds import EvidenceRole
from contract.settings.incidents import IncidentsSection
from contract.topics import ReplyTopic
from tests.central.desks.conftest import client_of, staff
from tests.central.fakebox import JPEG, FakeBox

pytestmark = pytest.mark.django_db

ZONES = {"utara": {"kind": "roadway", "place": "jl-a:utara", "points": [[0, 0.4], [1, 0.4], [1, 1]]}}
SETTINGS = {"zones": ZONES, "incidents": {"jam": {"zones": ["utara"], "min_duration": "90s"}}}
MIDDLE = LonLat(106.11, -2.13)
PIXELS = [[100, 300], [500, 300], [620, 350], [20, 350], [320, 320], [300, 345]]


@pytest.fixture
def admin() -> Client:
    user = User.objects.create_user("adi")
    user.groups.add(Group.objects.get_or_create(name=Role.ADMIN.value)[0])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def camera(box: FakeBox) -> Camera:
    """Of a box that is online now."""
    Box.objects.update(state=Box.State.ONLINE, heartbeat=timezone.now(), interval_s=600)
    return Camera.objects.create(
        box_id=box.id, code="simpang", name="Simpang", purpose=["traffic"], lat=-2.13, lon=106.11
    )


def ask(admin: Client, path: str, body: Any) -> tuple[int, Any]:
    answer = admin.post(path, json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def save(admin: Client, camera: Camera, settings: Any, **more: Any) -> tuple[int, Any]:
    return ask(admin, f"/operator/cameras/{camera.pk}/save/", {"settings": settings} | more)


def points(off_m: float = 0.0) -> list[dict[str, Any]]:
    """On a flat road that a homography shows."""
    homography = np.array([[0.02, 0.0, -6.4], [0.0, 0.0, 9.0], [0.0, 0.005, -1.0]])
    seen = np.column_stack([PIXELS, np.ones(len(PIXELS))]) @ homography.T
    metres = seen[:, :2] / seen[:, 2:]
    metres[-1] += off_m
    places = MIDDLE.of_metres(metres)
    return [{"pixel": pixel, "lonlat": place} for pixel, place in zip(PIXELS, places.tolist(), strict=True)]


def test_a_plane_is_fitted_with_its_grid_and_its_error(admin: Client, camera: Camera) -> None:
    path = f"/operator/cameras/{camera.pk}/fit/"
    status, told = ask(admin, path, {"image": {"width": 640, "height": 360}, "points": points()})
    assert status == 200
    assert told["calibration"]["rms_m"] < 0.01
    assert {line["step"] for line in told["grid"]} >= {1.0, 5.0}
    assert all(-0.1 <= share <= 1.15 for line in told["grid"] for corner in line["points"] for share in corner)
    _, told = ask(admin, path, {"image": {"width": 640, "height": 360}, "points": points(off_m=3)})
    assert [point["used"] for point in told["calibration"]["points"]] == [True] * 5 + [False]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"image": {"width": 640, "height": 360}, "points": []}, "perlu sedikitnya empat"),
        ({"points": []}, "image: “image” belum ada"),
        ({"image": {"width": 640, "height": 360}, "points": points() * 11}, "60 sudah cukup"),
        ([1], "JSON object"),
    ],
)
def test_why_there_is_no_plane_is_told(admin: Client, camera: Camera, body: Any, said: str) -> None:
    status, told = ask(admin, f"/operator/cameras/{camera.pk}/fit/", body)
    assert status == 422
    assert said in told["reason"]


def test_what_is_saved_is_a_version_and_the_page_shows_it(admin: Client, camera: Camera) -> None:
    assert save(admin, camera, SETTINGS, why="Ortofoto 2025") == (200, {"version": 1, "seen": mark(admin, camera)})
    version = DesiredVersion.objects.get()
    assert (version.by, version.why, version.camera) == ("adi", "Ortofoto 2025", camera)
    page = admin.get(f"/operator/cameras/{camera.pk}/")
    assert page.context["data"]["settings"]["incidents"] == SETTINGS["incidents"]
    assert "Ortofoto 2025" in page.content.decode()
    assert AuditEntry.objects.get().subject == "pgk-01/simpang"


def mark(admin: Client, camera: Camera) -> str:
    return admin.get(f"/operator/cameras/{camera.pk}/").context["data"]["seen"]


def test_what_a_box_would_refuse_is_told_with_its_place(admin: Client, camera: Camera) -> None:
    status, told = save(admin, camera, SETTINGS | {"incidents": {"flood": {"zones": ["barat"], "hold": "3 parsecs"}}})
    assert status == 422
    assert [fault["place"] for fault in told["faults"]] == ["incidents.flood.hold"]
    status, told = save(admin, camera, SETTINGS | {"incidents": {"flood": {"zones": ["barat"]}}})
    assert [fault["place"] for fault in told["faults"]] == ["incidents.flood", "incidents.flood.zones[0]"]
    assert not DesiredVersion.objects.exists()


def test_of_two_who_edit_at_once_the_second_is_told(admin: Client, camera: Camera) -> None:
    seen = mark(admin, camera)
    assert save(admin, camera, SETTINGS, seen=seen)[0] == 200
    status, told = save(admin, camera, SETTINGS | {"privacy_masks": [ZONES["utara"]["points"]]}, seen=seen)
    assert status == 409
    assert "Orang lain" in told["reason"]


def test_an_undo_is_a_version_of_its_own(admin: Client, camera: Camera) -> None:
    save(admin, camera, SETTINGS)
    save(admin, camera, {"zones": ZONES})
    path = f"/operator/cameras/{camera.pk}/undo/"
    assert admin.post(path, {"number": "1"}).status_code == 302
    newest = DesiredVersion.objects.first()
    assert (newest.number, newest.restores) == (3, 1)
    assert newest.document["cameras"]["simpang"]["incidents"] == SETTINGS["incidents"]
    admin.post(path, {"number": "77"})
    admin.post(path, {"number": "satu"})
    assert DesiredVersion.objects.count() == 3


def test_every_threshold_of_the_schema_can_be_set() -> None:
    kinds = {kind["kind"]: {field["name"] for field in kind["fields"]} for kind in all_kinds()}
    elsewhere = {"zones", "permits", "water_references"}
    for kind, info in IncidentsSection.model_fields.items():
        section = next(each for each in info.annotation.__args__ if each is not type(None))
        assert kinds[kind] == set(section.model_fields) - elsewhere


def looks() -> list[tuple[str, str, int | None, int | None, str]]:
    """All that are written down, oldest first."""
    return [
        (look.actor, look.page, look.camera_id, look.incident_id, look.reason)
        for look in Viewing.objects.order_by("time", "pk")
    ]


def arrived(camera: Camera, box: FakeBox, wish: Still) -> None:
    signed, message = box.still(role=EvidenceRole.ASKED)
    reply = StillReply(action="still", id=wish.pk, camera=camera.code, time=timezone.now(), evidence=(signed,))
    handle_reports([Message(ReplyTopic(box.id).path, reply.to_bytes())], timezone.now())
    handle_evidence([message], timezone.now(), store())


def seen_by(camera: Camera) -> Incident:
    now = timezone.now()
    state = Incident.State.ACTIVE
    return Incident.objects.create(
        kind="jam", key="jam", camera=camera, state=state, severity=2, confidence=0.9, began=now, updated=now
    )


def test_the_page_of_a_camera_is_a_look_at_its_picture(admin: Client, camera: Camera, box: FakeBox) -> None:
    page = f"/operator/cameras/{camera.pk}/"
    assert admin.get(page).status_code == 200
    assert looks() == []  # there is no picture yet
    admin.post(f"{page}still/")
    wish = Still.objects.get()
    arrived(camera, box, wish)
    assert f"/operator/stills/{wish.pk}/picture/" in admin.get(page).content.decode()
    assert admin.get(f"/operator/stills/{wish.pk}/picture/").status_code == 200
    wish.refresh_from_db()
    look = Viewing.objects.get()
    assert (look.sha256, look.subject, look.media_type) == (wish.sha256, Viewing.Subject.STILL, "image/jpeg")
    assert looks() == [("adi", "camera", camera.pk, None, "")]
    record = admin.get("/bukti/akses/").content.decode()
    assert "Mengurus kamera Simpang" in record
    assert "Gambar kamera" in record
    assert admin.get("/bukti/akses/?given_reasons_only=on&case=%231").status_code == 200


def test_a_still_opened_past_all_pages_is_a_look(admin: Client, camera: Camera, box: FakeBox) -> None:
    admin.post(f"/operator/cameras/{camera.pk}/still/")
    wish = Still.objects.get()
    arrived(camera, box, wish)
    for _ in range(2):
        assert admin.get(f"/operator/stills/{wish.pk}/picture/").status_code == 200
    assert looks() == [("adi", "file", camera.pk, None, "")]


def test_a_fresh_still_of_an_incident_takes_a_reason_where_its_pictures_do(
    admin: Client, camera: Camera, box: FakeBox
) -> None:
    incident = seen_by(camera)
    operator = client_of(staff("oki", Role.OPERATOR))
    asking = f"/operator/cameras/{camera.pk}/still/?incident={incident.pk}"
    refused = admin.post(asking)
    assert refused.status_code == 409
    assert f"halaman kejadian #{incident.pk}" in refused.json()["reason"]
    assert not Still.objects.exists()
    at = operator.post(asking).json()["at"]
    arrived(camera, box, Still.objects.get())
    assert admin.get(at).json()["step"] == "failed"
    assert looks() == []
    told = operator.get(at).json()
    assert operator.get(told["picture"]).status_code == 200
    reason = "membantu operator malam"
    admin.post("/bukti/alasan/", {"incident": incident.pk, "next": "/", "reason": reason})
    assert admin.get(at).json()["step"] == "here"
    assert looks() == [("oki", "fresh", camera.pk, incident.pk, ""), ("adi", "fresh", camera.pk, incident.pk, reason)]
    assert "Menangani kejadian" in admin.get(f"/bukti/akses/?case=%23{incident.pk}").content.decode()


def test_no_still_is_asked_for_an_incident_elsewhere(admin: Client, camera: Camera, box: FakeBox) -> None:
    other = Camera.objects.create(box_id=box.id, code="gudang")
    incident = seen_by(other)
    for number in (incident.pk, 999_999, "x", "9" * 30):
        assert admin.post(f"/operator/cameras/{camera.pk}/still/?incident={number}").status_code == 404


def test_a_still_comes_step_by_step(admin: Client, camera: Camera, box: FakeBox) -> None:
    asked = admin.post(f"/operator/cameras/{camera.pk}/still/")
    assert asked.status_code == 202
    at = asked.json()["at"]
    assert admin.get(at).json() == {"step": "asked"}
    signed, message = box.still(role=EvidenceRole.ASKED)
    reply = StillReply(
        action="still", id=Still.objects.get().pk, camera="simpang", time=timezone.now(), evidence=(signed,)
    )
    handle_reports([Message(ReplyTopic(box.id).path, reply.to_bytes())], timezone.now())
    assert admin.get(at).json() == {"step": "coming"}
    assert admin.get(f"{at}picture/").status_code == 404
    handle_evidence([message], timezone.now(), store())
    told = admin.get(at).json()
    assert told["step"] == "here"
    picture = admin.get(told["picture"])
    assert (picture.content, picture.headers["Content-Type"]) == (JPEG, "image/jpeg")


def test_why_there_is_no_still_is_told(admin: Client, camera: Camera) -> None:
    at = admin.post(f"/operator/cameras/{camera.pk}/still/").json()["at"]
    Still.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert "tidak menjawab" in admin.get(at).json()["reason"]
    Box.objects.update(state=Box.State.OFFLINE)
    assert "luring" in admin.get(at).json()["reason"]
    refused = admin.post(f"/operator/cameras/{camera.pk}/still/")
    assert refused.status_code == 409
    assert "luring" in refused.json()["reason"]


def table(admin: Client, text: str | bytes) -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    return admin.post("/operator/boxes/import/", {"file": SimpleUploadedFile("cameras.csv", content)})


def test_a_table_of_cameras_is_taken_in(admin: Client, camera: Camera) -> None:
    taken = table(
        admin, "\ufeffbox;camera;name;lat;lon\npgk-01;simpang;Balai Kota;-2,1291;106,1138\npgk-01;pasar;Pasar;;\n"
    )
    assert taken.status_code == 302
    camera.refresh_from_db()
    assert (camera.name, camera.lat, camera.listed) == ("Balai Kota", -2.1291, True)
    assert Camera.objects.get(code="pasar").listed is False
    assert AuditEntry.objects.filter(action="import").count() == 2


def test_a_table_says_what_is_looked_for_and_where(admin: Client, camera: Camera) -> None:
    heading = "box,camera,incidents,segment,direction\n"
    Camera.objects.update(purpose=None)
    save(admin, camera, SETTINGS)
    before = DesiredVersion.objects.count()
    taken = table(admin, heading + "pgk-01,simpang,jam flood camera_fault,jl-merdeka,selatan\n")
    assert taken.status_code == 302, taken.context["problems"]
    version = DesiredVersion.objects.order_by("-number")[0]
    decided = version.document["cameras"]["simpang"]
    assert DesiredVersion.objects.count() == before + 1
    assert decided["zones"]["utara"]["place"] == "jl-merdeka:selatan"
    assert set(decided["incidents"]) == {"jam", "flood", "camera_fault"}
    assert decided["incidents"]["flood"]["zones"] == ["utara"]
    assert decided["incidents"]["jam"] == SETTINGS["incidents"]["jam"], "its thresholds stay"
    assert table(admin, heading + "pgk-01,simpang,,,\n").status_code == 302
    assert table(admin, heading + "pgk-01,simpang,jam flood camera_fault,jl-merdeka,selatan\n").status_code == 302
    assert DesiredVersion.objects.count() == before + 1, "what stays as it is makes no version"


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("simpang,macet,,", "tulis dari jam"),
        ("simpang,vending,,", "vending memerlukan zona"),
        ("simpang,,,utara", "arah memerlukan ruasnya"),
        ("baru,jam,,", "belum punya kamera ini"),
    ],
)
def test_a_wish_that_cannot_be_is_told_by_its_line(admin: Client, camera: Camera, cells: str, told: str) -> None:
    save(admin, camera, SETTINGS)
    before = DesiredVersion.objects.count()
    refused = table(admin, f"box,camera,incidents,segment,direction\npgk-01,{cells}\n")
    [(line, text)] = refused.context["problems"]
    assert (line, told in text) == (2, True), text
    assert DesiredVersion.objects.count() == before


def test_the_example_of_the_guide_has_the_columns() -> None:
    heading = (Path(__file__).parents[3] / "docs" / "cameras.csv").read_text().partition("\n")[0]
    assert heading == ",".join(COLUMNS)


def test_a_table_with_faults_is_refused_whole_and_each_is_told_by_its_line(admin: Client, camera: Camera) -> None:
    text = (
        "box,camera,name,lat,lon\n"
        "pgk-01,simpang,A,,\n"
        "nowhere,a,B,,\n"
        "pgk-01,Pasar Pagi,C,,\n"
        "pgk-01,x,D,-2.1,\n"
        "pgk-01,y,E,utara,106\n"
        "pgk-01,simpang,F,,\n"
    )
    refused = table(admin, text)
    assert refused.status_code == 400
    assert [line for line, _text in refused.context["problems"]] == [3, 4, 5, 6, 7]
    assert "baris 2" in refused.content.decode()
    assert Camera.objects.get().name == "Simpang"


@pytest.mark.parametrize(
    "text", ["", "box\npgk-01\n", "box,camera,url\n", "box,camera\n", b"\xff\xfe", b"box,camera\n" + b"x" * 2**20]
)
def test_what_is_no_table_is_said_so(admin: Client, camera: Camera, text: Any) -> None:
    assert table(admin, text).status_code == 400
