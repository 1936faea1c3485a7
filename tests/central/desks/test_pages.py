"""Rules for every page: languages, headers, no inline script or style, headings in order, texts for pictures."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from central.complaints.models import Complaint
from central.complaints.numbers import grouped
from central.complaints.transitions import TRANSITIONS, UNDO
from central.desks.words import HAPPENED, TONES
from central.reports.voices import say
from tests.central.desks.conftest import City, report_about, work
from tests.central.moments import at

# Text that is the same in both languages because it is data or a name, not a word of ours.
DATA = re.compile(
    r"Sigap|ID|EN|CSV|GeoJSON|tamu|oki|dewi|bayu|sari|adi|hadi|aini|pgk-01(/\w+)?|old-02|Gudang|"
    r"gudang( · Sigap)?|simpang|utara|Episode|#\d+|[·…→–?*()]+|[\d.,:%\s/–-]+|"
    r"SGP-\d{4}-\d{6}|[0-9A-Z]{4}(-[0-9A-Z]{4}){2}|[0-9a-f]{8,64}|-?\d+\.\d+, -?\d+\.\d+|"
    r"(SDA|BPBD|Dishub|Satpol PP|PPKUKM|Diskominfo)(, .*| · Sigap)?|Dinas .*|Satuan .*|Badan .*|"
    r"Kemacetan|Genangan dan banjir|Parkir liar|PKL liar|Kamera terganggu|.* → [\w ]+|"  # notes of the seed's rules
    r"(Kecamatan|Kota Administrasi|Kabupaten Administrasi|Daerah Khusus) .*|Digambar tangan .*|\{\"type\".*|"  # areas
    r"Mon-Fri 08:00-16:00, Sat 08:00-12:00|Asia/\w+|sigap-central manage seed|"
    r".* seen by the box|nothing left to see|sigap/v1/.*|sigap-central manage requeue|\d+ m|rahasia petugas|"
    r"(specversion|id|source|type).*Field required.*|"  # what pydantic says of a message
    r"Jam kerja pemerintah provinsi.*|kerja|dewi · Sigap|first_response 75 1 .*|"  # calendar, login, policy
    r"Loksem .*|SK( \d+/\d{4}.*)?|Paguyuban .*|"  # a permit's own words
    r"sha256 [0-9a-f]{64}|Jl\. \w+|\d{1,2} \w{3} \d{4} .*WIB|XXXX-XXXX-XXXX"
)


SPOKEN = ("alt", "aria-label", "placeholder", "title", "data-on", "data-off", "data-says", "data-label")


def faults_of(tag: str, values: dict[str, str]) -> list[str]:
    """What a strict policy or a blind reader would trip over."""
    faults = [f"{name} on {tag}" for name in values if name.startswith(("on", "hx-on", "style"))]
    if tag == "style" or (tag == "script" and "src" not in values):
        faults.append(f"inline {tag}")
    if tag == "img" and "alt" not in values:
        faults.append(f"no alt: {values.get('src')}")
    if tag in {"script", "img", "link"} and not (values.get("src") or values.get("href") or "/").startswith("/"):
        faults.append(f"{tag} from elsewhere")
    return faults


class Page(HTMLParser):
    """Text nodes and attributes of a page, with what is wrong in it."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.texts: set[str] = set()
        self.faults: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.landmarks: set[str] = set()
        self._inside: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in {"script", "style", "time", "code", "kbd"}:
            self._inside.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.ids += [values["id"]] if "id" in values else []
        self.landmarks.add(tag)
        self.faults += faults_of(tag, values)
        if "lang" not in values:
            self.texts |= {values[name].strip() for name in SPOKEN if values.get(name)}
        if tag == "meta" and values.get("name") == "description":
            self.texts.add(values["content"])

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split()).strip("·→– ")
        if text and not self._inside:
            self.texts.add(text)


