"""The jobs of the table `jobs` in PostgreSQL."""

from typing import Literal

import structlog
from prometheus_client import CollectorRegistry, Gauge

from app.config import Settings
from app.database.database import Database
from app.jobs.postgres_queue import PostgresQueue
from app.jobs.queue import Job, JobQueue
from app.runtime.readiness import Check

log = structlog.get_logger()
UNKNOWN = float("nan")


class DatabaseQueue:
    def __init__(self, settings: Settings, registry: CollectorRegistry) -> None:
        self._database = Database(settings, registry)
        self._queue = PostgresQueue(self._database, settings.job_timeout, settings.job_max_attempts)
        self.checks: dict[str, Check] = {"database": self._database.check}
        self._pending = Gauge(
            "jobs_pending",
            "Jobs that are due and neither finished nor given up.",
            registry=registry,
        )
        self._oldest = Gauge(
            "jobs_oldest_seconds",
            "For how long the oldest job that is due has been due.",
            registry=registry,
        )

    async def prepare(self) -> None:
        await self._database.prepare()

    async def claim(self) -> Job | None:
        return await self._queue.claim()

    async def succeeded(self, job: Job) -> None:
        await self._queue.succeeded(job)

    async def failed(self, job: Job, error: Exception) -> Literal["failed", "dead"]:
        return await self._queue.failed(job, error)

    async def measure(self) -> None:
        """Ask how much work waits. Where the database does not answer it is unknown, and not 0."""
        try:
            backlog = await self._queue.backlog()
        except Exception:
            log.warning("the backlog of jobs is not known", exc_info=True)
            self._pending.set(UNKNOWN)
            self._oldest.set(UNKNOWN)
        else:
            self._pending.set(backlog.pending)
            self._oldest.set(backlog.oldest_seconds)

    async def close(self) -> None:
        await self._database.close()


def open_queue(settings: Settings, registry: CollectorRegistry) -> JobQueue:
    return DatabaseQueue(settings, registry)
