"""The HTTP side of the service."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from prometheus_client import CollectorRegistry
from starlette.responses import JSONResponse

from app.items.routes import item_routes
from app.items.store import ItemStore
from app.runtime.metrics import RequestMetrics
from app.runtime.probes import probe_routes
from app.runtime.problem import answer_errors, problem
from app.runtime.readiness import Readiness
from app.runtime.requests import ObserveRequests

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_api(
    items: ItemStore,
    readiness: Readiness,
    registry: CollectorRegistry,
    lifespan: Lifespan | None = None,
) -> FastAPI:
    # The document of this API is api/openapi.yaml, so that callers see a change to it in review.
    app = FastAPI(lifespan=lifespan, openapi_url=None)
    app.router.routes.extend(probe_routes(readiness, registry))
    app.include_router(item_routes(items))
    answer_errors(app)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_middleware(ObserveRequests, metrics=RequestMetrics(registry))
    return app


async def _invalid_request(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    # Where and why, without the value, which the caller knows and the log must not.
    reasons = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return problem(request.state.request_id, 400, "; ".join(reasons))
