"""Near-duplicates among the accepted articles, looked for among all, or among those that a few changes can matter to.

An article shares bands of its signature with others, and those with others again; whoever is not joined to one that
came, went or changed in this way is in the cluster that they were in.  So the result is that of a look at all.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np

from index.clusters.near_duplicates import PERMUTATIONS, cluster, connected
from index.rebuild.resolving import ACCEPTED
from index.state.cache import Cache
from index.state.signatures import NOBODY, Documents, Signatures, read_signatures, write_all, write_blocks

#: With more articles changed, or more that these may matter to, all are looked at.
_FEW: Final = 1_000
_MANY_JOINED: Final = 20_000
_CURRENT: Final = "outcomes o CROSS JOIN results r ON r.document = o.document"
_ALL: Final = f"{_CURRENT} WHERE o.fate = 'accepted' AND length(r.signature) > 0"


class _Signed(NamedTuple):
    document: int
    id: str
    sort_key: str
    signature: bytes


def find_twins(cache: Cache) -> None:
    """Mark near-duplicates among the accepted with the id of their cluster."""
    if cache.count("SELECT count(*) FROM candidates") > _FEW or not _found_among_few(cache):
        _find_among_all(cache)


def _find_among_all(cache: Cache) -> None:
    found = cluster(cache.db.execute(f"SELECT o.id, r.sort_key, r.signature FROM {_ALL}"))
    _mark(cache, found, cache.db.execute("SELECT document, id, cluster FROM outcomes WHERE fate = 'accepted'"))
    write_all(cache, cache.db.execute(f"SELECT o.document, r.signature FROM {_ALL} ORDER BY o.document"))


def _found_among_few(cache: Cache) -> bool:
    """Look among those that what changed is joined to; say no where that is not known, or they are too many."""
    came = [_Signed(*row) for row in cache.db.execute(
        f"SELECT o.document, o.id, r.sort_key, r.signature FROM {ACCEPTED} ORDER BY o.document")]
    documents, signatures = read_signatures(cache, PERMUTATIONS, len(came))
    if len(documents) == len(came):  # nobody has looked before
        return False
    went, seeds = _bring_up(cache, came, documents, signatures)
    joined = connected(signatures, seeds, _MANY_JOINED) if len(seeds) else np.empty(0, np.int64)
    if joined is None:
        return False
    members = np.setdiff1d(documents[joined], [NOBODY])
    changed = np.array([each.document for each in came], np.int64)
    looked = [row for document in members.tolist() for row in cache.db.execute(
        f"SELECT o.id, r.sort_key, r.signature FROM {_CURRENT} WHERE o.document = ?", (document,))]
    _mark(cache, cluster(looked), _outcomes(cache, np.union1d(members, changed)))
    write_blocks(cache, documents, signatures, np.union1d(went, changed))
    return True


def _bring_up(
    cache: Cache, came: Sequence[_Signed], documents: Documents, signatures: Signatures
) -> tuple[Documents, Signatures]:
    """Put what came in the place of what went or changed; return whose signatures went, and all that came or went."""
    (listed,) = cache.db.execute("SELECT group_concat(document) FROM outcomes WHERE fate = 'accepted'").fetchone()
    accepted = np.fromstring(listed or "", np.int64, sep=",")  # a third of the time that rows take
    free = np.flatnonzero(~np.isin(documents, accepted) | np.isin(documents, [each.document for each in came]))
    filled = free[documents[free] != NOBODY]
    went, before = documents[filled], signatures[filled]
    signed = [each for each in came if each.signature]
    new = np.frombuffer(b"".join(each.signature for each in signed), "<u2").reshape(-1, PERMUTATIONS)
    seeds = np.concatenate([before, new])
    if len(seeds):
        documents[free], signatures[free] = NOBODY, seeds[0]  # joined to none but those that a seed is joined to
        documents[free[: len(new)]], signatures[free[: len(new)]] = [each.document for each in signed], new
    return went, seeds


def _outcomes(cache: Cache, documents: Documents) -> list[tuple[int, str, str]]:
    query = "SELECT document, id, cluster FROM outcomes WHERE document = ?"
    return [row for document in documents.tolist() for row in cache.db.execute(query, (document,))]


def _mark(cache: Cache, found: dict[str, str], before: Iterable[tuple[int, str, str]]) -> None:
    """Write the clusters that differ from those `before` (document, id, cluster), and note whose they are."""
    moved = [(new, document, name) for document, name, old in before if (new := found.get(name, "")) != old]
    cache.db.executemany("UPDATE outcomes SET cluster = ? WHERE document = ?", (row[:2] for row in moved))
    cache.db.executemany("INSERT OR IGNORE INTO candidates VALUES (?)", (row[2:] for row in moved))
