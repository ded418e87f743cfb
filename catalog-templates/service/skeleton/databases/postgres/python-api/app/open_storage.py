"""Everything in PostgreSQL."""

from prometheus_client import CollectorRegistry

from app.config import Settings
from app.database.database import Database
from app.items.postgres_store import PostgresItemStore
from app.runtime.readiness import Check
from app.storage import Storage


class PostgresStorage:
    def __init__(self, database: Database) -> None:
        self._database = database
        self.items = PostgresItemStore(database)
        self.checks: dict[str, Check] = {"database": database.check}

    async def prepare(self) -> None:
        await self._database.prepare()

    async def close(self) -> None:
        await self._database.close()


def open_storage(settings: Settings, registry: CollectorRegistry) -> Storage:
    return PostgresStorage(Database(settings, registry))
