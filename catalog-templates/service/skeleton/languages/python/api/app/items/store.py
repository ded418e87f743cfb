from typing import Protocol
from uuid import UUID

from app.items.item import Item


class ItemStore(Protocol):
    """Keeps items, in the order of their ids, which is the order in which they were made."""

    async def add(self, item: Item) -> None: ...

    async def list(self, limit: int, after: UUID | None) -> list[Item]:
        """Answer at most `limit` items, only those behind the one with the id `after`."""

    async def get(self, item_id: UUID) -> Item | None: ...

    async def delete(self, item_id: UUID) -> bool:
        """Answer whether there was such an item."""
