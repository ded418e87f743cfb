"""The HTTP server of a process, and how it ends."""

import math
import signal
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from app.runtime.readiness import Readiness
from app.runtime.settings import RuntimeSettings


class Server(uvicorn.Server):
    """Is not ready from the moment it is told to stop, and then lets requests finish."""

    def __init__(self, config: uvicorn.Config, readiness: Readiness) -> None:
        super().__init__(config)
        self._readiness = readiness

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._readiness.stop()
        super().handle_exit(sig, frame)


def serve(app: ASGIApp, readiness: Readiness, settings: RuntimeSettings) -> None:
    """Serve until SIGTERM or SIGINT. Raises SystemExit where the port cannot be had."""
    # When it has stopped, uvicorn raises the signal again for whoever asked before it. That would
    # end the process by the signal, where being told to stop and stopping is a success.
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda _signal, _frame: None)
    config = uvicorn.Config(
        app,
        host="",
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=math.ceil(settings.shutdown_timeout),
    )
    server = Server(config, readiness)
    server.run()
    if not server.started:
        raise SystemExit(1)
