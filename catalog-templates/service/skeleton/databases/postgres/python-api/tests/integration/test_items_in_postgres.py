from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
import pytest

from tests.integration.process import start_process
from tests.integration.surroundings import MISSING, scratch_database

pytestmark = pytest.mark.skipif(MISSING is not None, reason=str(MISSING))


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with scratch_database() as url:
        yield url


@pytest.fixture(scope="module")
def client(database: str) -> Iterator[httpx.Client]:
    with start_process(DATABASE_URL=database) as service:
        service.answers("/readyz", 200)
        with httpx.Client(base_url=service.url) as client:
            yield client


def create(client: httpx.Client, name: str) -> dict[str, Any]:
    response = client.post("/v1/items", json={"name": name})
    assert response.status_code == 201
    item: dict[str, Any] = response.json()
    return item


def test_items_are_listed_page_by_page_oldest_first(client: httpx.Client) -> None:
    made = [create(client, name) for name in "abc"]
    first = client.get("/v1/items", params={"limit": 2}).json()
    assert first == {"items": made[:2], "next": made[1]["id"]}
    second = client.get("/v1/items", params={"limit": 2, "after": first["next"]}).json()
    assert second == {"items": made[2:]}


def test_an_item_is_read_and_deleted(client: httpx.Client) -> None:
    item = create(client, "short-lived")
    address = f"/v1/items/{item['id']}"
    assert client.get(address).json() == item
    assert client.delete(address).status_code == 204
    assert client.delete(address).status_code == 404
    assert client.get(address).status_code == 404


def test_an_item_keeps_its_name_whatever_it_is(client: httpx.Client) -> None:
    name = "'); drop table items; -- 🚀"
    item = create(client, name)
    assert client.get(f"/v1/items/{item['id']}").json()["name"] == name


def test_an_item_is_still_there_after_a_restart(client: httpx.Client, database: str) -> None:
    item = create(client, "kept")
    with start_process(DATABASE_URL=database) as other:
        other.answers("/readyz", 200)
        assert other.answers(f"/v1/items/{item['id']}", 200).json() == item
