"""Every route × every role × own and foreign objects. A new route fails here until it says who may open it.

What the table does not allow is tried, too: whichever of GET and POST a route has no line for must be refused to
everybody. A route that names an object needs a line in which somebody's is foreign.
"""

import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from central.complaints.models import Complaint
from central.routing.models import Rule
from tests.central.desks.citizens import of_citizens
from tests.central.desks.conftest import City

pytestmark = pytest.mark.django_db

VISITORS = ("public", "roleless", "operator", "dishub", "bpbd", "satpol", "admin", "head", "auditor")
"""`dishub`, `bpbd` and `satpol` are officers; `head` is the head of dishub."""
LOGIN, NO, NONE, YES, GO = 302, 403, 404, 200, 302
REFUSED = 0


def row(*statuses: int, head: int | None = None, auditor: int | None = None) -> dict[str, int]:
    """In the order of VISITORS; a head may what dishub's officer may, an auditor what an account without a role may."""
    given = dict(zip(VISITORS[: len(statuses)], statuses, strict=True))
    more = {"head": given["dishub"] if head is None else head}
    more["auditor"] = given["roleless"] if auditor is None else auditor
    return given | more


EVERYBODY = row(YES, YES, YES, YES, YES, YES, YES)
OPERATORS = row(LOGIN, NO, YES, NO, NO, NO, YES)
READERS = row(LOGIN, NO, YES, NO, NO, NO, YES, auditor=YES)
AUDITORS = row(LOGIN, NO, NO, NO, NO, NO, YES, auditor=YES)
OFFICERS = row(LOGIN, NO, NO, YES, YES, YES, YES)
ADMIN = row(LOGIN, NO, NO, NO, NO, NO, YES)
EVERY_ROLE = row(LOGIN, NO, *[YES] * 5, auditor=YES)
NO_SUCH_CAMERA = row(LOGIN, NO, NONE, NO, NO, NO, NONE)
NOBODYS_CAMERA = row(LOGIN, NO, NO, NO, NO, NO, NONE)
STAFF = row(LOGIN, NO, YES, YES, YES, YES, YES, auditor=YES)
ADMIN_SAYS_WHY = row(LOGIN, NO, YES, NO, NO, NO, GO)
OF_THE_JAM = row(LOGIN, NO, NO, YES, NONE, NONE, YES)
OF_THE_FLOOD = row(LOGIN, NO, NO, YES, YES, NONE, YES)  # dishub and BPBD are informed of floods

