"""Learn what the sites of some files repeat, as a rebuild of them would: from the same sample of each site."""

from collections.abc import Iterable

from index.extract.content import observe, site_key
from index.page.sites import SAMPLE, SiteMemory
from index.read.documents import Document
from index.read.records import RawDocument


def learn(documents: Iterable[Document]) -> SiteMemory:
    """Return what documents teach about their sites: of each the `SAMPLE` different ones with the lowest hashes."""
    sites: dict[str, dict[bytes, RawDocument]] = {}
    for document in documents:
        site = site_key(document.raw)
        if not site:
            continue
        known = sites.setdefault(site, {})
        known[document.digest] = document.raw
        if len(known) > 2 * SAMPLE:
            sites[site] = _lowest(known)
    raws = (raw for known in sites.values() for raw in _lowest(known).values())
    return SiteMemory.from_observations(seen for raw in raws if (seen := observe(raw)))


def _lowest(known: dict[bytes, RawDocument]) -> dict[bytes, RawDocument]:
    return {digest: known[digest] for digest in sorted(known)[:SAMPLE]}
