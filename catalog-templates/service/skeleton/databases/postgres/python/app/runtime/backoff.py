import random
from collections.abc import Callable


def backoff(
    failures: int, first: float, most: float, chance: Callable[[], float] = random.random
) -> float:
    """Answer how long to wait after this many failures in a row, in seconds.

    It is doubled each time, and half of it is random, so that replicas which failed together do not
    come back together.
    """
    full: float = min(most, first * 2 ** min(failures - 1, 30))
    return full * (0.5 + chance() / 2)
