from typing import Any

from prometheus_client import CollectorRegistry, Gauge
from psycopg_pool import AsyncConnectionPool


def observe_pool(pool: AsyncConnectionPool[Any], registry: CollectorRegistry) -> None:
    """Show how full the pool is, read at each scrape."""

    def stat(name: str) -> int:
        return pool.get_stats().get(name, 0)

    Gauge(
        "db_pool_connections_in_use", "Connections that are lent out.", registry=registry
    ).set_function(lambda: stat("pool_size") - stat("pool_available"))
    Gauge(
        "db_pool_connections_idle", "Open connections that wait for use.", registry=registry
    ).set_function(lambda: stat("pool_available"))
    Gauge(
        "db_pool_connections_max", "Most connections that may be open.", registry=registry
    ).set_function(lambda: pool.max_size)
