"""What a generation keeps in the cluster beyond its folder: its index, the alias, the lock of a rebuild.

The alias `PREFIX` follows the published generation, for others to see: Dấu itself asks the physical index.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from search.engines.opensearch.client import Client, Refused
from search.engines.opensearch.connection import Connection, read_any_connection, read_connection
from search.engines.opensearch.settings import ClusterSettings
from search.errors import EngineUnavailable, IndexDamaged, IndexUnusable, RebuildRunning

_LOCKS: Final = "locks"


def remove_index(connection: Connection) -> bool:
    """Remove an index from its cluster; return whether it is gone."""
    client = Client(connection.settings)
    try:
        client.ask("DELETE", f"/{connection.index}?ignore_unavailable=true")
    except Refused as error:
        return error.kind == "index_not_found_exception"
    except IndexUnusable:
        return False
    finally:
        client.close()
    return True


def drop(directory: Path) -> bool:
    """Remove what the index of `directory` has in the cluster; return whether nothing is left there."""
    try:
        return remove_index(read_any_connection(directory))
    except IndexUnusable:
        return True  # it names no index


def follow(directory: Path) -> None:
    """Let the alias follow the index of `directory`.  Raises IndexUnusable."""
    connection = read_connection(directory)
    prefix, client = connection.settings.prefix, Client(connection.settings)
    actions: list[dict[str, Any]] = [{"add": {"index": connection.index, "alias": prefix}}]
    try:
        with suppress(Refused):  # there is none yet
            old = [index for index in client.get(f"/_alias/{prefix}") if index != connection.index]
            actions += [{"remove": {"index": index, "alias": prefix}} for index in old]
        with suppress(Refused):  # an index of this name is no concern of a search
            client.post("/_aliases", {"actions": actions})
    finally:
        client.close()


def copies(client: Client, index: str) -> list[tuple[str, int, list[int]]]:
    """Return (shard, copies that are there, articles of each) of an index."""
    rows = client.get(f"/{index}/_stats/docs?level=shards")["indices"].get(index, {}).get("shards", {})
    return [(shard, len(each), [copy["docs"]["count"] for copy in each]) for shard, each in sorted(rows.items())]


def verify(directory: Path) -> None:
    """Compare the copies of an index with each other and with what was sent.

    Raises IndexDamaged where they differ, EngineUnavailable where that can't be told now.
    """
    connection = read_connection(directory)
    client = Client(connection.settings)
    try:
        health = client.health(connection.index)
        if health["status"] != "green":
            raise EngineUnavailable(f"The index {connection.index} is {health['status']}: shards are missing.")
        held = [counts for _, _, counts in copies(client, connection.index)]
        if any(len(set(each)) != 1 for each in held) or sum(each[0] for each in held) != connection.count:
            raise IndexDamaged(f"The copies of {connection.index} do not hold {connection.count} articles each.")
        for turn in range(connection.settings.replicas + 1):  # each copy is asked, as far as others are not preferred
            path = f"/{connection.index}/_search?allow_partial_search_results=false&preference=copy{turn}"
            answer = client.post(path, {"size": 0, "aggs": {"sum": {"sum": {"field": "sum"}}}})
            if int(answer["aggregations"]["sum"]["value"]) != connection.checksum:
                raise IndexDamaged(f"The index {connection.index} does not hold the articles that were sent.")
    except Refused as error:
        raise IndexDamaged(f"The index {connection.index} can't be checked ({error}): rebuild it.") from error
    finally:
        client.close()


@contextmanager
def lock(settings: ClusterSettings, index: Path) -> Iterator[None]:
    """Hold the lock of all indexes of a prefix over the block: a document that can be made only once.

    It guards against rebuilds on other machines.  The caller holds the lock of the folder `index`, so one that a
    rebuild of the same folder on this machine left behind is of a dead one.  Raises RebuildRunning.
    """
    client = Client(settings)
    own = {"host": socket.gethostname(), "process": os.getpid(), "index": str(index.resolve()),
           "since": datetime.now(UTC).isoformat(timespec="seconds")}  # fmt: skip
    path = f"{settings.prefix}-{_LOCKS}"
    try:
        _acquire(client, path, own)
        try:
            yield
        finally:
            with suppress(Refused, IndexUnusable):
                client.ask("DELETE", f"/{path}/_doc/rebuild")
    finally:
        client.close()


def _acquire(client: Client, path: str, own: dict[str, Any]) -> None:
    for _ in range(2):
        try:
            client.ask("PUT", f"/{path}/_create/rebuild", own)
            return
        except Refused as error:
            if error.kind != "version_conflict_engine_exception":
                raise RebuildRunning(f"The lock of rebuilds can't be set in {path}: {error}.") from error
        with suppress(Refused):
            holder = client.get(f"/{path}/_doc/rebuild")["_source"]
            if holder == own:
                return  # made by the request whose answer was lost
            if (holder["host"], holder["index"]) != (own["host"], own["index"]):
                raise RebuildRunning(
                    f"Another rebuild uses {path} (process {holder['process']} on {holder['host']} since "
                    f"{holder['since']}); if it is dead, remove the document {path}/_doc/rebuild."
                )
            client.ask("DELETE", f"/{path}/_doc/rebuild")
    raise RebuildRunning(f"Another rebuild took the lock in {path}; try again.")
