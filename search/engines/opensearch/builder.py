"""The builder: articles to one new index of the cluster, of which there are no copies until it is complete.

1. `connection.json` names the index before it is made, so that nothing is left over unseen.
2. `add` makes documents (`documents`), counts their terms, and sends them a batch at a time, in some threads.
3. `finish` merges each shard to one segment, closes the index for writing, makes the copies, waits until every one is
   there, compares what each of them holds with what was sent, and writes the tables of terms.

An increment begins as a clone of the older index (the cluster links its files): only what differs is written.
"""

import json
import secrets
from collections import deque
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from search.article import Article
from search.engines.opensearch.client import Client, Json, Refused
from search.engines.opensearch.connection import Connection, read_connection
from search.engines.opensearch.documents import Counted, DocumentMaker, plain
from search.engines.opensearch.lifecycle import copies, remove_index
from search.engines.opensearch.reader import ClusterReader
from search.engines.opensearch.schema import VERSION, index_body
from search.engines.opensearch.settings import ClusterSettings
from search.engines.opensearch.terms import FORMS, TermTable
from search.engines.port import Builder
from search.errors import EngineUnavailable
from search.text import PIPELINE

#: Articles of a batch, and the letters after which one is sent before it is full.
_BATCH: Final = 400
_LETTERS: Final = 1_500_000
#: Batches that are sent at once.
_SENDERS: Final = 3
#: Seconds for a batch, and for merging, copying and closing an index.  While an index is made there is one copy of each
#: shard: a batch waits until a node that was started again is back.
_PATIENCE: Final = 600.0
_LONG: Final = 3600.0
#: Times that all addresses are tried meanwhile, and seconds that the cluster waits for a shard each time.
_ROUNDS: Final = 200
_SHARD: Final = 20
#: Seconds that one request waits for a status.
_WAIT: Final = 20