# name of route → [(which object, method, who gets what)]
TABLE: dict[str, list[tuple[str, str, dict[str, int]]]] = {
    "healthz": [("", "get", EVERYBODY)],
    "start": [("", "get", EVERYBODY)],
    "find": [("", "get", row(*[NONE] * 7))],
    "public-complaint": [("jam", "get", EVERYBODY), ("unknown", "get", row(*[NONE] * 7))],
    "public-still": [("jam", "get", EVERYBODY), ("foreign still", "get", row(*[NONE] * 7))],
    "login": [("", "get", row(YES, *[GO] * 6)), ("", "post", row(YES, *[GO] * 6))],
    "logout": [("", "post", row(*[GO] * 7))],
    # Nobody has given a password there before; see test_second_factor.
    "login-code": [("", "get", row(*[GO] * 7)), ("", "post", row(*[GO] * 7))],
    "login-enrol": [("", "get", row(*[GO] * 7)), ("", "post", row(*[GO] * 7))],
    "second-factor": [("", "get", EVERY_ROLE), ("", "post", EVERY_ROLE)],
    "second-factor-enrol": [
        ("", "get", row(LOGIN, NO, *[GO] * 5, auditor=GO)),
        ("", "post", row(LOGIN, NO, *[GO] * 5, auditor=GO)),
    ],
    "account": [("", "get", EVERY_ROLE)],
    "change-password": [("", "get", EVERY_ROLE), ("", "post", EVERY_ROLE)],
    "sign-out-everywhere": [("", "post", row(LOGIN, NO, *[GO] * 5, auditor=GO))],
    "language": [("", "post", row(*[GO] * 7)), ("", "get", row(*[GO] * 7))],  # which leads back, and changes nothing
    # Forms of citizens: no login gives a right in them.
    "report-form": [("", "get", EVERYBODY), ("", "post", row(*[400] * 7))],
    "add-photos": [("", "post", EVERYBODY)],
    "draft-photo": [("draft", "get", EVERYBODY), ("jam", "get", row(*[NONE] * 7))],  # a report's photo is the staff's
    "reported": [("jam", "get", EVERYBODY), ("unknown", "get", row(*[NONE] * 7))],
    "reported-live": [("jam", "get", EVERYBODY), ("unknown", "get", row(*[NONE] * 7))],
    "follow": [("jam", "post", row(*[GO] * 7)), ("unknown", "post", row(*[NONE] * 7))],
    "say": [("jam", "post", row(*[NONE] * 7)), ("unknown", "post", row(*[NONE] * 7))],  # no such wish
    "following": [
        ("jam", "get", EVERYBODY),
        ("jam", "post", row(*[GO] * 7)),
        ("unknown", "get", row(*[NONE] * 7)),
        ("unknown", "post", row(*[NONE] * 7)),
    ],
    "gateway": [("", "post", row(*[NO] * 7))],  # a signature lets in, no login: see test_gateway
    "public-map": [("", "get", EVERYBODY)],
    "public-marks": [("", "get", EVERYBODY)],
    "manifest": [("", "get", EVERYBODY)],
    "app-icon": [("", "get", EVERYBODY), ("unknown", "get", row(*[NONE] * 7))],
    "service-worker": [("", "get", EVERYBODY)],
    "offline": [("", "get", EVERYBODY)],
    "voices": [("", "get", OPERATORS)],
    "answer-voice": [("unknown", "post", row(LOGIN, NO, NONE, NO, NO, NO, NONE))],
    "operator-photo": [("jam", "get", ADMIN_SAYS_WHY), ("draft", "get", row(LOGIN, NO, NONE, NO, NO, NO, NONE))],
    "agency-photo": [
        ("jam", "get", row(LOGIN, NO, NO, YES, NONE, NONE, GO)),
        ("flood", "get", row(LOGIN, NO, NO, YES, YES, NONE, GO)),
    ],
    "wall": [("", "get", OPERATORS)],
    "map": [("", "get", OPERATORS)],
    "map-marks": [("", "get", OPERATORS)],
    "operator-complaints": [("", "get", READERS)],
    "operator-export": [("csv", "get", READERS), ("json", "get", row(LOGIN, NO, NONE, NO, NO, NO, NONE, auditor=NONE))],
    "operator-complaint": [("jam", "get", READERS)],
    "operator-act": [("jam", "post", row(LOGIN, NO, NONE, NO, NO, NO, NONE))],  # no such action
    "incident": [("candidate", "get", READERS)],
    "acknowledge-incident": [("candidate", "post", row(LOGIN, NO, GO, NO, NO, NO, GO))],
    "confirm-incident": [("candidate", "post", row(LOGIN, NO, GO, NO, NO, NO, GO))],
    "decide-incident": [("candidate", "post", row(LOGIN, NO, NONE, NO, NO, NO, NONE))],  # no such decision
    "operator-bulk": [("", "post", row(LOGIN, NO, GO, NO, NO, NO, GO))],
    "operator-undo": [("nobody's", "post", row(LOGIN, NO, GO, NO, NO, NO, GO))],
    "agency-bulk": [("", "post", row(LOGIN, NO, NO, GO, GO, GO, GO))],
    "agency-undo": [("nobody's", "post", row(LOGIN, NO, NO, GO, GO, GO, GO))],
    "silences": [("", "get", OPERATORS)],
    "make-silence": [("", "post", row(LOGIN, NO, 400, NO, NO, NO, 400))],
    "end-silence": [("unknown", "post", row(LOGIN, NO, NONE, NO, NO, NO, NONE))],
    "quarantine": [("", "get", OPERATORS)],
    "boxes": [("", "get", OPERATORS)],
    "import-cameras": [("", "get", ADMIN), ("", "post", row(LOGIN, NO, NO, NO, NO, NO, 400))],  # no file
    "camera": [("", "get", OPERATORS), ("unknown", "get", NO_SUCH_CAMERA)],
    "camera-standing": [("", "get", OPERATORS), ("unknown", "get", NO_SUCH_CAMERA)],
    "ask-still": [
        ("", "post", row(LOGIN, NO, 409, NO, NO, NO, 409)),  # its box is offline
        ("unknown", "post", NO_SUCH_CAMERA),
    ],
    "camera-fit": [("", "post", row(LOGIN, NO, NO, NO, NO, NO, 422)), ("unknown", "post", NOBODYS_CAMERA)],
    "camera-save": [("", "post", row(LOGIN, NO, NO, NO, NO, NO, 400)), ("unknown", "post", NOBODYS_CAMERA)],
    "camera-undo": [("", "post", row(LOGIN, NO, NO, NO, NO, NO, GO)), ("unknown", "post", NOBODYS_CAMERA)],
    "still": [("unknown", "get", NO_SUCH_CAMERA)],
    "still-picture": [("unknown", "get", NO_SUCH_CAMERA)],
    "legal-places": [("", "get", EVERYBODY)],
    "legal-outlines": [("", "get", EVERYBODY)],
    "permits": [("", "get", ADMIN)],
    "permit-marks": [("", "get", ADMIN)],
    "new-permit": [("", "get", ADMIN), ("", "post", row(LOGIN, NO, NO, NO, NO, NO, 400))],
    "import-permits": [("", "post", row(LOGIN, NO, NO, NO, NO, NO, 400))],
    "permit": [
        ("", "get", ADMIN),
        ("", "post", row(LOGIN, NO, NO, NO, NO, NO, 400)),
        ("unknown", "get", row(LOGIN, NO, NO, NO, NO, NO, NONE)),
    ],
    "remove-permit": [("unknown", "post", row(LOGIN, NO, NO, NO, NO, NO, NONE))],
    "operator-evidence": [("jam", "get", row(LOGIN, NO, YES, NO, NO, NO, GO, auditor=GO))],  # GO: to say why
    "queue": [("", "get", OFFICERS)],
    "agency-export": [("csv", "get", OFFICERS)],
    "agency-complaint": [("jam", "get", OF_THE_JAM), ("flood", "get", OF_THE_FLOOD)],
    "agency-act": [("jam", "post", row(LOGIN, NO, NO, NONE, NONE, NONE, NONE))],
    "agency-evidence": [
        ("jam", "get", row(LOGIN, NO, NO, YES, NONE, NONE, GO)),
        ("flood", "get", row(LOGIN, NO, NO, YES, YES, NONE, GO)),
    ],
    "give-reason": [
        ("", "get", row(LOGIN, NO, NONE, NONE, NONE, NONE, YES, auditor=NONE)),
        ("", "post", row(LOGIN, NO, NONE, NONE, NONE, NONE, 400, auditor=NONE)),
    ],
    "evidence-viewings": [("", "get", AUDITORS)],
    "evidence-viewings-csv": [("", "get", AUDITORS)],
    "report-card": [("", "get", STAFF)],
    "behind-the-mark": [("jam", "get", row(LOGIN, NO, YES, YES, NONE, NONE, YES, auditor=YES))],
    "service-policies": [("", "get", ADMIN)],
    "service-policy": [
        ("jam", "get", ADMIN),
        ("jam", "post", row(LOGIN, NO, NO, NO, NO, NO, 400)),
        ("unknown", "get", row(LOGIN, NO, NO, NO, NO, NO, NONE)),
    ],
    "calendars": [("", "get", ADMIN)],
    "new-calendar": [("", "get", ADMIN), ("", "post", row(LOGIN, NO, NO, NO, NO, NO, 400))],
    "calendar": [
        ("", "get", ADMIN),
        ("", "post", row(LOGIN, NO, NO, NO, NO, NO, 400)),
        ("unknown", "get", row(LOGIN, NO, NO, NO, NO, NO, NONE)),
    ],
    "users": [("", "get", ADMIN)],
    "new-user": [("", "get", ADMIN), ("", "post", row(LOGIN, NO, NO, NO, NO, NO, 400))],
    "user": [
        ("", "get", ADMIN),
        ("unknown", "get", row(LOGIN, NO, NO, NO, NO, NO, NONE)),
        ("unknown", "post", row(LOGIN, NO, NO, NO, NO, NO, NONE)),
    ],
    "api-tokens": [("", "get", ADMIN)],
    "new-api-token": [("", "get", ADMIN), ("", "post", row(LOGIN, NO, NO, NO, NO, NO, 400))],
    "api-token": [
        ("unknown", "get", row(LOGIN, NO, NO, NO, NO, NO, NONE)),
        ("unknown", "post", row(LOGIN, NO, NO, NO, NO, NO, NONE)),
    ],
    "act-on-user": [("unknown", "post", row(LOGIN, NO, NO, NO, NO, NO, NONE))],
    # A link that nobody made; a good one is followed in test_users.
    "set-password": [("", "get", row(*[NONE] * 7)), ("", "post", row(*[NONE] * 7))],
    "administration": [("", "get", ADMIN)],
    "audit-trail": [("", "get", AUDITORS)],
    "agency-list": [("", "get", ADMIN)],
    "new-agency": [("", "get", ADMIN), ("", "post", row(LOGIN, NO, NO, NO, NO, NO, 400))],
    "import-agencies": [("", "post", row(LOGIN, NO, NO, NO, NO, NO, 400))],
    "edit-agency": [("jam", "get", ADMIN), ("jam", "post", row(LOGIN, NO, NO, NO, NO, NO, 400))],
    "add-contact": [("jam", "post", row(LOGIN, NO, NO, NO, NO, NO, 400))],
    "switch-contact": [("jam", "post", row(LOGIN, NO, NO, NO, NO, NO, NONE))],  # no such contact
    "area-list": [("", "get", ADMIN)],
    "new-area": [("", "get", ADMIN), ("", "post", row(LOGIN, NO, NO, NO, NO, NO, 400))],
    "area-shapes": [("", "get", ADMIN)],
    "import-areas": [("", "post", row(LOGIN, NO, NO, NO, NO, NO, 400))],
    "edit-area": [("", "get", ADMIN), ("", "post", row(LOGIN, NO, NO, NO, NO, NO, 400))],
    "kind-list": [("", "get", ADMIN)],
    "edit-kind": [("", "get", ADMIN), ("", "post", row(LOGIN, NO, NO, NO, NO, NO, 400))],
    "routing-rules": [("", "get", ADMIN)],
    "begin-draft": [("", "post", row(LOGIN, NO, NO, NO, NO, NO, GO))],
    "rule-set": [("", "get", ADMIN)],
    # What is in force cannot be changed: whoever may try is led back and told.
    "new-rule": [("", method, row(LOGIN, NO, NO, NO, NO, NO, GO)) for method in ("get", "post")],
    "edit-rule": [
        *(("", method, row(LOGIN, NO, NO, NO, NO, NO, GO)) for method in ("get", "post")),
        ("unknown", "get", row(LOGIN, NO, NO, NO, NO, NO, NONE)),
    ],
    "change-rule": [
        ("", "post", row(LOGIN, NO, NO, NO, NO, NO, GO)),
        ("unknown", "post", row(LOGIN, NO, NO, NO, NO, NO, NONE)),
    ],
    "activate-rules": [("", "post", row(LOGIN, NO, NO, NO, NO, NO, GO))],
    "discard-rules": [("", "post", row(LOGIN, NO, NO, NO, NO, NO, GO))],
    "go-back-to-rules": [("", "post", row(LOGIN, NO, NO, NO, NO, NO, GO))],
    "dry-run": [("", "get", ADMIN)],
    "dry-run-csv": [("", "get", ADMIN)],
    "api-root": [("", "get", row(*[NONE] * 7))],
    "openapi-json": [("", "get", EVERYBODY)],
    "health": [("", "get", EVERYBODY)],
    "api-docs": [("", "get", EVERYBODY)],
    "api-nothing": [("", "get", row(*[NONE] * 7)), ("", "post", row(*[NONE] * 7))],
    # Nobody's login counts here, only tokens: see tests/central/api/test_permissions.
    "complaints": [("", "get", EVERYBODY)],
    "complaint": [("jam", "get", EVERYBODY), ("unknown", "get", row(*[NONE] * 7))],
    "incidents": [("", "get", row(*[401] * 7))],
    "api-incident": [("candidate", "get", row(*[401] * 7))],
    "agencies": [("", "get", EVERYBODY)],
    "photos": [("", "post", row(*[401] * 7))],
    "reports": [("", "get", row(*[401] * 7)), ("", "post", row(*[401] * 7))],
    "webhooks": [("", "get", row(*[401] * 7)), ("", "post", row(*[401] * 7))],
    "webhook": [("nobody's", "get", row(*[401] * 7))],
    "webhook-secret": [("nobody's", "post", row(*[401] * 7))],
    "webhook-test": [("nobody's", "post", row(*[401] * 7))],
    "report": [("jam", "get", row(*[NONE] * 7))],  # a complaint is no report
    "open311-root": [("", "get", row(*[GO] * 7))],
    "open311-openapi": [("", "get", EVERYBODY)],
    "open311-discovery": [("", "get", EVERYBODY)],
    "open311-services": [("", "get", EVERYBODY)],
    "open311-service": [("", "get", EVERYBODY), ("unknown", "get", row(*[NONE] * 7))],
    # Nobody's login lets anybody report: a key does, see test_reporting.
    "open311-requests": [("", "get", EVERYBODY), ("", "post", row(*[NO] * 7))],
    "open311-request": [("jam", "get", EVERYBODY), ("unknown", "get", row(*[NONE] * 7))],
    "open311-token": [("jam", "get", row(*[NONE] * 7))],  # a complaint is no report
    "open311-nothing": [("", "get", row(*[NONE] * 7)), ("", "post", row(*[NONE] * 7))],
    # Streams that begin are closed at once; see test_streams for what is in them.
    "start-live": [("", "get", EVERYBODY)],
    "public-complaint-live": [("jam", "get", EVERYBODY), ("unknown", "get", row(*[NONE] * 7))],
    "operator-live": [("", "get", row(NO, NO, YES, NONE, NONE, NONE, YES, auditor=YES))],
    "agency-live": [("", "get", row(NO, NO, NO, YES, YES, YES, YES))],
    "agency-complaint-live": [
        ("jam", "get", row(NO, NO, YES, YES, NONE, NONE, YES, auditor=YES)),
        ("flood", "get", row(NO, NO, YES, YES, YES, NONE, YES, auditor=YES)),
    ],
}


