import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, LiteralString

import pytest
from prometheus_client import CollectorRegistry

from app.database.database import Database
from app.database.settings import DatabaseSettings
from app.jobs.postgres_queue import PostgresQueue
from app.jobs.queue import Job
from tests.integration.surroundings import MISSING, scratch_database

pytestmark = pytest.mark.skipif(MISSING is not None, reason=str(MISSING))


class Bench:
    """A queue in a database of its own, and what tests do to it."""

    def __init__(self, database: Database) -> None:
        self.queue = PostgresQueue(database, hidden_for=30, max_attempts=3)
        self._database = database

    async def add(self, kind: str = "example") -> str:
        async with self._database.connection() as connection:
            return await self.queue.add(connection, kind, {"message": "hello"})

    async def run(self, statement: LiteralString) -> None:
        async with self._database.connection() as connection:
            await connection.execute(statement)

    async def make_due(self) -> None:
        await self.run("update jobs set run_at = now() - interval '1 second'")

    async def claimed(self) -> Job:
        job = await self.queue.claim()
        assert job, "a job is due"
        return job

    async def only(self) -> dict[str, Any]:
        async with self._database.connection() as connection:
            [row] = await (await connection.execute("select * from jobs")).fetchall()
            return row


@asynccontextmanager
async def bench() -> AsyncIterator[Bench]:
    with scratch_database() as url:
        settings = DatabaseSettings(database_url=url)
        database = Database(settings, CollectorRegistry())
        await database.prepare()
        try:
            yield Bench(database)
        finally:
            await database.close()


def test_the_job_that_has_been_due_for_longest_is_handed_out() -> None:
    async def scenario() -> None:
        async with bench() as b:
            await b.add("later")
            await b.run("update jobs set run_at = now() + interval '1 hour'")
            job_id = await b.add("now")
            assert await b.queue.claim() == Job(job_id, "now", {"message": "hello"}, 1)
            assert await b.queue.claim() is None

    asyncio.run(scenario())


def test_no_job_is_given_to_two_of_many_workers_that_ask_at_once() -> None:
    async def scenario() -> None:
        async with bench() as b:
            for _ in range(20):
                await b.add()
            jobs = await asyncio.gather(*(b.queue.claim() for _ in range(40)))
            ids = [job.id for job in jobs if job]
            while job := await b.queue.claim():
                ids.append(job.id)
            assert len(ids) == len(set(ids)) == 20

    asyncio.run(scenario())


def test_a_job_comes_back_and_its_first_worker_is_not_listened_to_any_more() -> None:
    async def scenario() -> None:
        async with bench() as b:
            await b.add()
            first = await b.claimed()
            await b.make_due()
            second = await b.claimed()
            assert second.attempt == 2
            await b.queue.succeeded(first)
            assert (await b.only())["finished_at"] is None
            await b.queue.succeeded(second)
            assert (await b.only())["finished_at"] is not None

    asyncio.run(scenario())


def test_a_finished_job_is_not_handed_out() -> None:
    async def scenario() -> None:
        async with bench() as b:
            await b.add()
            await b.queue.succeeded(await b.claimed())
            await b.make_due()
            assert await b.queue.claim() is None

    asyncio.run(scenario())


def test_a_job_is_given_up_after_its_last_attempt_and_keeps_why() -> None:
    async def scenario() -> None:
        async with bench() as b:
            await b.add()
            for expected in ("failed", "failed", "dead"):
                assert await b.queue.failed(await b.claimed(), ValueError("no luck")) == expected
                assert await b.queue.claim() is None, "it waits before the next attempt"
                await b.make_due()
            assert await b.queue.claim() is None
            row = await b.only()
            assert row["failed_at"] is not None
            assert row["last_error"] == "ValueError: no luck"

    asyncio.run(scenario())


def test_a_job_says_so_when_its_last_attempt_was_not_heard_of() -> None:
    async def scenario() -> None:
        async with bench() as b:
            await b.add()
            for spent in (False, False, False, True):
                assert (await b.claimed()).spent is spent
                await b.make_due()

    asyncio.run(scenario())


def test_the_backlog_tells_how_many_jobs_wait_and_for_how_long() -> None:
    async def scenario() -> None:
        async with bench() as b:
            empty = await b.queue.backlog()
            assert (empty.pending, empty.oldest_seconds) == (0, 0)
            await b.add()
            await b.add()
            await b.run("update jobs set run_at = now() - interval '90 seconds'")
            backlog = await b.queue.backlog()
            assert backlog.pending == 2
            assert 90 <= backlog.oldest_seconds < 100

    asyncio.run(scenario())
