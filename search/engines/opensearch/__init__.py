"""The engine on a cluster of OpenSearch: for archives that outgrow one machine."""

from search.engines.opensearch.engine import (
    create_builder,
    drop,
    follow,
    format_version,
    guarded,
    open_reader,
    verify,
)

__all__ = ["create_builder", "drop", "follow", "format_version", "guarded", "open_reader", "verify"]
