from collections.abc import Awaitable, Callable

import structlog
from pydantic import BaseModel

from app.jobs.queue import Job

log = structlog.get_logger()

Handler = Callable[[Job], Awaitable[None]]
"""Does the work of one kind of job.

It may be called twice for one job, so it must leave the same behind as if it had been called once.
It is cancelled when its time is up.
"""


class ExamplePayload(BaseModel):
    message: str


async def example(job: Job) -> None:
    """Log that a message came: there to be replaced."""
    payload = ExamplePayload.model_validate(job.payload)
    log.info("got a message", job_id=job.id, length=len(payload.message))


HANDLERS: dict[str, Handler] = {"example": example}
"""The handler of each kind."""
