from app.runtime.backoff import backoff


def test_it_doubles_up_to_its_limit() -> None:
    waits = [backoff(n, first=1, most=10, chance=lambda: 1) for n in (1, 2, 3, 4, 5, 1000)]
    assert waits == [1, 2, 4, 8, 10, 10]


def test_up_to_half_of_the_wait_is_left_to_chance() -> None:
    assert backoff(1, first=1, most=10, chance=lambda: 0) == 0.5