def paths(city: City) -> dict[str, list[str]]:
    """Pages of each visitor, with as much on them as there can be."""
    work(city.flood, "coordinate", "assign", "start", "note", "report_done")
    work(city.vending, "start", "report_done", "accept")
    city.end("jam", 300)
    every = (city.jam, city.flood, city.vending, city.parking)
    told = [grouped(report_about(each).tracking) for each in (city.jam, city.flood)]
    say(city.flood, "comment", "rahasia petugas", "device:1", at(300))
    wishes = [f"/c/{grouped(city.vending.tracking)}/?said={said}" for said in ("reopen", "nothing", "too-many")]
    public = ["/lapor/", "/peta/", "/offline/", *wishes, *(f"/lapor/{code}/?news=known" for code in told)]
    operator = [
        "/operator/",
        "/operator/map/",
        "/operator/voices/",
        "/operator/complaints/?show=all",
        "/operator/quarantine/",
        "/operator/silences/",
    ]
    operator += [f"/operator/complaints/{each.number}/" for each in every]
    operator += ["/rapor/", "/rapor/satpol-pp/", "/akun/", "/akun/kata-sandi/", "/akun/dua-langkah/"]
    operator += [f"/operator/incidents/{pk}/" for pk in (city.candidate.pk, city.jam.incident_id)]
    return {
        "public": [
            "/",
            "/izin/",
            *public,
            "/login/",
            "/find/?tracking=Q",
            "/gibtsnicht/",
            *(f"/c/{grouped(e.tracking)}/" for e in every),
        ],
        "operator": operator,
        "admin": [
            "/agency/",
            "/agency/?show=ended",
            f"/agency/complaints/{city.flood.number}/",
            "/atur/izin/",
            "/atur/izin/new/",
            f"/atur/izin/{city.permit.pk}/",
        ],
        "dishub": ["/operator/", "/agency/", "/rapor/dishub/"],
    }


def read(client: Client, path: str, language: str) -> Page:
    client.cookies["django_language"] = language
    return Page(client.get(path).content.decode())


@pytest.mark.django_db
def test_no_page_has_an_untranslated_string(city: City, clients: dict[str, Client]) -> None:
    for visitor, addresses in paths(city).items():
        for path in addresses:
            same = read(clients[visitor], path, "id").texts & read(clients[visitor], path, "en").texts
            left = {text for text in same if not DATA.fullmatch(text)}
            assert left == set(), f"{path} says the same in both languages"


@pytest.mark.django_db
def test_every_page_is_sound(city: City, clients: dict[str, Client]) -> None:
    for visitor, addresses in paths(city).items():
        for path in addresses:
            response = clients[visitor].get(path)
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'self'" in policy
            assert "unsafe" not in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            page = Page(response.content.decode())
            assert page.faults == [], path
            assert page.headings.count(1) == 1, f"{path}: {page.headings}"
            assert page.headings[0] == 1
            assert all(b - a <= 1 for a, b in zip(page.headings, page.headings[1:], strict=False)), page.headings
            assert len(page.ids) == len(set(page.ids)), path
            assert {"main", "header", "footer", "nav"} <= page.landmarks


@pytest.mark.django_db
def test_indonesian_whatever_the_browser_prefers(city: City, clients: dict[str, Client]) -> None:
    page = clients["public"].get("/", headers={"Accept-Language": "en-GB,en"})
    assert page.headers["Content-Language"] == "id"
    assert "Accept-Language" not in page.headers.get("Vary", "")
    switched = clients["public"].post("/language/", {"language": "en", "next": "/"}, follow=True)
    assert '<html lang="en">' in switched.content.decode()
    assert "Open complaints" in switched.content.decode()


@pytest.mark.parametrize("cookie", ["xx", "../../etc", "en-GB", ""])
@pytest.mark.django_db
def test_a_strange_language_cookie(cookie: str, city: City, clients: dict[str, Client]) -> None:
    clients["public"].cookies["django_language"] = cookie
    assert clients["public"].get("/").headers["Content-Language"] == ("en" if cookie == "en-GB" else "id")


def test_every_action_and_state_has_its_words() -> None:
    assert set(TRANSITIONS) | {"open", UNDO.action} == set(HAPPENED)
    assert set(TONES) == set(Complaint.State.values)
