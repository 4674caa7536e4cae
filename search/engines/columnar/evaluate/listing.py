"""What a search lists: members, and beyond them documents that lack a part; one order, from which pages are cut.

The order has two stretches: the documents that were rescored, by that score, and all others behind them by their first
score.  Equals are ordered by id.  Of a cluster of twins the first one in the order is listed; a document beyond the
members is not, if one of its twins is a member.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from search.engines.columnar.evaluate.docsets import Docs, Mask, Members, unite
from search.engines.columnar.evaluate.facets import Facets
from search.engines.columnar.evaluate.top import top
from search.engines.port import Plan

Keys = npt.NDArray[Any]
#: Places in the listing of documents that were rescored, ascending, and their scores.
Rescored = tuple[Docs, Keys]


@dataclass(frozen=True, slots=True)
class Listing:
    """Documents to list, ascending; `members` says which are members, `order` is that of equals.

    `groups` is the number of hits that all pages show together.
    """

    docs: Docs
    members: Mask
    more: int
    clusters: Keys | None
    order: Keys | None
    groups: int

    @classmethod
    def of(cls, members: Members, beyond: Members | None, facets: Facets, collapse: bool, size: int) -> Self:
        """Make the listing of members, and of the other documents of `beyond`, of an index with `size` documents."""
        docs, is_member = members.docs, np.ones(members.count, bool)
        if beyond is not None:
            docs = beyond.docs
            is_member = members.has(docs, size)
            if np.count_nonzero(is_member) < members.count:
                docs = unite([members, beyond], size).docs
                is_member = members.has(docs, size)
        found = facets.clusters.take(docs) if collapse and facets.has_twins else None
        if found is not None and not found.any():
            found = None
        if found is not None and beyond is not None:
            taken = np.zeros(int(facets.clusters.max()) + 1, bool)
            taken[found[is_member]] = True
            taken[0] = False
            kept = is_member | ~taken.take(found)
            docs, is_member, found = docs[kept], is_member[kept], found[kept]
        groups = len(docs)
        if found is not None:
            clustered = found[found > 0]
            groups += len(np.unique(clustered)) - len(clustered)
        return cls(docs, is_member, len(docs) - members.count, found, facets.order, groups)

    def twins(self, places: Docs) -> list[int]:
        """Return for some places how many others stand behind each of them."""
        if self.clusters is None:
            return [0] * len(places)
        wanted = self.clusters[places].tolist()
        return [int(np.count_nonzero(self.clusters == cluster)) - 1 if cluster else 0 for cluster in wanted]

    @property
    def ties(self) -> Callable[[Docs], Keys] | None:
        """What orders equals by their places: their ids, where document numbers don't."""
        order, docs = self.order, self.docs
        return None if order is None else lambda places: order[docs[places]]

    def first_of(self, places: Docs, keys: Keys) -> Docs:
        """Return the order of some places by their keys, highest first, one for each cluster: places in `places`."""
        ranked = self._sorted(places, keys)
        if self.clusters is None:
            return ranked
        clusters = self.clusters[places[ranked]]
        keep = clusters == 0
        keep[np.unique(clusters, return_index=True)[1]] = True
        kept: Docs = ranked[keep]
        return kept

    def _sorted(self, places: Docs, keys: Keys) -> Docs:
        ties = places if self.order is None else self.order[self.docs[places]]
        order: Docs = np.lexsort((ties, -keys))
        return order

    def page(self, keys: Keys, rescored: Rescored | None, plan: Plan) -> tuple[Docs, bool]:
        """Return the places on the page of a plan, in order, and whether none comes behind them.

        `keys` [listing] are higher for what comes first.  O(m) for m documents, wherever the page begins behind a
        document; O(m + c log c) for a page that begins at place c.
        """
        looked, sums = rescored if rescored else (np.empty(0, np.intp), np.empty(0))
        head = looked[self.first_of(looked, sums)]
        if plan.after is None and plan.offset + plan.limit <= len(head):
            end = plan.offset + plan.limit
            return head[plan.offset : end], end >= self.groups
        rest = np.ones(len(self.docs), bool)
        rest[looked] = False
        if self.clusters is not None:
            rest &= self._is_first(keys, rest, head)
        start, behind = plan.offset, None
        if plan.after is not None:
            place = int(np.searchsorted(self.docs, plan.after))
            at = np.flatnonzero(head == place)
            start = int(at[0]) + 1 if len(at) else len(head)
            behind = None if len(at) else place
        end = start + plan.limit
        shown = head[start:end]
        if behind is not None:
            rest &= self._comes_after(keys, behind)
        tail = rest.nonzero()[0]
        wanted = end - len(head)
        if wanted > 0:
            ties = self.ties
            best = top(keys.take(tail), wanted, (lambda places: ties(tail[places])) if ties else None)
            shown = np.concatenate([shown, tail[best[max(start - len(head), 0) :]]])
        return shown, len(tail) <= max(wanted, 0) and end >= len(head)

    def _comes_after(self, keys: Keys, place: int) -> Mask:
        """Say what comes behind a place in the order of the keys."""
        ties = np.arange(len(keys)) if self.order is None else self.order[self.docs]
        after: Mask = (keys < keys[place]) | ((keys == keys[place]) & (ties > ties[place]))
        return after

    def _is_first(self, keys: Keys, rest: Mask, head: Docs) -> Mask:
        """Say which of the rest are the first of their clusters, or in none."""
        clusters = self.clusters
        assert clusters is not None
        first: Mask = clusters == 0
        twins = np.flatnonzero(rest & (clusters > 0))
        twins = twins[~np.isin(clusters[twins], clusters[head])]
        ranked = twins[self._sorted(twins, keys[twins])]
        first[ranked[np.unique(clusters[ranked], return_index=True)[1]]] = True
        return first
