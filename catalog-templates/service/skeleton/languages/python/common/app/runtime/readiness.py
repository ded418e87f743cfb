"""Whether this process can take work now."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

log = structlog.get_logger()

Check = Callable[[], Awaitable[None]]
"""Asks one thing that the service needs, and raises if it is not there."""


class NotReadyError(Exception):
    """Why something is not ready, in words that callers may read.

    Other errors may hold addresses: those are only logged.
    """


class Readiness:
    def __init__(self, checks: Mapping[str, Check], timeout: float = 1.0) -> None:
        self._checks = checks
        self._timeout = timeout
        self._stopping = False
        self._late: set[asyncio.Future[None]] = set()
        self._on_stop: list[Callable[[], None]] = []

    def on_stop(self, call: Callable[[], None]) -> None:
        """Call this too, as soon as the process is told to stop."""
        self._on_stop.append(call)

    def stop(self) -> None:
        """From now on this process is not ready."""
        self._stopping = True
        for call in self._on_stop:
            call()

    async def problems(self) -> dict[str, str]:
        """Name what is not ready, and why; nothing where all is."""
        if self._stopping:
            return {"shutdown": "in progress"}
        results = await asyncio.gather(*(self._problem(*item) for item in self._checks.items()))
        found = zip(self._checks, results, strict=True)
        return {name: problem for name, problem in found if problem is not None}

    async def _problem(self, name: str, check: Check) -> str | None:
        running = asyncio.ensure_future(check())
        # Not asyncio.timeout: that would wait for the check to notice that it was cancelled, which
        # a client of a database that hangs does only after it has tried to cancel its query too.
        await asyncio.wait({running}, timeout=self._timeout)
        if not running.done():
            self._late.add(running)
            running.add_done_callback(self._forget)
            running.cancel()
            log.warning("readiness check took too long", check=name)
            return "does not answer in time"
        error = running.exception()
        if error is None:
            return None
        if isinstance(error, NotReadyError):
            log.warning("not ready", check=name, reason=str(error))
            return str(error)
        log.warning("readiness check failed", check=name, exc_info=error)
        return "cannot be reached"

    def _forget(self, late: asyncio.Future[None]) -> None:
        self._late.discard(late)
        if not late.cancelled() and (error := late.exception()):
            log.warning("late readiness check failed", exc_info=error)
