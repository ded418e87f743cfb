import asyncio

from app.runtime.readiness import NotReadyError, Readiness


async def passes() -> None:
    pass


async def waits_for_migrations() -> None:
    raise NotReadyError("migrations are not through")


async def is_refused() -> None:
    raise ConnectionRefusedError("10.1.2.3:5432")


async def hangs() -> None:
    await asyncio.Event().wait()


def test_there_is_no_problem_while_every_check_passes() -> None:
    assert asyncio.run(Readiness({"database": passes}).problems()) == {}


def test_each_check_that_fails_is_named_with_its_reason() -> None:
    readiness = Readiness({"cache": passes, "database": waits_for_migrations})
    assert asyncio.run(readiness.problems()) == {"database": "migrations are not through"}


def test_nothing_is_told_of_an_unexpected_error_which_may_hold_an_address() -> None:
    readiness = Readiness({"database": is_refused})
    assert asyncio.run(readiness.problems()) == {"database": "cannot be reached"}


def test_a_check_that_does_not_answer_in_time_is_a_problem() -> None:
    readiness = Readiness({"database": hangs}, timeout=0.01)
    assert asyncio.run(readiness.problems()) == {"database": "does not answer in time"}


def test_a_check_that_is_slow_to_be_cancelled_is_not_waited_for() -> None:
    async def clings() -> None:
        try:
            await hangs()
        finally:
            await asyncio.sleep(0.2)

    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        started = loop.time()
        await Readiness({"database": clings}, timeout=0.01).problems()
        assert loop.time() - started < 0.15

    asyncio.run(scenario())


def test_a_process_that_was_told_to_stop_is_not_ready() -> None:
    readiness = Readiness({"database": passes})
    readiness.stop()
    assert asyncio.run(readiness.problems()) == {"shutdown": "in progress"}
