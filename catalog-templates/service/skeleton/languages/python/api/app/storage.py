"""Where the service keeps its data."""

from collections.abc import Mapping
from typing import Protocol

from app.items.store import ItemStore
from app.runtime.readiness import Check


class Storage(Protocol):
    @property
    def items(self) -> ItemStore: ...

    @property
    def checks(self) -> Mapping[str, Check]:
        """What has to answer before the service can work."""

    async def prepare(self) -> None:
        """Bring the storage to what this version of the service expects, however long it takes."""

    async def close(self) -> None: ...
