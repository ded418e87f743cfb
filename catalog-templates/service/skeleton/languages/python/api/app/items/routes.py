"""The routes of api/openapi.yaml."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, HTTPException, Path, Query, Response
from uuid_utils.compat import uuid7

from app.items.item import Item, ItemPage, NewItem
from app.items.store import ItemStore

ItemId = Annotated[UUID, Path(alias="id")]


def item_routes(store: ItemStore) -> APIRouter:
    router = APIRouter(prefix="/v1/items")

    @router.get("", response_model_exclude_none=True)
    async def list_items(
        limit: Annotated[int, Query(ge=1, le=100)] = 50, after: UUID | None = None
    ) -> ItemPage:
        # One more than asked for tells whether there is a next page.
        found = await store.list(limit + 1, after)
        items = found[:limit]
        return ItemPage(items=items, next=items[-1].id if len(found) > limit else None)

    @router.post("", status_code=201)
    async def create_item(new: NewItem, response: Response) -> Item:
        item = Item(id=uuid7(), name=new.name, created_at=datetime.now(UTC))
        await store.add(item)
        response.headers["location"] = f"/v1/items/{item.id}"
        return item

    @router.get("/{id}")
    async def get_item(item_id: ItemId) -> Item:
        item = await store.get(item_id)
        if item is None:
            raise _no_such_item()
        return item

    @router.delete("/{id}", status_code=204)
    async def delete_item(item_id: ItemId) -> None:
        if not await store.delete(item_id):
            raise _no_such_item()

    return router


def _no_such_item() -> HTTPException:
    return HTTPException(404, "There is no item with this id.")
