import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import structlog
from prometheus_client import CollectorRegistry
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from app.database.migrate import migrate
from app.database.pool_metrics import observe_pool
from app.database.settings import DatabaseSettings
from app.runtime.backoff import backoff
from app.runtime.problem import UnavailableError
from app.runtime.readiness import NotReadyError

log = structlog.get_logger()

Pool = AsyncConnectionPool[AsyncConnection[DictRow]]


class Database:
    """The connections to PostgreSQL, and whether the schema is the one this version works with."""

    def __init__(self, settings: DatabaseSettings, registry: CollectorRegistry) -> None:
        self._url = settings.database_url
        self._migrated = False
        self._pool: Pool = AsyncConnectionPool(
            settings.database_url,
            open=False,
            min_size=1,
            max_size=settings.database_pool_max,
            timeout=5,
            # Each further try to connect waits twice as long: begin anew before that is too long.
            reconnect_timeout=10,
            check=AsyncConnectionPool.check_connection,
            kwargs={
                "autocommit": True,
                "connect_timeout": 5,
                "options": "-c statement_timeout=10000",
                "row_factory": dict_row,
            },
        )
        observe_pool(self._pool, registry)

    @asynccontextmanager
    async def connection(self, wait: float = 5) -> AsyncIterator[AsyncConnection[DictRow]]:
        """Lend a connection. Raise UnavailableError where the database cannot be reached."""
        try:
            async with self._pool.connection(timeout=wait) as connection:
                yield connection
        except psycopg.OperationalError as error:
            raise UnavailableError("the database cannot be reached") from error

    async def check(self) -> None:
        """Raise unless the database answers and its migrations are through."""
        if not self._migrated:
            raise NotReadyError("migrations are not through")
        async with self.connection(wait=1) as connection:
            await connection.execute("select 1")

    async def prepare(self) -> None:
        """Migrate the schema. Try again, with backoff, until it worked or the task is cancelled."""
        await self._pool.open()
        failures = 0
        while not self._migrated:
            try:
                await asyncio.to_thread(migrate, self._url)
                self._migrated = True
            except Exception:
                failures += 1
                seconds = backoff(failures, first=0.25, most=10)
                log.exception("the database could not be migrated", wait_seconds=round(seconds, 2))
                await asyncio.sleep(seconds)

    async def close(self) -> None:
        await self._pool.close()
