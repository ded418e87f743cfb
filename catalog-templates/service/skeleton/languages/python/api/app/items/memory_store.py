from uuid import UUID

from app.items.item import Item


class MemoryItemStore:
    """Keeps items in this process: they are gone when it ends."""

    def __init__(self) -> None:
        self._items: dict[UUID, Item] = {}

    async def add(self, item: Item) -> None:
        self._items[item.id] = item

    async def list(self, limit: int, after: UUID | None) -> list[Item]:
        ids = sorted(item_id for item_id in self._items if after is None or item_id > after)
        return [self._items[item_id] for item_id in ids[:limit]]

    async def get(self, item_id: UUID) -> Item | None:
        return self._items.get(item_id)

    async def delete(self, item_id: UUID) -> bool:
        return self._items.pop(item_id, None) is not None
