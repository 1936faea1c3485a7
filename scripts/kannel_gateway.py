"""A gateway for SMS on top of Kannel (kannel.org): the reference for docs/gateways.md, written from that page alone.

Kannel's `sms-service` fetches `http://127.0.0.1:13100/in?id=%I&from=%p&text=%a` for each message of a citizen, with
`max-messages = 0`; what goes to citizens is handed to Kannel's `sendsms`. It knows nothing of Sigap but the address and
the key that `sigap-central manage gateway sms http://127.0.0.1:13100/out` printed.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import OrderedDict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

TIMEOUT_S = 20.0
CLOCKS_DIFFER_S = 300
REMEMBERED = 10_000
MAX_BODY = 64 * 1024


@dataclass
class Adapter:
    """Both directions. `kannel` is the address of sendsms with its login, `key` the secret both sides sign with."""

    centre: str
    kannel: str
    key: bytes = field(repr=False)
    _sent: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hand_in(self, message_id: str, sender: str, text: str) -> None:
        """To the centre.

        Raises:
            OSError: it is away, or refuses.
        """
        body = json.dumps({"sender": sender, "text": text}).encode()
        headers = self._signed(f"kannel-{message_id}", int(time.time()), body)
        request = urllib.request.Request(  # noqa: S310 — the address is the administrator's
            self.centre, body, headers | {"Content-Type": "application/json"}, method="POST"
        )
        urllib.request.urlopen(request, timeout=TIMEOUT_S).close()  # noqa: S310

    def hand_out(self, headers: Any, body: bytes) -> int:
        """To Kannel; returns the status for the centre, which comes again after a 5xx."""
        message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "0")
        if not stamp.isdigit() or abs(time.time() - int(stamp)) > CLOCKS_DIFFER_S:
            return 401
        expected = self._signed(message_id, int(stamp), body)["webhook-signature"]
        if not any(hmac.compare_digest(expected, one) for one in headers.get("webhook-signature", "").split()):
            return 401
        with self._lock:
            if message_id in self._sent:
                return 200  # our answer was lost, not the message
            said = json.loads(body)
            query = {"to": said["to"], "text": said["text"], "charset": "UTF-8", "coding": "2"}
            separator = "&" if "?" in self.kannel else "?"
            try:
                address = f"{self.kannel}{separator}{urllib.parse.urlencode(query)}"
                urllib.request.urlopen(address, timeout=TIMEOUT_S).close()  # noqa: S310
            except OSError:
                return 503
            self._sent[message_id] = None
            while len(self._sent) > REMEMBERED:
                self._sent.popitem(last=False)
        return 200

    def _signed(self, message_id: str, stamp: int, body: bytes) -> dict[str, str]:
        said = f"{message_id}.{stamp}.".encode() + body
        signature = base64.b64encode(hmac.digest(self.key, said, hashlib.sha256)).decode()
        return {"webhook-id": message_id, "webhook-timestamp": str(stamp), "webhook-signature": f"v1,{signature}"}


def server_of(adapter: Adapter, port: int) -> ThreadingHTTPServer:
    """On this machine only: Kannel and the centre's relay, or a TLS proxy, are beside it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urllib.parse.urlsplit(self.path)
            given = dict(urllib.parse.parse_qsl(parts.query))
            if parts.path != "/in" or not {"id", "from", "text"} <= given.keys():
                self._answer(404)
                return
            try:
                adapter.hand_in(given["id"], given["from"], given["text"])
            except urllib.error.HTTPError as refusal:
                refusal.close()
                self._answer(502)
            except OSError:
                self._answer(503)
            else:
                self._answer(200)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            if self.path != "/out" or length > MAX_BODY:
                self._answer(404)
                return
            self._answer(adapter.hand_out(self.headers, self.rfile.read(length)))

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Telephone numbers are in the addresses: nothing is logged."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def key_of(text: str) -> bytes:
    """From `whsec_BASE64`."""
    return base64.b64decode(text.strip().removeprefix("whsec_"), validate=True)


def main() -> None:
    """The key comes from the file that GATEWAY_KEY_FILE names, Kannel's login from the one of GATEWAY_KANNEL_FILE."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--centre", required=True, help="what `manage gateway` printed: https://…/gateway/sms/")
    parser.add_argument("--port", type=int, default=13100)
    options = parser.parse_args()
    key = key_of(Path(os.environ["GATEWAY_KEY_FILE"]).read_text(encoding="utf-8"))
    kannel = Path(os.environ["GATEWAY_KANNEL_FILE"]).read_text(encoding="utf-8").strip()
    server_of(Adapter(options.centre, kannel, key), options.port).serve_forever()


if __name__ == "__main__":
    main()
