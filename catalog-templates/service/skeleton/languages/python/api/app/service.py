import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from app.api import create_api
from app.config import Settings
from app.open_storage import open_storage
from app.runtime.metrics import create_registry
from app.runtime.readiness import Readiness


def create_service(settings: Settings) -> tuple[FastAPI, Readiness]:
    registry = create_registry()
    storage = open_storage(settings, registry)
    readiness = Readiness(storage.checks)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        # Beside serving, and not before it: a long migration is then a service that is starting,
        # and not one that hangs and has to be restarted.
        preparing = asyncio.create_task(storage.prepare())
        try:
            yield
        finally:
            preparing.cancel()
            with suppress(asyncio.CancelledError):
                await preparing
            await storage.close()

    return create_api(storage.items, readiness, registry, lifespan), readiness
