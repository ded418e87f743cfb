"""Everything in memory: it is gone after a restart, and each replica has its own."""

from prometheus_client import CollectorRegistry

from app.config import Settings
from app.items.memory_store import MemoryItemStore
from app.runtime.readiness import Check
from app.storage import Storage


class MemoryStorage:
    def __init__(self) -> None:
        self.items = MemoryItemStore()
        self.checks: dict[str, Check] = {}

    async def prepare(self) -> None:
        """There is nothing to prepare."""

    async def close(self) -> None:
        """There is nothing to close."""


def open_storage(_settings: Settings, _registry: CollectorRegistry) -> Storage:
    return MemoryStorage()
