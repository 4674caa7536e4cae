"""The Whoosh schema of an archive, and the analyzers that make the same terms as the bulk builder."""

from collections.abc import Iterator
from typing import Any

from whoosh import fields
from whoosh.analysis.acore import Token as WhooshToken
from whoosh.analysis.tokenizers import Tokenizer

from search.text import PIPELINE


class PipelineTokenizer(Tokenizer):
    """Dấu's tokens of one form ("fold" or "key") as Whoosh tokens."""

    def __init__(self, form: str) -> None:
        self.form = form

    def __call__(self, value: str, positions: bool = False, chars: bool = False, **options: Any) -> Iterator[Any]:
        """Yield one Whoosh token, which is reused as in every Whoosh tokenizer, per token of `value`."""
        out: Any = WhooshToken(positions, chars, removestops=False, **options)
        for token in PIPELINE.tokens(PIPELINE.normalize(value)):
            out.text = out.original = token.fold if self.form == "fold" else token.key
            out.pos, out.startchar, out.endchar = token.position, token.start, token.end
            out.boost, out.stopped = 1.0, False
            yield out


def product_schema() -> fields.Schema:
    """Return the schema: `fold` (with positions) and `key` of title and body, the same of the title, the rest."""
    fold, key = PipelineTokenizer("fold"), PipelineTokenizer("key")
    return fields.Schema(
        id=fields.ID(unique=True, stored=True),
        fold=fields.TEXT(analyzer=fold, phrase=True),
        key=fields.TEXT(analyzer=key, phrase=False),
        title_fold=fields.TEXT(analyzer=fold, phrase=False),
        title_key=fields.TEXT(analyzer=key, phrase=False),
        author=fields.TEXT(analyzer=fold, phrase=False),
        source=fields.TEXT(analyzer=fold, phrase=False),
    )
