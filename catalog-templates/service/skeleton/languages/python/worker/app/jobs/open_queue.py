"""Jobs by the clock: there is one each POLL_INTERVAL, in every replica."""

from prometheus_client import CollectorRegistry

from app.config import Settings
from app.jobs.queue import JobQueue
from app.jobs.ticker import Ticker


def open_queue(_settings: Settings, _registry: CollectorRegistry) -> JobQueue:
    return Ticker()
