"""Following by e-mail: asked first, told once for each state, stopped by a link."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from central.accounts.roles import Actor, Role
from central.complaints.deciding import merge, reject
from central.complaints.numbers import grouped
from central.complaints.workflow import act
from central.following.joining import confirm, follow
from central.following.models import Follower
from central.incidents.models import Incident
from central.outbox.models import Outgoing
from central.reports import limits
from tests.central.desks.conftest import City, city, client_of, clients, work  # noqa: F401 — fixtures
from tests.central.moments import at
from tests.central.reports.test_taking import told

pytestmark = pytest.mark.django_db

ANI = "ani@example.org"
OKI = Actor(role=Role.OPERATOR, name="oki")


def letters(address: str = ANI) -> list[dict[str, str]]:
    return list(Outgoing.objects.filter(address=address).order_by("pk").values_list("content", flat=True))


def followed(incident: Incident, address: str = ANI) -> Follower:
    return follow(incident, address, timezone.now(), is_known=True)


def test_asked_confirmed_told_and_stopped(city: City) -> None:  # noqa: F811
    public = client_of(None)
    response = public.post(f"/c/{grouped(city.flood.tracking)}/follow/", {"email": "Ani@Example.org"})
    assert response.headers["Location"].endswith("?said=follow#follow")
    [asked] = letters()
    path = re.findall(r"/ikuti/[\w-]+/", asked["text"])[0]
    work(city.flood, "coordinate")
    assert len(letters()) == 1, "not before it is confirmed"
    assert "Ya, ikuti" in public.get(path).content.decode()
    assert Follower.objects.get().state == "asked", "mail scanners open links"
    public.post(path, {"decision": "confirm"})
    work(city.flood, "start")
    news = letters()[-1]
    assert news["subject"].endswith(": Proses")
    assert path in news["text"]
    assert news["headers"]["List-Unsubscribe"].endswith(f"{path}>")  # type: ignore[index]
    # What a mail program sends for its user (RFC 8058): no cookie, no Origin.
    Client().post(path, {"List-Unsubscribe": "One-Click"})
    work(city.flood, "report_done")
    assert len(letters()) == 2


@pytest.mark.parametrize(("email", "said"), [("ani", "wrong-email"), ("", "wrong-email")])
def test_a_wrong_address_is_said(email: str, said: str, city: City) -> None:  # noqa: F811
    response = client_of(None).post(f"/c/{grouped(city.flood.tracking)}/follow/", {"email": email})
    assert f"?said={said}" in response.headers["Location"]
    assert not Follower.objects.exists()


def test_nobody_can_have_others_written_to_for_ever(city: City) -> None:  # noqa: F811
    now = timezone.now()
    for complaint in (city.jam, city.flood, city.vending, city.parking):
        for _ in range(3):
            follow(complaint.incident, ANI, now)
    assert len(letters()) == 4, "asked once for each"
    for n in range(limits.LETTERS_BY_CONTACT.most - 4):
        follow(told(north_m=500.0 * (n + 1)).report.incident, ANI, now)
    with pytest.raises(limits.TooMany):
        follow(city.candidate, ANI, now)


def test_the_page_does_not_tell_who_follows(city: City) -> None:  # noqa: F811
    followed(city.flood.incident)
    public = client_of(None)
    answers = {
        public.post(f"/c/{grouped(city.flood.tracking)}/follow/", {"email": email}).headers["Location"]
        for email in (ANI, "budi@example.org")
    }
    assert len(answers) == 1


def test_each_state_is_told_once_and_notes_are_not(city: City) -> None:  # noqa: F811
    followed(city.jam.incident)
    work(city.jam, "coordinate", "note", "start", "report_done", "send_back", "report_done", "accept")
    words = [each["subject"].rpartition(": ")[2] for each in letters()]
    assert words == ["Koordinasi", "Proses", "Menunggu verifikasi", "Proses", "Menunggu verifikasi", "Selesai"]
    assert not any("rahasia petugas" in each["text"] for each in letters())
    act(city.jam.pk, "reopen", OKI, at(400), note="masih macet")
    assert letters()[-1]["subject"].endswith(": Menunggu")


def test_who_follows_two_that_become_one_is_told_once(city: City) -> None:  # noqa: F811
    other = told(kind="jam", north_m=900).report.incident
    followed(other)
    followed(city.jam.incident)
    merge(other.pk, city.jam.incident_id, OKI, "sama", at(200))
    work(city.jam, "start", seconds=300)
    assert [each["subject"].rpartition(": ")[2] for each in letters()] == ["Proses"]


def test_a_report_that_was_not_true_is_told(seeded: None) -> None:
    incident = told().report.incident
    followed(incident)
    reject(incident.pk, OKI, "kering", at(60))
    assert [each["subject"] for each in letters()] == ["Genangan/banjir: tidak ditemukan"]


def test_confirming_twice_and_strange_tokens(city: City) -> None:  # noqa: F811
    follower = follow(city.jam.incident, ANI, timezone.now())
    assert [confirm(follower.token, timezone.now()) for _ in range(2)] == [follower, follower]
    assert confirm("nobody", timezone.now()) is None
