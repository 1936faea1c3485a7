"""Files through the real ASGI application: sent while they are read, and of whom they are."""

import asyncio
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.test import Client

from central.asgi import application
from central.desks.exports import formats
from tests.central.desks.conftest import City

pytestmark = pytest.mark.django_db(transaction=True)


async def sent(path: str, client: Client) -> tuple[dict[str, str], list[bytes]]:
    """Headers, and the pieces as they come."""
    path, _mark, query = path.partition("?")
    cookies = f"sessionid={client.cookies['sessionid'].value}; django_language=id"
    scope: dict[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", b"testserver"), (b"cookie", cookies.encode())],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
    }
    communicator = ApplicationCommunicator(application, scope)
    await communicator.send_input({"type": "http.request", "body": b"", "more_body": False})
    start = await communicator.receive_output(10)
    assert start["status"] == 200
    pieces = []
    while True:
        message = await communicator.receive_output(10)
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            await communicator.wait(10)
            return {name.decode().lower(): value.decode() for name, value in start["headers"]}, pieces


def test_sent_piece_by_piece(city: City, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "A_PIECE", 1)
    headers, pieces = asyncio.run(sent("/operator/export/csv/", clients["operator"]))
    assert len([piece for piece in pieces if piece]) == 5, "the head, and a piece for each row"
    assert "content-length" not in headers
    assert headers["content-type"] == "text/csv; charset=utf-8"
    assert headers["content-disposition"].startswith('attachment; filename="sigap-all-')
    assert "Jl. Parking, arah utara" in b"".join(pieces).decode(), "in the language of the page"


def test_an_agencys_file_holds_only_its_own(city: City, clients: dict[str, Client]) -> None:
    _headers, pieces = asyncio.run(sent("/agency/export/csv/?q=utara", clients["dishub"]))
    text = b"".join(pieces).decode()
    assert city.jam.number in text
    assert city.flood.number not in text, "of floods dishub is only informed"
    _headers, pieces = asyncio.run(sent("/agency/export/geojson/?kind=jam", clients["satpol"]))
    assert b"Point" not in b"".join(pieces)
