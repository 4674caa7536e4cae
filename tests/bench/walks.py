"""Walk the results of twenty queries in every order, by pages and by cursor: every member once, in one order.

    python -m tests.bench.walks INDEX

Prints a line for each walk that is not whole, and how many were.
"""

import sys
from pathlib import Path

from search.archive.archive import Archive
from search.archive.generations import open_current
from search.engines.port import Sort
from search.results.answer import DEEPEST, Hit, Request

QUERIES = (
    "lũ quét", "mưa lớn Nghệ An", "giá xăng", "bóng đá nữ", "cháy rừng", "ca phe dak lak", "U23", "8/3", "2.000 tỷ",
    "Viêng Chăn", "hạn hán OR xâm nhập mặn", '"an toàn thực phẩm"', "title:bão", "tháng 5/2017 lũ", "BHXH Nghệ An",
    "Thanh Hóa author:Lê", "ngập mặn -tôm", "sa mạc hóa", "chiêng cồng", "Điện Biên Phủ 2017",
)  # fmt: skip
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest", "added")
SIZE = 40


def by_cursor(archive: Archive, query: str, sort: Sort) -> list[Hit]:
    """Return all hits of a walk with `next`."""
    answer = archive.search(Request(query, sort=sort, size=SIZE))
    hits = list(answer.hits)
    while answer.next:
        answer = archive.search(Request(query, sort=sort, size=SIZE, after=answer.next))
        hits += answer.hits
    return hits


def by_pages(archive: Archive, query: str, sort: Sort) -> list[Hit]:
    """Return the hits on all pages."""
    first = archive.search(Request(query, sort=sort, size=SIZE))
    last = min(-(-first.groups // SIZE), DEEPEST // SIZE)
    pages = (archive.search(Request(query, sort=sort, size=SIZE, page=page)) for page in range(2, last + 1))
    return [*first.hits, *(hit for answer in pages for hit in answer.hits)]


def faults(archive: Archive, query: str, sort: Sort) -> list[str]:
    """Return what is wrong with the walks of a query in an order."""
    total = archive.search(Request(query, sort=sort, size=1)).total
    walked, paged = by_cursor(archive, query, sort), by_pages(archive, query, sort)
    ids = [hit.article.id for hit in walked]
    members = sum(1 + hit.twins for hit in walked if hit.member)
    return [
        *(["an article twice"] if len(set(ids)) < len(ids) else []),
        *(["pages and cursor differ"] if [hit.article.id for hit in paged] != ids[: len(paged)] else []),
        *([f"{members} members of {total}"] if members != total else []),
        *(["no members in the order of dates"] if sort != "relevance" and not all(h.member for h in walked) else []),
    ]


def main(index: str) -> int:
    """Walk; the exit status says whether every walk was whole."""
    archive = open_current(Path(index))
    wrong = 0
    for query in QUERIES:
        for sort in SORTS:
            for fault in faults(archive, query, sort):
                wrong += 1
                print(f"{query} ({sort}): {fault}")
    archive.close()
    print(f"{len(QUERIES) * len(SORTS)} walks, {wrong} faults")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
