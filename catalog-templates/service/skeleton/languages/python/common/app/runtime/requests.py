"""What is done around every request: its id, its size, its metrics and its line in the log."""

import re
import time
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.runtime.metrics import RequestMetrics
from app.runtime.problem import UnavailableError, problem

MAX_BODY = 64 * 1024
UNOBSERVED = {"/healthz", "/readyz", "/metrics"}
SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")

log = structlog.get_logger()


class ObserveRequests:
    """Gives each request an id, limits its body, and measures and logs its answer."""

    def __init__(self, app: ASGIApp, metrics: RequestMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        started = time.perf_counter()
        headers = Headers(scope=scope)
        request_id = _request_id(headers.get("x-request-id"))
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                limited = _limit_body(headers, receive)
                await self._app(scope, limited, send_with_id)
            except Exception as error:
                log.exception("request failed")
                if status:
                    raise  # The answer has begun: breaking the connection is all that is left.
                answer = _failure(request_id, error)
                await answer(scope, receive, send_with_id)
            finally:
                self._observe(scope, status or 500, time.perf_counter() - started)

    def _observe(self, scope: Scope, status: int, seconds: float) -> None:
        if scope["path"] in UNOBSERVED:
            return
        method, route = scope["method"], getattr(scope.get("route"), "path", "unmatched")
        self._metrics.answered(method, route, status, seconds)
        log.info(
            "request",
            method=method,
            route=route,
            status=status,
            duration_ms=round(seconds * 1000, 1),
        )


def _failure(request_id: str, error: Exception) -> JSONResponse:
    if isinstance(error, UnavailableError):
        return problem(request_id, 503, "The request cannot be answered now. Try again later.")
    return problem(request_id, 500, "The request could not be answered.")


def _request_id(given: str | None) -> str:
    """Keep the caller's id where it is safe to log and to send on, else make one."""
    return given if given and SAFE_ID.fullmatch(given) else str(uuid4())


def _limit_body(headers: Headers, receive: Receive) -> Receive:
    """Refuse bodies that are too large, whether or not they say so beforehand."""
    announced = headers.get("content-length", "0")
    size = 0

    async def limited() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MAX_BODY or (announced.isdecimal() and int(announced) > MAX_BODY):
            raise HTTPException(413, f"A body may have {MAX_BODY} bytes at most.")
        return message

    return limited
