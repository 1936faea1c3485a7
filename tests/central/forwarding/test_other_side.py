"""Our client against our server, run in other processes on a database of its own as the city's CRM."""

from pathlib import Path

import pytest

from central.complaints.models import Complaint
from central.forwarding.models import Crm, Forwarded
from central.outbox.models import Outgoing
from tests.central.desks.conftest import City, city  # noqa: F401 — a fixture
from tests.central.forwarding.test_forwarding import Link
from tests.central.otherside import running

pytestmark = pytest.mark.django_db


def test_there_and_back_to_selesai(
    city: City,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "crm").mkdir()
    with running(tmp_path / "crm") as crm:
        monkeypatch.setenv("SIGAP_CRM_DISHUB", crm.do("key", label="our city"))
        row = Crm.objects.create(
            agency_id="dishub",
            endpoint=f"{crm.url}/open311",
            jurisdiction="crm.example",
            key_name="SIGAP_CRM_DISHUB",
            services={"jam": "jam"},
        )
        link = Link(city, None, row)  # type: ignore[arg-type]
        link.round()
        sent = Forwarded.objects.get()
        assert (sent.state, len(sent.request_id)) == ("followed", 14)
        # As if its answer had been lost: the same again is the same request there.
        Forwarded.objects.update(state="waiting", request_id="")
        Outgoing.objects.update(state="waiting")
        link.round()
        assert Forwarded.objects.get().request_id == sent.request_id

        def ours() -> tuple[str, str]:
            link.round()
            return Complaint.objects.get(pk=city.jam.pk).state, Forwarded.objects.get().status_notes

        number = crm.do("confirm")
        assert ours()[0] == "waiting"
        crm.do("work", number=number, action="coordinate")
        assert ours()[0] == "coordination"
        crm.do("work", number=number, action="start")
        assert ours()[0] == "in_progress"
        crm.do("work", number=number, action="report_done", note="cleared")
        assert ours()[0] == "in_progress", "there it waits for its own check"
        crm.do("work", number=number, action="accept")
        state, notes = ours()
        assert state == "verification"
        assert notes.endswith(": Selesai")
        assert Forwarded.objects.get().state == "closed"
        # The camera that saw it looks again.
        city.end("jam", 400)
        from central.accounts.roles import SYSTEM
        from central.complaints.workflow import act

        assert act(city.jam.pk, "camera_confirms", SYSTEM, link.now).state == "done"
        assert link.actions()[:4] == ["open", "coordinate", "start", "report_done"]
        assert link.actions()[-1] == "camera_confirms"
