from typing import Any

import pytest
from starlette.testclient import TestClient

from app.api import create_api
from app.items.memory_store import MemoryItemStore
from app.runtime.metrics import create_registry
from app.runtime.readiness import Readiness

UNKNOWN = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_api(MemoryItemStore(), Readiness({}), create_registry()))


def create(client: TestClient, name: str) -> dict[str, Any]:
    response = client.post("/v1/items", json={"name": name})
    assert response.status_code == 201
    item: dict[str, Any] = response.json()
    assert response.headers["location"] == f"/v1/items/{item['id']}"
    return item


def test_an_item_can_be_created_read_and_deleted(client: TestClient) -> None:
    item = create(client, "first")
    assert item.keys() == {"id", "name", "createdAt"}
    address = f"/v1/items/{item['id']}"
    assert client.get(address).json() == item
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404


def test_items_are_listed_page_by_page_oldest_first(client: TestClient) -> None:
    made = [create(client, name) for name in "abc"]
    first = client.get("/v1/items", params={"limit": 2}).json()
    assert first == {"items": made[:2], "next": made[1]["id"]}
    second = client.get("/v1/items", params={"limit": 2, "after": first["next"]}).json()
    assert second == {"items": made[2:]}


def test_items_are_listed_50_at_a_time_where_no_other_number_is_asked_for(
    client: TestClient,
) -> None:
    for number in range(51):
        create(client, f"item {number}")
    assert len(client.get("/v1/items").json()["items"]) == 50


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_unknown_item_is_not_found(client: TestClient, method: str) -> None:
    response = client.request(method, f"/v1/items/{UNKNOWN}")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"] == "There is no item with this id."


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "x" * 201},
        {"name": 5},
        {"name": "a\0b"},
        {"name": "a", "colour": "red"},
        "text",
    ],
)
def test_an_item_that_is_not_valid_is_refused(client: TestClient, body: object) -> None:
    response = client.post("/v1/items", json=body)
    assert response.status_code == 400
    assert response.json()["title"] == "Bad Request"


def test_a_body_that_is_not_json_is_refused(client: TestClient) -> None:
    headers = {"content-type": "application/json"}
    assert client.post("/v1/items", content="{", headers=headers).status_code == 400


def test_a_body_of_more_than_64_kib_is_refused(client: TestClient) -> None:
    assert client.post("/v1/items", json={"name": "x" * 65_536}).status_code == 413


@pytest.mark.parametrize("address", ["?limit=0", "?limit=101", "?after=x", "/x"])
def test_a_request_that_makes_no_sense_is_refused(client: TestClient, address: str) -> None:
    assert client.get(f"/v1/items{address}").status_code == 400


def test_requests_are_counted_by_the_pattern_of_their_route(client: TestClient) -> None:
    client.get(f"/v1/items/{UNKNOWN}")
    metrics = client.get("/metrics").text
    expected = 'http_requests_total{method="GET",route="/v1/items/{id}",status="404"} 1.0'
    assert expected in metrics
