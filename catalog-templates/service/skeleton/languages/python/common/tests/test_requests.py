import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app.runtime.log import configure_logging
from app.runtime.metrics import RequestMetrics, create_registry
from app.runtime.probes import probe_routes
from app.runtime.problem import UnavailableError, answer_errors
from app.runtime.readiness import Readiness
from app.runtime.requests import ObserveRequests


async def echo(request: Request) -> JSONResponse:
    return JSONResponse({"length": len(await request.body())})


async def broken(_request: Request) -> JSONResponse:
    raise RuntimeError("the password is hunter2")


async def unavailable(_request: Request) -> JSONResponse:
    raise UnavailableError("10.1.2.3 does not answer")


@pytest.fixture
def readiness() -> Readiness:
    return Readiness({})


@pytest.fixture
def client(readiness: Readiness) -> TestClient:
    registry = create_registry()
    routes = [Route("/echo", echo, methods=["POST"]), Route("/broken", broken)]
    routes.append(Route("/unavailable", unavailable))
    app = Starlette(routes=[*probe_routes(readiness, registry), *routes])
    answer_errors(app)
    app.add_middleware(ObserveRequests, metrics=RequestMetrics(registry))
    return TestClient(app)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure_logging("info", stream)
    yield stream
    configure_logging("info")


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def requests_logged(log: io.StringIO) -> list[dict[str, Any]]:
    return [line for line in lines(log) if line["msg"] == "request"]


def test_healthz_answers_200_also_while_the_process_stops(
    client: TestClient, readiness: Readiness
) -> None:
    readiness.stop()
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_readyz_answers_503_once_the_process_stops(
    client: TestClient, readiness: Readiness
) -> None:
    assert client.get("/readyz").json() == {"status": "ready"}
    readiness.stop()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "checks": {"shutdown": "in progress"}}


def test_requests_are_counted_and_probes_are_not(client: TestClient) -> None:
    client.get("/nowhere/1")
    client.get("/nowhere/2")
    client.get("/readyz")
    metrics = client.get("/metrics").text
    assert 'http_requests_total{method="GET",route="unmatched",status="404"} 2.0' in metrics
    assert 'http_request_duration_seconds_count{method="GET",route="unmatched"} 2.0' in metrics
    assert "/readyz" not in metrics
    assert "process_cpu_seconds_total" in metrics


def test_the_callers_request_id_is_returned_and_logged(
    client: TestClient, log: io.StringIO
) -> None:
    response = client.post("/echo", headers={"X-Request-Id": "abc-1.2"})
    assert response.headers["x-request-id"] == "abc-1.2"
    assert requests_logged(log)[0]["request_id"] == "abc-1.2"


@pytest.mark.parametrize("given", ["with space", "a" * 129, 'quote"', ""])
def test_an_unsafe_request_id_is_replaced(client: TestClient, given: str) -> None:
    response = client.post("/echo", headers={"X-Request-Id": given})
    assert re.fullmatch("[0-9a-f-]{36}", response.headers["x-request-id"])


def test_the_log_has_one_line_a_request_and_none_for_probes(
    client: TestClient, log: io.StringIO
) -> None:
    client.post("/echo")
    client.get("/healthz")
    [line] = requests_logged(log)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", line["time"])
    assert (line["level"], line["method"], line["status"]) == ("info", "POST", 200)
    assert line["duration_ms"] >= 0


def test_an_error_is_a_problem_document_with_the_requests_id(client: TestClient) -> None:
    response = client.get("/nowhere")
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {
        "title": "Not Found",
        "status": 404,
        "detail": "Not Found",
        "requestId": response.headers["x-request-id"],
    }


def test_an_unexpected_error_is_told_to_the_log_and_not_to_the_caller(
    client: TestClient, log: io.StringIO
) -> None:
    response = client.get("/broken")
    assert response.status_code == 500
    assert "hunter2" not in response.text
    assert "hunter2" in log.getvalue()
    assert requests_logged(log)[0]["status"] == 500


def test_it_is_503_where_something_that_the_service_needs_does_not_answer(
    client: TestClient,
) -> None:
    response = client.get("/unavailable")
    assert response.status_code == 503
    assert "10.1.2.3" not in response.text


def test_a_body_of_more_than_64_kib_is_refused(client: TestClient) -> None:
    assert client.post("/echo", content=b"x" * 65_536).json() == {"length": 65_536}
    assert client.post("/echo", content=b"x" * 65_537).status_code == 413


def test_a_large_body_that_does_not_say_its_size_is_refused(client: TestClient) -> None:
    chunks = (b"x" * 1024 for _ in range(65))
    assert client.post("/echo", content=chunks).status_code == 413
