"""The sample by which a site is known: the documents with the lowest hashes, at most `SAMPLE`.

Which they are is known when all is read; `Samples` says while reading which may be among them, so that these are
observed then and no file is read a second time for them.
"""

from bisect import bisect_left
from typing import Final

from index.page.sites import SAMPLE
from index.state.cache import Cache
from index.workers.pool import Done

#: So many sites are followed while reading, in some 5 MB; the samples of others are read again.
_SITES: Final = 1_000
_QUERY: Final = "SELECT DISTINCT digest FROM documents WHERE site = ? ORDER BY digest LIMIT ?"


def sample(cache: Cache, site: int) -> list[bytes]:
    """Return the digests of the sample of a site, in order."""
    return [digest for (digest,) in cache.db.execute(_QUERY, (site, SAMPLE))]


def keep(cache: Cache, seen: Done) -> None:
    """Keep what was observed of a document."""
    cache.db.execute("INSERT OR REPLACE INTO observations VALUES (?, ?)", (seen.key, seen.payload))


class Samples:
    """The samples of sites as far as has been read: of `n` documents in any order, `40 (1 + ln(n / 40))` are taken."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._lowest: dict[int, list[bytes]] = {}

    def takes(self, site: int, digest: bytes) -> bool:
        """Take a document that no earlier run has read; say whether it belongs to the sample of its site as yet."""
        if site not in self._lowest:
            if len(self._lowest) == _SITES:
                return False
            self._lowest[site] = sample(self._cache, site)
        lowest = self._lowest[site]
        place = bisect_left(lowest, digest)
        if place == SAMPLE or lowest[place : place + 1] == [digest]:
            return False
        lowest.insert(place, digest)
        del lowest[SAMPLE:]
        return True