class ClusterBuilder(Builder):
    """Writes one index, and the files that a generation keeps of it into an empty or missing directory."""

    def __init__(self, directory: Path, settings: ClusterSettings, base: Path | None = None) -> None:
        self._old = read_connection(base) if base else None  # first: if it can't be read, nothing is written
        self._base = base
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._client = Client(settings)
        name = f"{settings.prefix}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        self._connection = Connection(settings, name)
        self._connection.write(directory)
        self._counted = Counted.nothing()
        self._maker = DocumentMaker()
        self._senders = ThreadPoolExecutor(_SENDERS, "dau-bulk")
        self._sent: deque[Future[None]] = deque()
        self._waiting: list[Article] = []
        self._letters = 0
        self._ids: set[str] = set()
        #: Documents of the base that are left out, by id: deleted at the end, unless their articles come again.
        self._gone: dict[str, int] = {}
        self._next = self._old.next_number if self._old else 0
        self._articles = self._old.count if self._old else 0
        self._checksum = self._old.checksum if self._old else 0
        self._done = False
        try:
            self._begin()
        except BaseException:
            self.discard()
            raise

    def _begin(self) -> None:
        meta = {"dau": {"version": VERSION, "text": PIPELINE.fingerprint}}
        body = index_body(self._connection.settings, meta)
        index = self._connection.index
        if self._old is None:
            self._make(f"/{index}", body)
            return
        kept = {"index.number_of_replicas": 0, "index.blocks.write": None}
        self._make(f"/{self._old.index}/_clone/{index}", {"settings": kept})
        self._wait_for("yellow")

    def _make(self, path: str, body: Json) -> None:
        """Make the index; that it is there already is the answer to a request that was sent twice."""
        try:
            self._client.ask("PUT", path, body, timeout=_PATIENCE)
        except Refused as error:
            if error.kind != "resource_already_exists_exception":
                raise _refused(error) from error

    def add(self, articles: Iterable[Article]) -> None:
        """Add articles; two with one id are a ValueError."""
        for article in articles:
            if article.id in self._ids:
                raise ValueError(f"Two articles have the id {article.id!r}; ids must be unique.")
            self._ids.add(article.id)
            self._waiting.append(article)
            self._letters += len(article.title) + len(article.body)
            if len(self._waiting) == _BATCH or self._letters > _LETTERS:
                self._flush()

    def remove(self, ids: Iterable[str]) -> None:
        """Leave articles of the base out; ids that it does not have are no error."""
        if self._base is None:
            return
        wanted = [key for key in dict.fromkeys(ids) if plain(key) not in self._gone]
        for first in range(0, len(wanted), _BATCH):
            gone = self._known(wanted[first : first + _BATCH])
            self._count_out(gone.values())
            self._articles -= len(gone)
            self._gone |= gone

    def _known(self, ids: Sequence[str]) -> dict[str, int]:
        """Return the documents of the base with some ids."""
        assert self._old is not None
        query = {"terms": {"id": list(map(plain, ids))}}
        body = {"size": len(ids), "_source": False, "docvalue_fields": ["n", "id"], "query": query}
        hits = self._client.post(f"/{self._old.index}/_search?allow_partial_search_results=false", body)["hits"]["hits"]
        return {hit["fields"]["id"][0]: int(hit["fields"]["n"][0]) for hit in hits}

    def _count_out(self, gone: Collection[int]) -> None:
        """Take documents of the base out of all counts."""
        if not gone:
            return
        assert self._base is not None
        reader = ClusterReader(self._base)
        try:
            documents = self._maker.make(reader.cards(list(gone)), self._counted, -1)
        finally:
            reader.close()
        self._checksum -= sum(document["sum"] for document in documents)

    def _flush(self) -> None:
        articles, self._waiting, self._letters = self._waiting, [], 0
        if not articles:
            return
        known = self._known([article.id for article in articles]) if self._old else {}
        replaced = [number for key, number in known.items() if self._gone.pop(key, None) is None]
        self._count_out(replaced)
        self._articles += len(articles) - len(replaced)
        lines: list[Json] = []
        for document in self._maker.make(articles, self._counted):
            number = known.get(document["id"], self._next)
            self._next += number == self._next
            self._checksum += document["sum"]
            lines += [{"index": {"_id": str(number)}}, {"n": number, **document}]
        self._send(lines)

    def _send(self, lines: Sequence[Json]) -> None:
        if lines:
            body = "".join([json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines])
            self._sent.append(self._senders.submit(self._bulk, body.encode()))
            self._settle(_SENDERS)

    def _bulk(self, body: bytes) -> None:
        """Send some documents.  Raises EngineUnavailable, also if any of them is refused: they can be sent again."""
        path = f"/{self._connection.index}/_bulk?timeout={_SHARD}s&filter_path=errors,items.*.status,items.*.error"
        try:
            answer = self._client.ask("POST", path, body, timeout=_PATIENCE, rounds=_ROUNDS)
        except Refused as error:
            raise _refused(error) from error
        if answer["errors"]:
            failed = [each for item in answer["items"] for each in item.values() if each["status"] >= 300]
            wrong = [each for each in failed if each["status"] != 404]  # what was deleted before is deleted
            if wrong:
                raise _refused(Refused(wrong[0]["status"], "bulk", json.dumps(wrong[0].get("error"))[:500]))

    def _settle(self, most: int) -> None:
        while len(self._sent) > most:
            self._sent.popleft().result()

    def _complete(self) -> int:
        """Complete the index and its copies.  Raises EngineUnavailable."""
        self._flush()
        self._send([{"delete": {"_id": str(number)}} for number in self._gone.values()])
        self._settle(0)
        self._wait_for("green")  # a node that died meanwhile
        index = self._connection.index
        self._client.post(f"/{index}/_refresh", None, timeout=_LONG)
        if self._old is None:
            self._client.post(f"/{index}/_forcemerge?max_num_segments=1", None, timeout=_LONG)
        self._client.post(f"/{index}/_flush", None, timeout=_LONG)
        replicas = self._connection.settings.replicas
        settings = {"index.number_of_replicas": replicas, "index.blocks.write": True}
        self._client.ask("PUT", f"/{index}/_settings", settings, timeout=_PATIENCE)
        self._wait_for("green")
        newest = self._compare(replicas + 1)
        for form in FORMS:
            self._counted.terms[form].write(self._directory, form, TermTable(self._base, form) if self._base else None)
        lengths = self._counted.lengths
        if self._old:
            lengths = tuple(map(sum, zip(lengths, self._old.lengths, strict=True)))  # type: ignore[assignment]
        twins = self._counted.twins or bool(self._old and self._old.twins)
        self._connection.complete(
            articles=self._articles, next_number=self._next, lengths=lengths, twins=twins, newest_day=newest,
            checksum=self._checksum,
        ).write(self._directory)
        self._close()
        return self._articles

    def _wait_for(self, status: str) -> None:
        """Wait until the index is `status`: as long as copies are being made, and for nodes that may come back."""
        index, seen, reds = self._connection.index, None, 0
        for _ in range(int(_LONG / _WAIT)):
            found = self._client.health(index, wait_for=status, seconds=_WAIT)
            if found["status"] in (status, "green"):
                return
            state = (found["active_shards"], found["initializing_shards"], copies(self._client, index))
            if found["status"] == "red":
                reds += 1
                if reds * _WAIT > _PATIENCE:
                    raise EngineUnavailable(f"Shards of the index {index} are missing: a node is gone.")
            elif state == seen and not found["initializing_shards"]:
                raise EngineUnavailable(f"The cluster has no place for {self._connection.settings.replicas} copies of "
                                        f"each shard ({found['unassigned_shards']} are missing): --replicas, or nodes.")
            seen = state
        raise EngineUnavailable(f"The index {index} does not become {status}.")

    def _compare(self, wanted: int) -> int:
        """Compare every copy with what was sent; return the newest day.  Raises EngineUnavailable."""
        index = self._connection.index
        held = copies(self._client, index)
        if any(count != wanted for _, count, _ in held):
            raise EngineUnavailable(f"The index {index} lacks copies of a shard.")
        if any(len(set(each)) != 1 for *_, each in held) or sum(each[0] for *_, each in held) != self._articles:
            raise EngineUnavailable(f"The copies of {index} do not hold {self._articles} articles.")
        body = {"size": 0, "aggs": {"sum": {"sum": {"field": "sum"}}, "newest": {"max": {"field": "last"}}}}
        path = f"/{index}/_search?allow_partial_search_results=false"
        found = self._client.post(path, body, timeout=_PATIENCE)["aggregations"]
        if int(found["sum"]["value"]) != self._checksum:
            raise EngineUnavailable(f"The index {index} does not hold the articles that were sent.")
        return int(found["newest"]["value"] or 0)

    def discard(self) -> None:
        """Stop, and remove the index; what the cluster can't remove now is removed by the next rebuild."""
        if self._done:
            return
        self._close()
        remove_index(self._connection)

    def _close(self) -> None:
        self._done = True
        self._client.close()
        self._senders.shutdown(cancel_futures=True)


def _refused(error: Refused) -> EngineUnavailable:
    return EngineUnavailable(f"OpenSearch does not take the articles: {error}.")

