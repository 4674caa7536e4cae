"""Tell who searches for a province that is no more what it has become, and offer both names."""

from collections.abc import Iterable, Iterator

from search.places import merged_into
from search.planning.named_provinces import NamedProvince
from search.query.notices import Notice
from search.query.syntax import Parsed, rewritten
from search.text import fold_text


def merger_notices(parsed: Parsed, named: Iterable[NamedProvince]) -> list[Notice]:
    """Return one notice for each province named in a query that is part of another one today."""
    return [notice for province in named for notice in _notice(parsed, province)]


def _notice(parsed: Parsed, province: NamedProvince) -> Iterator[Notice]:
    merger = merged_into(province.name)
    folded = f" {' '.join(token.fold for token in parsed.words)} "
    if merger is None or not merger.into or f" {fold_text(merger.into[0]).replace('-', ' ')} " in folded:
        return
    into = ", ".join(merger.into)
    since_vi, since_en = f"{merger.since.month}/{merger.since.year}", f"{merger.since:%B %Y}"
    start, end = parsed.words[province.start].start, parsed.words[province.end - 1].end
    both = rewritten(parsed, [(start, end, f'("{parsed.text[start:end]}" OR "{merger.into[0]}")')])
    yield Notice(
        "merged-province",
        f"Từ tháng {since_vi}, {province.name} thuộc {into}. Tìm cả hai tên?",
        f"Since {since_en}, {province.name} has been part of {into}. Search for both names?",
        {"q": both},
    )
