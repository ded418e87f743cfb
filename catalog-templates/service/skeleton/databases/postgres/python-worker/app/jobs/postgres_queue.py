from dataclasses import dataclass
from typing import Literal

from psycopg import AsyncConnection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from app.database.database import Database
from app.jobs.queue import Job
from app.runtime.backoff import backoff


@dataclass(frozen=True)
class Backlog:
    pending: int
    """How many jobs are due."""
    oldest_seconds: float
    """For how long the oldest of them has been due."""


class PostgresQueue:
    """The jobs of the table `jobs`.

    A claim is one short statement: it counts the attempt and hides the job for a while, so that it
    comes back by itself where a process dies. The number of the attempt is also what tells a worker
    that took too long that the job has become another's.
    """

    def __init__(self, database: Database, hidden_for: float, max_attempts: int) -> None:
        self._database = database
        self._hidden_for = hidden_for
        self._max_attempts = max_attempts

    async def add(
        self, connection: AsyncConnection[DictRow], kind: str, payload: dict[str, object]
    ) -> str:
        """Add a job in the transaction of this connection, and answer its id."""
        rows = await connection.execute(
            "insert into jobs (kind, payload) values (%s, %s) returning id::text",
            (kind, Jsonb(payload)),
        )
        row = await rows.fetchone()
        if row is None:
            raise RuntimeError("the database gave the job no id")
        return str(row["id"])

    async def claim(self) -> Job | None:
        async with self._database.connection() as connection:
            rows = await connection.execute(
                """
                update jobs
                set attempts = attempts + 1, run_at = now() + make_interval(secs => %s)
                where id = (
                  select id from jobs
                  where finished_at is null and failed_at is null and run_at <= now()
                  order by run_at, id
                  limit 1
                  for update skip locked
                )
                returning id::text, kind, payload, attempts
                """,
                (self._hidden_for,),
            )
            row = await rows.fetchone()
        if row is None:
            return None
        attempt = row["attempts"]
        return Job(row["id"], row["kind"], row["payload"], attempt, attempt > self._max_attempts)

    async def succeeded(self, job: Job) -> None:
        async with self._database.connection() as connection:
            await connection.execute(
                """
                update jobs set finished_at = now(), last_error = null
                where id = %s and attempts = %s and finished_at is null
                """,
                (job.id, job.attempt),
            )

    async def failed(self, job: Job, error: Exception) -> Literal["failed", "dead"]:
        dead = job.attempt >= self._max_attempts
        async with self._database.connection() as connection:
            await connection.execute(
                """
                update jobs
                set last_error = %(error)s,
                    run_at = now() + make_interval(secs => %(wait)s),
                    failed_at = case when %(dead)s then now() end
                where id = %(id)s and attempts = %(attempt)s
                  and finished_at is null and failed_at is null
                """,
                {
                    "id": job.id,
                    "attempt": job.attempt,
                    "error": f"{type(error).__name__}: {error}"[:1000],
                    "wait": backoff(job.attempt, first=1, most=3600),
                    "dead": dead,
                },
            )
        return "dead" if dead else "failed"

    async def backlog(self) -> Backlog:
        async with self._database.connection(wait=1) as connection:
            rows = await connection.execute(
                """
                select count(*) as pending,
                       coalesce(extract(epoch from now() - min(run_at)), 0)::float8 as oldest
                from jobs
                where finished_at is null and failed_at is null and run_at <= now()
                """
            )
            row = await rows.fetchone()
        if row is None:
            raise RuntimeError("the database did not count the jobs")
        return Backlog(row["pending"], row["oldest"])
