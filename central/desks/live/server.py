"""uvicorn that says goodbye to the live pages."""

import socket

import uvicorn

from central.desks.live.hub import HUB


class LiveServer(uvicorn.Server):
    """Ends the streams before it waits for open answers: browsers come again by themselves, to the next server."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """First the streams, then the rest."""
        HUB.close()
        await super().shutdown(sockets)
