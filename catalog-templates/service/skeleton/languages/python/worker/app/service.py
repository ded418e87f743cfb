import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from starlette.applications import Starlette

from app.config import Settings
from app.jobs.handlers import HANDLERS
from app.jobs.loop import JobLoop
from app.jobs.metrics import JobMetrics
from app.jobs.open_queue import open_queue
from app.runtime.metrics import RequestMetrics, create_registry
from app.runtime.probes import probe_routes
from app.runtime.problem import answer_errors
from app.runtime.readiness import Readiness
from app.runtime.requests import ObserveRequests

log = structlog.get_logger()


def create_service(settings: Settings) -> tuple[Starlette, Readiness]:
    """Make the job loop, and beside it a small HTTP server for probes and metrics."""
    registry = create_registry()
    queue = open_queue(settings, registry)
    readiness = Readiness(queue.checks)
    loop = JobLoop(
        queue, HANDLERS, JobMetrics(registry), settings.poll_interval, settings.job_timeout
    )
    readiness.on_stop(loop.stop)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        preparing = asyncio.create_task(queue.prepare())

        async def work() -> None:
            await preparing
            await loop.run()

        working = asyncio.create_task(work())
        try:
            yield
        finally:
            loop.stop()
            preparing.cancel()
            try:
                async with asyncio.timeout(settings.shutdown_timeout):
                    with suppress(asyncio.CancelledError):
                        await working
            except TimeoutError:
                log.error("the job under way was not finished in time")
            await queue.close()

    app = Starlette(routes=probe_routes(readiness, registry, queue.measure), lifespan=lifespan)
    answer_errors(app)
    app.add_middleware(ObserveRequests, metrics=RequestMetrics(registry))
    return app, readiness
