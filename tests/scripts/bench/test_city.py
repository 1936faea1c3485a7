"""The load script counts right, and its browser reads what servers send."""

import asyncio

import pytest

from scripts.bench.city.browser import Browser
from scripts.bench.city.load import Person, Round, Unexpected, median, people, table
from scripts.bench.city.pages import Page

ANSWERS = {
    "/whole": b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nwhole",
    "/parts": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\npar\r\n2\r\nts\r\n0\r\n\r\n",
    "/number": b"HTTP/1.1 302 Found\r\nlocation: /complaints/parts\r\ncontent-length: 0\r\n\r\n",
    "/complaints/parts": b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
    "/login": b"HTTP/1.1 302 Found\r\nlocation: /login/?next=/\r\ncontent-length: 0\r\n\r\n",
}


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while head := (await reader.readuntil(b"\r\n\r\n") if not reader.at_eof() else b""):
        assert b"Cookie: sessionid=abc" in head
        writer.write(ANSWERS[head.split()[1].decode()])
        await writer.drain()


async def with_server(work: object) -> object:
    ended: list[asyncio.Task[None]] = []

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        ended.append(task)
        try:
            await answer(reader, writer)
        except asyncio.IncompleteReadError:
            pass  # the browser hung up
        finally:
            writer.close()
            await writer.wait_closed()

    async with await asyncio.start_server(served, "127.0.0.1", 0) as server:
        try:
            return await work(server.sockets[0].getsockname()[1])  # type: ignore[operator]
        finally:
            await asyncio.gather(*ended)


def test_whole_and_chunked_answers_over_one_connection() -> None:
    async def read(port: int) -> list[bytes]:
        browser = Browser(port, "abc")
        bodies = [(await browser.get(path)).body for path in ("/whole", "/parts", "/whole")]
        browser.close()
        return bodies

    assert asyncio.run(with_server(read)) == [b"whole", b"parts", b"whole"]


@pytest.mark.parametrize(("path", "fails"), [("/whole", False), ("/number", False), ("/login", True)])
def test_a_page_that_leads_to_the_login_is_no_page(path: str, fails: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.bench.city.load.THINK_S", (0.0, 0.01))
    found = Round(0)
    person = Person("abc", [Page("page", lambda _rng: path)])

    async def load(port: int) -> None:
        await people([port], [person], 0.2, 1, found)

    if fails:
        with pytest.raises(ExceptionGroup) as told:
            asyncio.run(with_server(load))
        assert told.group_contains(Unexpected, match="/login")
    else:
        asyncio.run(with_server(load))
        assert len(found.times["page"]) >= 2


def test_figures() -> None:
    rounds = [Round(0, 0, {"a": [float(top)] * 20, "b": [1.0]}) for top in (30, 10, 20)]
    assert median(rounds).worst == 20
    found = Round(0, 0, {"a": [float(each) for each in range(1, 101)]})
    assert found.worst == 96
    assert table(found, {"a": 7.2}, {"a": 300.0})[2:] == [
        "| a | 100 | 50 | 96 | 7 | 300 |",
        "| all | 100 | 50 | 96 | – | – |",
    ]
