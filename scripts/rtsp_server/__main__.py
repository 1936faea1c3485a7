"""`python -m scripts.rtsp_server [options] NAME=FILE …`."""

import argparse
import asyncio
import re
import signal
import sys
from pathlib import Path

from scripts.rtsp_server.digest import Credentials
from scripts.rtsp_server.server import RtspServer


def _mount(text: str) -> tuple[str, Path]:
    name, equals, file = text.partition("=")
    if not equals or not re.fullmatch(r"[\w.-]+", name):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=FILE")
    if not Path(file).is_file():
        raise argparse.ArgumentTypeError(f"{file}: no such file")
    return name, Path(file)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.rtsp_server", description=__doc__)
    parser.add_argument("mounts", nargs="+", type=_mount, metavar="NAME=FILE", help="serve FILE as /NAME")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: loopback only)")
    parser.add_argument("--port", type=int, default=8554, help="0 takes a free one (default: 8554)")
    parser.add_argument("--auth", metavar="USER:PASSWORD", help="ask for this login (Digest)")
    parser.add_argument("--basic", action="store_true", help="with --auth: accept Basic login too")
    parser.add_argument("--session-timeout", type=float, default=60.0, metavar="S", help="drop silent clients after S")
    return parser.parse_args()


async def _serve(options: argparse.Namespace) -> None:
    credentials = Credentials.parse(options.auth, basic=options.basic) if options.auth else None
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    server = RtspServer(
        dict(options.mounts),
        host=options.host,
        port=options.port,
        credentials=credentials,
        session_timeout_s=options.session_timeout,
    )
    async with server:
        urls = " ".join(server.url(name, login=False) for name in server.registry.sources)
        print(f"ready {urls}", flush=True)
        await stopping.wait()
    print("stopped", flush=True)


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    try:
        asyncio.run(_serve(_arguments()))
    except (OSError, ValueError) as error:
        sys.exit(f"rtsp_server: {error}")


if __name__ == "__main__":
    main()
