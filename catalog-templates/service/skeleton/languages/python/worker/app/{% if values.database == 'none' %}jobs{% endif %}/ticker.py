import time
from collections.abc import Callable
from typing import Literal
from uuid import uuid4

from app.jobs.queue import Job
from app.runtime.backoff import backoff
from app.runtime.readiness import Check


class Ticker:
    """Makes one job each time the worker looks for one; after a failure, it lets some time pass."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.checks: dict[str, Check] = {}
        self._now = now
        self._handed_out = False
        self._failures = 0
        self._not_before = 0.0

    async def prepare(self) -> None:
        """There is nothing to prepare."""

    async def claim(self) -> Job | None:
        # Nothing after each job makes the worker wait for its poll interval.
        rest, self._handed_out = self._handed_out, False
        if rest or self._now() < self._not_before:
            return None
        self._handed_out = True
        return Job(str(uuid4()), "example", {"message": "tick"}, self._failures + 1)

    async def succeeded(self, _job: Job) -> None:
        self._failures = 0

    async def failed(self, _job: Job, _error: Exception) -> Literal["failed", "dead"]:
        self._failures += 1
        self._not_before = self._now() + backoff(self._failures, first=1, most=60)
        return "failed"

    async def measure(self) -> None:
        """There is nothing to measure."""

    async def close(self) -> None:
        """There is nothing to close."""
