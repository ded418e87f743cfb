from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Histogram

JobResult = Literal["succeeded", "failed", "dead"]


class JobMetrics:
    def __init__(self, registry: CollectorRegistry) -> None:
        self._processed = Counter(
            "jobs_processed_total",
            "Attempts at jobs: succeeded, failed (tried again later) or dead (given up).",
            ["result"],
            registry=registry,
        )
        # From the start, so that the first failure is seen as a rise from 0.
        for result in ("succeeded", "failed", "dead"):
            self._processed.labels(result)
        self._duration = Histogram(
            "job_duration_seconds",
            "Time that an attempt at a job took.",
            buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
            registry=registry,
        )

    def processed(self, result: JobResult, seconds: float) -> None:
        self._processed.labels(result).inc()
        self._duration.observe(seconds)
