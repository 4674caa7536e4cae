"""What the server tells Prometheus at `/metrics`: requests, search times, refusals, the state of the index.

Counts of all worker processes are added up by way of a folder they share (the library's multi-process mode); the
state of the index is read when it is asked for.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from flask import Flask, Response

from search.archive.last_run import last_run
from search.archive.live import LiveArchive
from search.errors import IndexUnusable

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric

#: The variable that names the folder which the worker processes share.
SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
#: Seconds: what a search takes on a small archive up to beyond the time budget.
BUCKETS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Metrics:
    """The counters of one application."""

    def __init__(self, live: LiveArchive) -> None:
        # Imported here: the library decides as it is imported whether processes share their counts.
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self._live = live
        own = CollectorRegistry()
        self.requests = Counter("dau_requests", "Requests by route and status.", ("route", "status"), registry=own)
        self.seconds = Histogram(
            "dau_search_seconds", "Time that searches took in the engine.", buckets=BUCKETS, registry=own
        )
        self.without_hits = Counter("dau_searches_without_hits", "Searches that found nothing.", registry=own)
        self.timeouts = Counter("dau_search_timeouts", "Searches given up: the time budget was spent.", registry=own)
        self.refused = Counter("dau_searches_refused", "Searches refused: too many were waiting.", registry=own)
        self._own = own

    def exposition(self) -> Response:
        """Return everything in the format that the scraper reads."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        return Response(generate_latest(self._registry()), content_type=CONTENT_TYPE_LATEST)

    def _registry(self) -> "CollectorRegistry":
        from prometheus_client import CollectorRegistry
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = CollectorRegistry() if SHARED_FOLDER in os.environ else self._own
        if registry is not self._own:
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        registry.register(IndexState(self._live))
        return registry


class IndexState:
    """Collects what is known of the index at the moment of a scrape."""

    def __init__(self, live: LiveArchive) -> None:
        self._live = live

    def collect(self) -> "Iterator[Metric]":
        """Yield the state of the served generation and the outcome of the last rebuild."""
        from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily

        try:
            health = self._live.health()
        except IndexUnusable:
            yield GaugeMetricFamily("dau_index_up", "1 if an index is served.", 0)
        else:
            yield GaugeMetricFamily("dau_index_up", "1 if an index is served.", 1)
            yield GaugeMetricFamily("dau_index_degraded", "1 if not all is well.", health.status != "ok")
            yield GaugeMetricFamily("dau_articles", "Articles in the served generation.", health.articles)
            yield GaugeMetricFamily("dau_generation_age_seconds", "Age of the generation.", age(health.created) or 0)
            yield InfoMetricFamily("dau_generation", "The served generation.", {"id": health.generation})
        run = last_run(self._live.index)
        if run:
            ended = datetime.fromisoformat(run.ended).timestamp()
            yield GaugeMetricFamily("dau_last_rebuild_timestamp_seconds", "When the last rebuild ended.", ended)
            yield GaugeMetricFamily("dau_last_rebuild_seconds", "How long the last rebuild took.", run.seconds)
            yield GaugeMetricFamily("dau_last_rebuild_exit_code", "Exit code of the last rebuild.", run.exit)
            yield InfoMetricFamily("dau_last_rebuild", "How the last rebuild ended.", {"outcome": run.outcome})


def age(created: str) -> float | None:
    """Return the seconds since an ISO 8601 time, never negative; None if it can't be read."""
    try:
        made = datetime.fromisoformat(created)
    except ValueError:
        return None
    made = made if made.tzinfo else made.replace(tzinfo=UTC)
    return max(0.0, (datetime.now(UTC) - made).total_seconds())


def metrics_of(app: Flask) -> Metrics:
    """Return the counters of an application."""
    found = app.extensions["dau-metrics"]
    assert isinstance(found, Metrics)
    return found
