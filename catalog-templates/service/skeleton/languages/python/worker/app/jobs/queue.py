from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from app.runtime.readiness import Check


@dataclass(frozen=True)
class Job:
    id: str
    kind: str
    payload: object
    attempt: int
    """1 for the first try."""
    spent: bool = False
    """No attempt is left: the process ended in the last one, or never told how it went."""


class JobQueue(Protocol):
    """Where jobs come from. A job may be handed out twice, where a process died or was too slow."""

    @property
    def checks(self) -> Mapping[str, Check]:
        """What has to answer before there can be jobs."""

    async def prepare(self) -> None:
        """Bring the queue to what this version of the service expects, however long it takes."""

    async def claim(self) -> Job | None:
        """Take the job that is due, if there is one."""

    async def succeeded(self, job: Job) -> None: ...

    async def failed(self, job: Job, error: Exception) -> Literal["failed", "dead"]:
        """Answer whether the job will be tried again (`failed`), or is given up (`dead`)."""

    async def measure(self) -> None:
        """Bring the metrics of the queue up to date."""

    async def close(self) -> None: ...
