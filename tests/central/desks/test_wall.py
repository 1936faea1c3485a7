"""What operators have seen, and clips beside their stills."""

from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import timezone

from central.accounts.roles import Actor, Role
from central.evidence.models import Blob, Exhibit
from central.feed.models import Change
from central.incidents.deciding import NotPossible, acknowledge
from central.incidents.models import Decision, Incident
from tests.central.desks.conftest import City, client_of, staff
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db

OKI = Actor(role=Role.OPERATOR, name="oki")
SITI = Actor(role=Role.OPERATOR, name="siti")


def tile_of(page: str, incident: Incident) -> str:
    return page.partition(f'data-key="incident-{incident.pk}"')[2].partition("</li>")[0]


def test_a_tile_stays_new_until_somebody_acknowledges_it_for_all(city: City, clients: dict[str, Client]) -> None:
    jam = city.jam.incident
    before = clients["operator"].get("/operator/").content.decode()
    assert ">Baru</span>" in tile_of(before, jam)
    assert "belum dilihat siapa pun" in before
    changes = Change.objects.count()
    reply = clients["operator"].post(f"/operator/incidents/{jam.pk}/acknowledge/", {"from": "wall"})
    assert reply.headers["Location"] == f"/operator/#to-incident-{jam.pk}"
    assert Change.objects.filter(what="acknowledged", ref=str(jam.pk)).count() == Change.objects.count() - changes == 1
    other = client_of(staff("siti", Role.OPERATOR))
    tile = tile_of(other.get("/operator/").content.decode(), jam)
    assert ">Baru</span>" not in tile
    assert "Dilihat oleh oki" in tile
    assert ">Baru</span>" in tile_of(other.get("/operator/").content.decode(), city.flood.incident)


def test_the_first_to_acknowledge_is_kept(city: City) -> None:
    pk = city.jam.incident_id
    acknowledge(pk, OKI, at(200))
    acknowledge(pk, SITI, at(300))
    assert list(Decision.objects.values_list("incident", "action", "actor", "time")) == [
        (pk, "acknowledge", "oki", at(200))
    ]


def test_who_decides_has_seen_it(city: City, clients: dict[str, Client]) -> None:
    path = f"/operator/incidents/{city.candidate.pk}/"
    assert "Tandai dilihat" in clients["operator"].get(path).content.decode()
    clients["operator"].post(f"{path}confirm/", {"from": "wall"})
    assert ">Baru</span>" not in tile_of(clients["operator"].get("/operator/").content.decode(), city.candidate)
    assert "Tandai dilihat" not in clients["operator"].get(path).content.decode()


def test_what_is_over_needs_nobody(city: City, clients: dict[str, Client]) -> None:
    city.end("jam", 300)
    with pytest.raises(NotPossible, match=r"selesai|hilang|ditutup"):
        acknowledge(city.jam.incident_id, OKI, at(5000))
    reply = clients["operator"].post(f"/operator/incidents/{city.jam.incident_id}/acknowledge/", follow=True)
    assert 'class="warning"' in reply.content.decode()
    assert not Decision.objects.exists()


def test_what_a_silence_hides_is_not_news(city: City, clients: dict[str, Client]) -> None:
    Incident.objects.filter(pk=city.jam.incident_id).update(state="suppressed", silenced_until=timezone.now())
    assert ">Baru</span>" not in tile_of(clients["operator"].get("/operator/").content.decode(), city.jam.incident)


class Media(HTMLParser):
    """The images and videos of a page, in order, with their attributes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "video" or (tag == "img" and "evidence" in (dict(attrs)["src"] or "")):
            self.found.append((tag, dict(attrs)))


def add_clip(city: City, arrived: bool = True, kind: str = "jam") -> str:
    """A clip of the episode's beginning, as the box sends it beside the still."""
    episode, sha256 = city.episodes[kind], "c" * 64
    Exhibit.objects.create(
        episode_id=episode,
        sha256=sha256,
        role=Exhibit.Role.OPENED,
        media_type="video/mp4",
        size=9,
        camera=city.jam.incident.camera,
        time=NOON,
        manifest={},
        signature="",
    )
    if arrived:
        Blob.objects.create(sha256=sha256, size=9, media_type="video/mp4", box_id="pgk-01", arrived=NOON, claimed=NOON)
    return sha256


@pytest.mark.parametrize("page", ["incident", "complaint", "agency"])
def test_a_clip_plays_beside_its_still(page: str, city: City, clients: dict[str, Client]) -> None:
    clip = add_clip(city)
    visitor, desk, path = {
        "incident": ("operator", "operator", f"/operator/incidents/{city.jam.incident_id}/"),
        "complaint": ("operator", "operator", f"/operator/complaints/{city.jam.number}/"),
        "agency": ("dishub", "agency", f"/agency/complaints/{city.jam.number}/"),
    }[page]
    (still_tag, still), (clip_tag, video) = Media(clients[visitor].get(path).content.decode()).found
    assert (still_tag, clip_tag) == ("img", "video")
    assert video["src"] == f"/{desk}/evidence/{clip}/"
    assert video["poster"] == still["src"] == f"/{desk}/evidence/{city.still}/"
    assert {"controls", "muted", "loop", "playsinline"} <= set(video)
    assert video["preload"] == "none"
    assert video["aria-label"] == "Klip tersamar tanpa suara: kemacetan, saat mulai"


def test_a_clip_that_is_on_its_way(city: City, clients: dict[str, Client]) -> None:
    add_clip(city, arrived=False)
    page = clients["operator"].get(f"/operator/incidents/{city.jam.incident_id}/").content.decode()
    assert [tag for tag, _attributes in Media(page).found] == ["img"]
    assert "Klip belum tiba." in page


def test_a_clip_without_any_still(city: City, clients: dict[str, Client]) -> None:
    clip = add_clip(city)
    Exhibit.objects.filter(media_type="image/jpeg").delete()
    page = clients["operator"].get(f"/operator/incidents/{city.jam.incident_id}/").content.decode()
    (_tag, video) = Media(page).found[0]
    assert (video["src"], video.get("poster")) == (f"/operator/evidence/{clip}/", None)
