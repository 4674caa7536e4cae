"""What a search lists: members, and beyond them documents that lack a part; one order, from which pages are cut.

The order has two stretches: the documents that were rescored, by that score, and all others behind them by their first
score.  Equals are ordered by id.  Of a cluster of twins the first one in the order is listed; a document beyond the
members is not, if one of its twins is a member.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from search.engines.columnar.evaluate.docsets import Docs, Mask, Members, unite
from search.engines.columnar.evaluate.facets import Facets
from search.engines.columnar.evaluate.top import top
from search.engines.port import Plan

Keys = npt.NDArray[Any]
_NONE: Final = np.empty(0, np.intp)
#: Places in the listing of documents that were rescored, ascending, and their scores.
Rescored = tuple[Docs, Keys]


@dataclass(frozen=True, slots=True)
class Listing:
    """Documents to list, ascending; `members` says which are members, `order` is that of equals.

    `twins` are the places of those that are in a cluster, ascending, and `clusters` theirs, None if there are none.
    `groups` is the number of hits that all pages show together.
    """

    docs: Docs
    members: Mask
    more: int
    twins: Docs
    clusters: Keys | None
    order: Keys | None
    groups: int

    @classmethod
    def of(cls, members: Members, beyond: Members | None, facets: Facets, collapse: bool, size: int) -> Self:
        """Make the listing of members, and of the other documents of `beyond`, of an index with `size` documents."""
        docs = members.docs if beyond is None else beyond.docs
        is_member = np.ones(len(docs), bool) if beyond is None else members.has(docs, size)
        if beyond is not None and np.count_nonzero(is_member) < members.count:
            docs = unite([members, beyond], size).docs
            is_member = members.has(docs, size)
        if not (collapse and facets.has_twins):
            return cls(docs, is_member, len(docs) - members.count, _NONE, None, facets.order, len(docs))
        twins = facets.clustered.take(docs).nonzero()[0]
        clusters, inside = facets.clusters.take(docs.take(twins)), is_member.take(twins)
        of_members = np.zeros(facets.cluster_count, bool)
        of_members[clusters.compress(inside)] = True
        taken = of_members.take(clusters)
        taken &= ~inside
        if taken.any():
            keep = np.ones(len(docs), bool)
            keep[twins.compress(taken)] = False
            docs, is_member = docs.compress(keep), is_member.compress(keep)
            left = ~taken
            twins, clusters = (twins - taken.cumsum()).compress(left), clusters.compress(left)
        groups = len(docs) - len(twins) + int(np.count_nonzero(np.bincount(clusters)))
        more = len(docs) - members.count
        return cls(docs, is_member, more, twins, clusters if len(twins) else None, facets.order, groups)

    def _clusters(self, places: Docs) -> Keys:
        """Return the clusters of some places, 0 where there is none."""
        assert self.clusters is not None
        at = np.minimum(self.twins.searchsorted(places), len(self.twins) - 1)
        clusters: Keys = self.clusters.take(at) * (self.twins.take(at) == places)
        return clusters

    def stand_for(self, places: Docs) -> list[int]:
        """Return for some places how many others stand behind each of them."""
        if self.clusters is None:
            return [0] * len(places)
        wanted = self._clusters(places).tolist()
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
        clusters = self._clusters(places[ranked])
        if not clusters.any():
            return ranked
        keep = clusters == 0
        keep[np.unique(clusters, return_index=True)[1]] = True
        kept: Docs = ranked[keep]
        return kept

    def lowest(self, places: Docs, keys: Keys, count: int) -> float:
        """Return the lowest key of the first `count` of some places, one for each cluster; -infinity if they are less.
        """
        if self.clusters is None or not self._clusters(places).any():
            return float(np.partition(keys, -count)[-count]) if 0 < count <= len(keys) else -math.inf
        kept = self.first_of(places, keys)
        return float(keys[kept[count - 1]]) if len(kept) >= count else -math.inf

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
        first: Mask = np.ones(len(self.docs), bool)
        first[self.twins] = False
        twins = self.twins[rest[self.twins]]
        twins = twins[~np.isin(self._clusters(twins), self._clusters(head))]
        ranked = twins[self._sorted(twins, keys[twins])]
        first[ranked[np.unique(self._clusters(ranked), return_index=True)[1]]] = True
        return first
