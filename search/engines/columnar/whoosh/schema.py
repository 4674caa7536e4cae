"""The Whoosh schema of an archive, and the analyzers that make the terms of the bulk builder."""

from collections.abc import Iterator
from typing import Any

from whoosh import columns, fields
from whoosh.analysis.acore import Token as WhooshToken
from whoosh.analysis.tokenizers import Tokenizer
from whoosh.matching.mcore import ListMatcher, Matcher
from whoosh.query.qcolumns import ColumnQuery
from whoosh.query.qcore import NullQuery, Query

from search.text import PIPELINE

#: The days of a year, month or day that is typed: from `20250000` to `20259999`.
_DAY_DIGITS = 8


class PipelineTokenizer(Tokenizer):
    """Dấu's tokens of one form ("fold" or "key") as Whoosh tokens."""

    def __init__(self, form: str) -> None:
        self.form = form

    def __call__(self, value: str, positions: bool = False, chars: bool = False, removestops: bool = True,
                 **options: Any) -> Iterator[Any]:  # fmt: skip
        """Yield one Whoosh token, which is reused as in every Whoosh tokenizer, per token of `value`."""
        out: Any = WhooshToken(positions, chars, removestops, **options)
        for token in PIPELINE.tokens(PIPELINE.normalize(value)):
            out.text = out.original = token.fold if self.form == "fold" else token.key
            out.pos, out.startchar, out.endchar = token.position, token.start, token.end
            out.boost, out.stopped = 1.0, False
            yield out


class Between(ColumnQuery):
    """The articles whose value in a column is one of `low` to `high`; compares every article's."""

    def __init__(self, fieldname: str, low: Any, high: Any) -> None:
        super().__init__(fieldname, None)  # type: ignore[no-untyped-call]
        self._bounds = fieldname, low, high

    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        """Return a matcher over the articles that adds nothing to a score."""
        name, low, high = self._bounds
        values = enumerate(searcher.reader().column_reader(name, translate=False))
        return ListMatcher([doc for doc, value in values if low <= value <= high], all_weights=0.0)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Between) and self._bounds == other._bounds

    def __hash__(self) -> int:
        return hash(self._bounds)

    def estimate_size(self, ixreader: Any) -> int:
        """Return an upper bound of the articles found."""
        return int(ixreader.doc_count())


class ProvinceField(fields.COLUMN):
    """The name of the province, to group and sort by; `province:"Thanh Hóa"` filters."""

    def self_parsing(self) -> bool:
        """Say yes: there are no terms."""
        return True

    def parse_query(self, fieldname: str, qstring: str, boost: float = 1.0) -> Query:
        """Return a query for the articles of a province."""
        name = PIPELINE.normalize(qstring)
        return Between(fieldname, name, name)


class DateField(fields.COLUMN):
    """The first day that the date may mean, 20250601 for June 2025 and 0 if unknown, to sort and filter by.

    `date:2025`, `date:2025-06-30` and `date:[2025-01 to 2025-06]` filter.
    """

    def __init__(self) -> None:
        super().__init__(columns.NumericColumn("i"))

    def self_parsing(self) -> bool:
        """Say yes: there are no terms."""
        return True

    def parse_query(self, fieldname: str, qstring: str, boost: float = 1.0) -> Query:
        """Return a query for the articles of a year, month or day."""
        return self.parse_range(fieldname, qstring, qstring, False, False, boost)

    def parse_range(self, fieldname: str, start: str | None, end: str | None, startexcl: bool, endexcl: bool,
                    boost: float = 1.0) -> Query:  # fmt: skip
        """Return a query for the articles between two dates, both of them included unless excluded."""
        first, last = _day(start or "0", "9" if startexcl else "0"), _day(end or "9", "0" if endexcl else "9")
        if first is None or last is None:
            return NullQuery
        return Between(fieldname, max(first, 1), last)


def _day(typed: str, rest: str) -> int | None:
    """Return a typed date as a day, what is missing filled up with the digit `rest`; None if it is no date."""
    digits = typed.replace("-", "")
    return int(digits[:_DAY_DIGITS].ljust(_DAY_DIGITS, rest)) if digits.isdecimal() else None


def product_schema() -> fields.Schema:
    """Return the schema of the terms: `fold` (with positions) and `key` of title and body, the same of the title."""
    fold, key = PipelineTokenizer("fold"), PipelineTokenizer("key")
    return fields.Schema(
        id=fields.ID(unique=True, stored=True),
        fold=fields.TEXT(analyzer=fold, phrase=True, stored=True),
        key=fields.TEXT(analyzer=key, phrase=False),
        title_fold=fields.TEXT(analyzer=fold, phrase=False),
        title_key=fields.TEXT(analyzer=key, phrase=False),
        author=fields.TEXT(analyzer=fold, phrase=False, stored=True),
        source=fields.TEXT(analyzer=fold, phrase=False, stored=True),
        date=DateField(),
        province=ProvinceField(),
        title=fields.STORED,
        body=fields.STORED,
        url=fields.STORED,
    )
