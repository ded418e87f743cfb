from uuid import UUID

from app.database.database import Database
from app.items.item import Item


class PostgresItemStore:
    """Keeps items in the table `items`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, item: Item) -> None:
        async with self._database.connection() as connection:
            await connection.execute(
                "insert into items (id, name, created_at) values (%s, %s, %s)",
                (item.id, item.name, item.created_at),
            )

    async def list(self, limit: int, after: UUID | None) -> list[Item]:
        async with self._database.connection() as connection:
            rows = await connection.execute(
                """
                select id, name, created_at from items
                where %(after)s::uuid is null or id > %(after)s
                order by id limit %(limit)s
                """,
                {"after": after, "limit": limit},
            )
            return [Item.model_validate(row) async for row in rows]

    async def get(self, item_id: UUID) -> Item | None:
        async with self._database.connection() as connection:
            rows = await connection.execute(
                "select id, name, created_at from items where id = %s", (item_id,)
            )
            row = await rows.fetchone()
            return Item.model_validate(row) if row else None

    async def delete(self, item_id: UUID) -> bool:
        async with self._database.connection() as connection:
            deleted = await connection.execute("delete from items where id = %s", (item_id,))
            return deleted.rowcount == 1
