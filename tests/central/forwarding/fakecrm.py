"""A CRM over real HTTP whose moods can be set: deferred ids, lost answers, refused lists."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape


class FakeCrm:
    """Speaks GeoReport's XML. `requests`: id → the posted fields, with status and status_notes."""

    def __init__(self) -> None:
        self.requests: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.tokens: dict[str, str] = {}
        self.defers = False
        self.loses_answers = False
        self.refuses_lists = False
        self.refusal: tuple[int, str] | None = None
        self.raw: bytes | None = None

    def say(self, request_id: str, status: str, notes: str = "") -> None:
        self.requests[request_id] |= {"status": status, "status_notes": notes}

    def post(self, fields: dict[str, str]) -> bytes | None:
        request_id = str(len(self.requests) + 1)
        self.requests[request_id] = fields | {"service_request_id": request_id, "status": "open", "status_notes": ""}
        if self.loses_answers:
            return None
        if not self.defers:
            return self.document([{"service_request_id": request_id}])
        self.tokens[f"t{request_id}"] = ""
        return self.document([{"token": f"t{request_id}"}])

    def get(self, path: str, query: dict[str, str]) -> tuple[int, bytes]:
        if path.startswith("/tokens/"):
            token = path.removeprefix("/tokens/").removesuffix(".xml")
            return 200, self.document([{"token": token, "service_request_id": self.tokens[token]}])
        if path.startswith("/requests/"):
            found = [self.requests.get(path.removeprefix("/requests/").removesuffix(".xml"))]
        elif "service_request_id" in query:
            if self.refuses_lists:
                return 400, b"<errors><error><code>400</code><description>one at a time</description></error></errors>"
            found = [self.requests.get(each) for each in query["service_request_id"].split(",")]
        else:
            found = [each for each in self.requests.values() if each["service_code"] == query["service_code"]]
        rows = [each for each in found if each is not None]
        return (200, self.document(rows)) if rows else (404, b"<errors/>")

    def document(self, rows: list[dict[str, str]]) -> bytes:
        requests = "".join(
            f"<request>{''.join(f'<{name}>{escape(value)}</{name}>' for name, value in row.items())}</request>"
            for row in rows
        )
        return f'<?xml version="1.0" encoding="utf-8"?><service_requests>{requests}</service_requests>'.encode()


@contextmanager
def serving(crm: FakeCrm) -> Iterator[str]:
    """Gives the endpoint."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            crm.asked.append(self.path)
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            self.answer(*crm.get(parts.path.removeprefix("/v2"), query))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if crm.refusal is not None:
                status, text = crm.refusal
                told = f"<errors><error><code>{status}</code><description>{text}</description></error></errors>"
                self.answer(status, told.encode())
                return
            content = crm.post({name: values[0] for name, values in parse_qs(body).items()})
            if content is None:
                self.close_connection = True  # without a word
                return
            self.answer(200, content)

        def answer(self, status: int, content: bytes) -> None:
            content = content if crm.raw is None else crm.raw
            self.send_response(status)
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v2"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
