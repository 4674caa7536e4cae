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

from search.engines.columnar.evaluate.docsets import Docs, Mask, Members
from search.engines.columnar.evaluate.facets import Facets
from search.engines.columnar.evaluate.top import top
from search.engines.port import Plan

Keys = npt.NDArray[Any]
#: Places in the listing of documents that were rescored, ascending, and their scores.
Rescored = tuple[Docs, Keys]


@dataclass(frozen=True, slots=True)
class Listing:
    """Documents to list, ascending; `members` says which are members, `order` is that of equals."""

    docs: Docs
    members: Mask
    more: int
    clusters: Keys | None
    order: Keys | None

    @classmethod
    def of(cls, members: Docs, beyond: Members, facets: Facets, collapse: bool, size: int) -> Self:
        """Make the listing of members and of documents beyond them, of an index with `size` documents."""
        docs, is_member = members, np.ones(len(members), bool)
        if beyond.count:
            others = beyond.docs
            if collapse and facets.has_twins:
                clusters = facets.clusters[others]
                taken = np.isin(clusters, facets.clusters[members]) & (clusters > 0)
                others = others[~taken]
            mask = np.zeros(size, bool)
            mask[members] = mask[others] = True
            docs = mask.nonzero()[0]
            is_member = np.zeros(len(docs), bool)
            is_member[np.searchsorted(docs, members)] = True
        found = facets.clusters[docs] if collapse and facets.has_twins else None
        return cls(docs, is_member, len(docs) - len(members), found, facets.order)

    @property
    def groups(self) -> int:
        """Number of hits that all pages show together."""
        if self.clusters is None:
            return len(self.docs)
        clustered = self.clusters[self.clusters > 0]
        return len(self.docs) - len(clustered) + len(np.unique(clustered))

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
