"""Pages of what only citizens told of: no camera, no box, no picture."""

from datetime import timedelta

import pytest
from django.test import Client

from central.accounts.roles import Actor, Role
from central.clockwork.tick import tick
from central.complaints.models import Complaint
from central.complaints.workflow import act
from central.incidents.deciding import confirm
from central.incidents.models import Incident
from central.verification.asking import ask
from tests.central.desks.conftest import city, clients  # noqa: F401 — fixtures
from tests.central.moments import at
from tests.central.reports.test_taking import OPERATOR, told

pytestmark = pytest.mark.django_db


def test_the_operator_sees_it_confirms_it_and_all_can_read_it(clients: dict[str, Client]) -> None:  # noqa: F811
    incident = told(description="knee deep").report.incident
    wall = clients["operator"].get("/operator/").content.decode()
    assert "-2.13000, 106.11000" in wall
    assert "Dilaporkan warga" in wall
    told(description="a <b>neighbour</b>", sender="email:secret@example.org")
    page = clients["operator"].get(f"/operator/incidents/{incident.pk}/").content.decode()
    assert "a &lt;b&gt;neighbour&lt;/b&gt;" in page
    assert "secret@" not in page
    assert "knee deep" in page
    assert "Dilaporkan warga" in page
    assert clients["operator"].post(f"/operator/incidents/{incident.pk}/confirm/").status_code == 302
    confirmed = Incident.objects.get(pk=incident.pk).confirmed
    assert confirmed is not None
    tick(confirmed + timedelta(hours=1))
    complaint = Complaint.objects.get(incident=incident)
    for address in (
        f"/operator/complaints/{complaint.number}/",
        "/operator/complaints/",
        "/operator/",
        f"/c/{complaint.tracking[:4]}-{complaint.tracking[4:8]}-{complaint.tracking[8:]}/",
        "/",
        "/api/v1/complaints",
    ):
        response = clients["admin"].get(address)
        assert response.status_code == 200, address
    public = clients["public"].get("/api/v1/complaints").content.decode()
    assert "knee deep" not in public


def test_a_vending_address_is_told_to_nobody_else(clients: dict[str, Client]) -> None:  # noqa: F811
    incident = told(kind="vending", address="Jl. Merdeka 5").report.incident
    confirm(incident.pk, OPERATOR, at(0))
    tick(at(3600))
    complaint = Complaint.objects.get(incident=incident)
    assert complaint.place == "Jl. Merdeka 5"
    for address in ("/", f"/c/{complaint.tracking}/", "/api/v1/complaints", "/open311/requests.json"):
        response = clients["public"].get(address, follow=True)
        assert response.status_code == 200
        assert "Merdeka" not in response.content.decode()


def test_no_camera_is_asked_whether_it_is_done(clients: dict[str, Client]) -> None:  # noqa: F811
    incident = told().report.incident
    confirm(incident.pk, OPERATOR, at(0))
    tick(at(3600))
    complaint = Complaint.objects.get(incident=incident)
    officer = Actor(role=Role.OFFICER, name="officer", agency=complaint.agency_id)
    act(complaint.pk, "start", officer, at(3700))
    act(complaint.pk, "report_done", officer, at(3800), note="pumped dry")
    tick(at(3900))
    assert ask(at(3900)) == 0  # or it would keep others waiting for ever
    assert act(complaint.pk, "accept", OPERATOR, at(4000)).state == "done"
