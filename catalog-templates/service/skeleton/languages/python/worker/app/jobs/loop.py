import asyncio
import time
from collections.abc import Mapping

import structlog

from app.jobs.handlers import Handler
from app.jobs.metrics import JobMetrics, JobResult
from app.jobs.queue import Job, JobQueue
from app.runtime.backoff import backoff

log = structlog.get_logger()


class JobLoop:
    """Works on one job after the other."""

    def __init__(
        self,
        queue: JobQueue,
        handlers: Mapping[str, Handler],
        metrics: JobMetrics,
        poll_interval: float,
        job_timeout: float,
    ) -> None:
        self._queue = queue
        self._handlers = handlers
        self._metrics = metrics
        self._poll_interval = poll_interval
        self._job_timeout = job_timeout
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Take no other job; the one under way is finished."""
        self._stopping.set()

    async def run(self) -> None:
        """Work until told to stop."""
        failures = 0
        while not self._stopping.is_set():
            try:
                job = await self._queue.claim()
                failures = 0
                if job is None:
                    await self._wait(self._poll_interval)
                else:
                    await self._attempt(job)
            except Exception:
                failures += 1
                seconds = backoff(failures, first=0.25, most=10)
                log.exception("the queue cannot be worked on", wait_seconds=round(seconds, 2))
                await self._wait(seconds)

    async def _attempt(self, job: Job) -> None:
        """Try one job. Raise only where the queue could not be told how it went."""
        started = time.perf_counter()
        try:
            await self._handle(job)
        except Exception as error:
            result: JobResult = await self._queue.failed(job, error)
            self._report(job, result, started, error)
        else:
            await self._queue.succeeded(job)
            self._report(job, "succeeded", started)

    async def _handle(self, job: Job) -> None:
        if job.spent:
            raise RuntimeError("its last attempt ended without a result")
        handler = self._handlers.get(job.kind)
        if handler is None:
            raise LookupError(f"there is no handler for jobs of kind {job.kind}")
        deadline = asyncio.timeout(self._job_timeout)
        try:
            async with deadline:
                await handler(job)
        except TimeoutError as error:
            if not deadline.expired():
                raise
            raise TimeoutError(f"it took longer than {self._job_timeout} s") from error

    def _report(
        self, job: Job, result: JobResult, started: float, error: Exception | None = None
    ) -> None:
        seconds = time.perf_counter() - started
        self._metrics.processed(result, seconds)
        write = log.info if error is None else log.error
        write(
            "job",
            job_id=job.id,
            kind=job.kind,
            attempt=job.attempt,
            result=result,
            duration_ms=round(seconds * 1000, 1),
            exc_info=error,
        )

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
