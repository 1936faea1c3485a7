"""As much of an IMAP4rev1 server (RFC 3501) as a mailbox of letters needs, on a real socket."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Letters:
    """By UID, and which were seen."""

    login: tuple[str, str]
    raw: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    fetched: list[str] = field(default_factory=list)


@contextmanager
def serving(letters: Letters) -> Iterator[int]:
    """Gives the port."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            while line := self.rfile.readline().decode().strip():
                tag, _space, command = line.partition(" ")
                self.wfile.write(_answer(letters, command))
                said = "OK done" if _allowed(letters, command) else "NO refused"
                self.wfile.write(f"{tag} {said}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def _allowed(letters: Letters, command: str) -> bool:
    if not command.upper().startswith("LOGIN"):
        return True
    user, password = re.findall(r'"([^"]*)"|(\S+)', command.partition(" ")[2])
    return (user[0] or user[1], password[0] or password[1]) == letters.login


def _answer(letters: Letters, command: str) -> bytes:  # noqa: PLR0911 — a table of answers
    match command.split():
        case ["CAPABILITY"]:
            return b"* CAPABILITY IMAP4rev1\r\n"
        case ["SELECT", '"INBOX"']:
            return f"* {len(letters.raw)} EXISTS\r\n* FLAGS (\\Seen)\r\n".encode()
        case ["UID", "SEARCH", *_]:
            unseen = " ".join(str(uid) for uid in letters.raw if uid not in letters.seen)
            return f"* SEARCH {unseen}".rstrip().encode() + b"\r\n"
        case ["UID", "FETCH", uid, "(RFC822.SIZE)"]:
            return f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(letters.raw[int(uid)])})\r\n".encode()
        case ["UID", "FETCH", uid, "(BODY.PEEK[])"]:
            raw = letters.raw[int(uid)]
            letters.fetched.append(uid)
            return f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
        case ["UID", "STORE", uid, *_]:
            letters.seen.add(int(uid))
            return b""
        case ["LOGOUT"]:
            return b"* BYE\r\n"
    return b""
