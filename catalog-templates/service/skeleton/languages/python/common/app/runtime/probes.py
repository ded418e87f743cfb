"""What the platform asks a process.

`/healthz` says that it runs: failing it gets the process restarted, so it asks nothing else.
`/readyz` says that it can do its work: failing it only keeps requests away.
"""

from collections.abc import Awaitable, Callable

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.runtime.readiness import Readiness


async def nothing_to_measure() -> None:
    """For services whose metrics are all up to date by themselves."""


def probe_routes(
    readiness: Readiness,
    registry: CollectorRegistry,
    measure: Callable[[], Awaitable[None]] = nothing_to_measure,
) -> list[Route]:
    """Make the routes; `measure` brings metrics up to date that have to be asked for."""

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_request: Request) -> Response:
        problems = await readiness.problems()
        if problems:
            return JSONResponse({"status": "unavailable", "checks": problems}, 503)
        return JSONResponse({"status": "ready"})

    async def metrics(_request: Request) -> Response:
        await measure()
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]
