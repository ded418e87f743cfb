"""Errors as problem documents, as RFC 9457 defines them."""

from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse


class UnavailableError(Exception):
    """Something that the service needs does not answer now: callers may try again later."""


def problem(request_id: str, status: int, detail: str) -> JSONResponse:
    return JSONResponse(
        {
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            "requestId": request_id,
        },
        status,
        media_type="application/problem+json",
    )


def answer_errors(app: Starlette) -> None:
    """Answer the errors that have a status, such as an unknown address, with a problem document."""

    async def answer(request: Request, error: Exception) -> JSONResponse:
        if not isinstance(error, HTTPException):
            raise error
        response = problem(request.state.request_id, error.status_code, error.detail)
        response.headers.update(error.headers or {})
        return response

    app.add_exception_handler(HTTPException, answer)
