"""The web process: uvicorn on one socket, with Django's pages in a fixed pool of threads."""

from __future__ import annotations

import os
import socket
import sys

import uvicorn

from cimic_portal.logs import uvicorn_logging


def listening_socket() -> socket.socket:
    """The socket that the supervisor opened (WEB_SOCKET), or a new one on HOST and PORT.

    WHY: a socket that outlives the web process lets visitors wait through a restart instead of being refused.
    """
    inherited = os.environ.get("WEB_SOCKET")
    if inherited:
        return socket.socket(fileno=int(inherited))
    address = (os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000")))
    return socket.create_server(address, backlog=512)


class Server(uvicorn.Server):
    """uvicorn, which on its way out waits for every answer under way: open streams are ended first."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then everything else."""
        from cimic_portal.asgi import live

        live.close()
        await super().shutdown(sockets)


def main() -> int:
    """Serve until told to stop."""
    # WHY: loaded before the event loop runs, because loading asks the database.
    from cimic_portal.asgi import application

    config = uvicorn.Config(
        application,
        access_log=False,
        log_config=uvicorn_logging(),
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=8,
        timeout_keep_alive=30,
        lifespan="on",
        ws="none",
    )
    Server(config).run(sockets=[listening_socket()])
    return 0


if __name__ == "__main__":
    sys.exit(main())
