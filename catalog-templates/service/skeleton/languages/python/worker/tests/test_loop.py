import asyncio
from collections.abc import Mapping
from typing import Literal

from prometheus_client import CollectorRegistry

from app.jobs.handlers import Handler
from app.jobs.loop import JobLoop
from app.jobs.metrics import JobMetrics
from app.jobs.queue import Job
from app.runtime.readiness import Check


class ListQueue:
    """Hands out these jobs, keeps what became of them, and stops the loop when none is left."""

    def __init__(self, *jobs: Job, claim_failures: int = 0) -> None:
        self.checks: dict[str, Check] = {}
        self.jobs = list(jobs)
        self.outcomes: list[str] = []
        self.claim_failures = claim_failures
        self.loop: JobLoop | None = None

    async def claim(self) -> Job | None:
        if self.claim_failures > 0:
            self.claim_failures -= 1
            raise ConnectionError("the database is away")
        if self.jobs:
            return self.jobs.pop(0)
        self.stop()
        return None

    def stop(self) -> None:
        assert self.loop
        self.loop.stop()

    async def succeeded(self, job: Job) -> None:
        self.outcomes.append(f"{job.id} succeeded")

    async def failed(self, job: Job, error: Exception) -> Literal["failed", "dead"]:
        self.outcomes.append(f"{job.id} failed: {error}")
        return "dead" if job.attempt > 1 else "failed"

    async def prepare(self) -> None: ...
    async def measure(self) -> None: ...
    async def close(self) -> None: ...


def job(job_id: str, kind: str, attempt: int = 1, spent: bool = False) -> Job:
    return Job(job_id, kind, {}, attempt, spent)


def run(
    queue: ListQueue, handlers: Mapping[str, Handler], timeout: float = 5
) -> dict[str, float | None]:
    registry = CollectorRegistry()

    async def until_stopped() -> None:
        loop = JobLoop(queue, handlers, JobMetrics(registry), 0.001, timeout)
        queue.loop = loop
        await loop.run()

    asyncio.run(until_stopped())
    results = ("succeeded", "failed", "dead")
    return {r: registry.get_sample_value("jobs_processed_total", {"result": r}) for r in results}


async def good(_job: Job) -> None:
    pass


async def bad(_job: Job) -> None:
    raise ValueError("no")


def test_each_job_is_given_to_the_handler_of_its_kind() -> None:
    seen: list[str] = []

    async def a(job: Job) -> None:
        seen.append(f"a {job.id}")

    async def b(job: Job) -> None:
        seen.append(f"b {job.id}")

    results = run(ListQueue(job("1", "a"), job("2", "b"), job("3", "a")), {"a": a, "b": b})
    assert seen == ["a 1", "b 2", "a 3"]
    assert results == {"succeeded": 3, "failed": 0, "dead": 0}


def test_it_goes_on_after_a_failure_and_counts_the_jobs_that_are_given_up() -> None:
    queue = ListQueue(job("1", "bad"), job("2", "bad", 2), job("3", "good"))
    results = run(queue, {"bad": bad, "good": good})
    assert queue.outcomes == ["1 failed: no", "2 failed: no", "3 succeeded"]
    assert results == {"succeeded": 1, "failed": 1, "dead": 1}


def test_a_job_that_nobody_can_handle_fails() -> None:
    queue = ListQueue(job("1", "unheard-of"))
    run(queue, {})
    assert queue.outcomes == ["1 failed: there is no handler for jobs of kind unheard-of"]


def test_a_job_that_has_no_attempt_left_is_not_tried_again() -> None:
    queue = ListQueue(job("1", "good", 4, spent=True))
    assert run(queue, {"good": good}) == {"succeeded": 0, "failed": 0, "dead": 1}


def test_a_job_that_takes_too_long_is_cancelled_and_fails() -> None:
    cancelled = []

    async def slow(_job: Job) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    queue = ListQueue(job("1", "slow"))
    run(queue, {"slow": slow}, timeout=0.01)
    assert queue.outcomes == ["1 failed: it took longer than 0.01 s"]
    assert cancelled == [True]


def test_it_tries_again_where_no_job_can_be_claimed() -> None:
    results = run(ListQueue(job("1", "good"), claim_failures=1), {"good": good})
    assert results["succeeded"] == 1


def test_the_job_under_way_is_finished_and_no_other_is_taken_when_told_to_stop() -> None:
    queue = ListQueue(job("1", "slow"), job("2", "slow"))

    async def slow(_job: Job) -> None:
        queue.stop()
        await asyncio.sleep(0)

    run(queue, {"slow": slow})
    assert queue.outcomes == ["1 succeeded"]
