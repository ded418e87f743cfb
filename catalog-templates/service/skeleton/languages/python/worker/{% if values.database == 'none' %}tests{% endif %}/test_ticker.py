import asyncio

from app.jobs.queue import Job
from app.jobs.ticker import Ticker


def test_there_is_a_job_every_second_time_so_that_the_worker_rests_in_between() -> None:
    async def ask() -> list[bool]:
        ticker = Ticker()
        return [await ticker.claim() is not None for _ in range(4)]

    assert asyncio.run(ask()) == [True, False, True, False]


def test_it_waits_after_each_failure_and_no_longer_after_a_success() -> None:
    now = 0.0
    ticker = Ticker(lambda: now)

    async def claimed() -> Job | None:
        return await ticker.claim() or await ticker.claim()

    async def scenario() -> None:
        nonlocal now
        job = await claimed()
        assert job
        await ticker.failed(job, ValueError())
        assert await claimed() is None
        now += 1
        job = await claimed()
        assert job
        assert job.attempt == 2
        await ticker.succeeded(job)
        job = await claimed()
        assert job
        assert job.attempt == 1

    asyncio.run(scenario())