def routes(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[tuple[str, str]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", str(pattern.name)
        else:
            yield from routes(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)


def address(route: str, which: str, city: City) -> str:
    complaint = city.flood if which == "flood" else city.jam
    known = {
        "pk": {"unknown": 999_999, "nobody's": UUID(int=0)}.get(which, _pk(route, city)),
        "camera": 999_999 if which == "unknown" else city.candidate.camera_id,
        "still": UUID(int=0),
        "number": complaint.number,
        "code": _code(route, which, complaint),
        "form": which if route.endswith("-export") else "json",
        "rest": "no-such-address",
        "kind": "nothing" if which == "unknown" else complaint.kind,
        "uidb64": "MQ",
        "token": "nobody-made-this",
        "tracking": "ZZZZ-ZZZZ-ZZZZ" if which == "unknown" else grouped(complaint.tracking),
        "area": "kec-gambir",
        "version": 1,
        "contact": 999_999,
        "size": 999 if which == "unknown" else 192,
        "sha256": city.flood_still if which in {"flood", "foreign still"} else city.still,
    }
    known |= of_citizens(route, which, complaint)
    return reverse(route, kwargs={name: known[name] for name in named_by(route)})


def named_by(route: str) -> list[str]:
    """What its address is made of."""
    namespace, _colon, name = route.rpartition(":")
    resolver = get_resolver().namespace_dict[namespace][1] if namespace else get_resolver()
    wanted = next(iter(resolver.reverse_dict.getlist(name)), None)
    return list(wanted[0][0][1]) if wanted else []


def _pk(route: str, city: City) -> int:
    if route in {"edit-rule", "change-rule"}:
        return Rule.objects.values_list("pk", flat=True)[0]
    if route in {"user", "act-on-user"}:
        return User.objects.get(username="dewi").pk
    return city.permit.pk if route == "permit" else city.candidate.pk


def _code(route: str, which: str, complaint: Complaint) -> str:
    if route == "calendar":
        return "no-such-calendar" if which == "unknown" else "kerja"
    if route == "open311-service":
        return "no-such-service" if which == "unknown" else complaint.kind
    if route.startswith(("open311-", "api-1:")):
        return "ZZZZ-ZZZZ-ZZZZ" if which == "unknown" else grouped(complaint.tracking)
    return complaint.agency_id


def grouped(tracking: str) -> str:
    return "-".join((tracking[:4], tracking[4:8], tracking[8:]))


def test_the_table_knows_every_route() -> None:
    assert {name for _full, name in routes()} == set(TABLE)


@pytest.fixture
def quiet() -> Iterator[None]:
    """A thousand refusals are not worth a line of the log each."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def test_who_may_open_what(city: City, clients: dict[str, Client], quiet: None) -> None:
    cookies = {visitor: dict(client.cookies) for visitor, client in clients.items()}
    wrong: dict[str, dict[str, int]] = {}
    for full in sorted({full for full, _ in routes()}):
        for path, method, expected in lines_of(full, city):
            got = {visitor: answer(method, path, cookies[visitor], expected.get(visitor)) for visitor in VISITORS}
            if any(got[visitor] != expected.get(visitor, REFUSED) for visitor in VISITORS):
                wrong[f"{full}: {method} {path}"] = got
    assert wrong == {}, "".join(f"\n{what}\n    {got}" for what, got in wrong.items())


def lines_of(full: str, city: City) -> Iterator[tuple[str, str, dict[str, int]]]:
    """Path, method and what is expected; nothing is, where the table has no line."""
    lines = TABLE[full.rpartition(":")[2]]
    yield from ((address(full, which, city), method, expected) for which, method, expected in lines)
    for method in sorted({"get", "post"} - {method for _which, method, _expected in lines}):
        yield address(full, lines[0][0], city), method, {}


def answer(method: str, path: str, cookies: dict[str, Any], expected: int | None) -> int:
    """The status, or REFUSED where that is all that is asked; whatever it did is undone."""
    client = Client()
    client.cookies.update(cookies)
    with transaction.atomic():
        response = getattr(client, method)(path)
        transaction.set_rollback(True)
    return REFUSED if expected is None and is_refused(response) else int(response.status_code)


def is_refused(response: HttpResponse) -> bool:
    to_login = response.status_code == LOGIN and response.headers["Location"].startswith("/login/")
    return to_login or response.status_code in {NO, NONE, 405}


@pytest.mark.parametrize("full", sorted(full for full, _ in routes()))
def test_a_route_that_names_an_object_is_tried_with_a_foreign_one(full: str) -> None:
    names = set(named_by(full)) - {"form", "rest"}
    if names:
        lines = [expected for _which, _method, expected in TABLE[full.rpartition(":")[2]]]
        assert any({NO, NONE, 401} & set(expected.values()) for expected in lines), f"{full} names {names}"


def test_the_login_leads_back(city: City, clients: dict[str, Client]) -> None:
    path = reverse("operator-complaint", args=[city.jam.number])
    response = clients["public"].get(path)
    assert response.headers["Location"] == f"/login/?next={path}"
    form = {"username": "oki", "password": "oki has a password", "next": path}
    assert clients["public"].post("/login/", form).headers["Location"] == path


@pytest.mark.parametrize(("name", "home"), [("oki", "/operator/"), ("dewi", "/agency/"), ("adi", "/operator/")])
def test_everybody_begins_at_the_own_desk(name: str, home: str, clients: dict[str, Client]) -> None:
    response = Client().post("/login/", {"username": name, "password": f"{name} has a password"})
    assert response.headers["Location"] == home


def test_nobody_is_led_to_another_site(clients: dict[str, Client]) -> None:
    form = {"username": "oki", "password": "oki has a password", "next": "https://evil.example/"}
    assert Client().post("/login/", form).headers["Location"] == "/operator/"


def test_an_account_without_a_role_is_told(clients: dict[str, Client]) -> None:
    response = Client().post("/login/", {"username": "tamu", "password": "tamu has a password"})
    assert response.status_code == 200
    assert "belum punya peran" in response.content.decode()


def test_a_part_of_a_page_after_the_session_has_ended(clients: dict[str, Client]) -> None:
    response = clients["public"].get(
        "/operator/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/operator/"}
    )
    assert response.headers["HX-Redirect"] == "/login/?next=/operator/"


def test_logging_out_ends_the_session(clients: dict[str, Client]) -> None:
    assert clients["operator"].post("/logout/").status_code == 302
    assert clients["operator"].get("/operator/").status_code == 302


@pytest.mark.parametrize("path", ["/operator/complaints/SGP-2026-000001/act/", "/logout/", "/login/"])
def test_forms_need_their_token(path: str, clients: dict[str, Client]) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = clients["operator"].cookies
    assert strict.post(path, {"action": "note", "note": "x"}).status_code == 403
