"""`sigap-edge`, killed with -9 instead of its N-th publication of an event: dying_box.py N run --config box.yaml"""

import os
import signal
import sys
import time

from edge.cli import app
from edge.uplink.paho import PahoTransport
from edge.uplink.transport import Message

publish = PahoTransport.publish
events_left = int(sys.argv.pop(1))


def publish_or_die(transport: PahoTransport, message: Message) -> int | None:
    """The network's own thread gets the time to send what came before."""
    global events_left  # noqa: PLW0603 — the process has one thread that publishes
    if "/event/" in message.topic:
        events_left -= 1
        if events_left == 0:
            time.sleep(1.0)
            os.kill(os.getpid(), signal.SIGKILL)
    return publish(transport, message)


PahoTransport.publish = publish_or_die  # type: ignore[method-assign]
app()
