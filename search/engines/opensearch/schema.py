"""The fields of an index: words are made on our side, the cluster cuts at blanks.

`text`                   folded words with places, `whole|part` for a compound and its first part at one place
`fold` `key` `bare`      words with their frequencies (`hoa|9`): title and body, an occurrence in the title counts as
                         often as `SCORING` says; `bare` only of articles that are written without marks
`title_fold` ...         the same of the title alone, where every occurrence counts once; `author`, `source` too
`author_text` ...        names with places, `hòa` as `hoa^1|hoa`
`tok`                    the folded words as bytes, for what a script needs to know of places (`scripts`)
`title_keys`             tone keys of the letters in the title, how often the article and its title have them
`n` `id`                 number and id of the article; numbers are those of documents, as text
`len` `title_len` ...    lengths as BM25 takes them
`ym` `month` `day` `first` `last` `newest` `oldest` `added`   dates as in the columns of the embedded engine
`card` `removed`         the stored article, in parts
`sum`                    a number made of the stored article, to tell whether a copy is whole
"""

from typing import Any, Final

from search.engines.opensearch.settings import ClusterSettings

#: Raised whenever the fields or what is written to them changes: older indexes must be rebuilt.
VERSION: Final = 3
#: Positions between title and body, as of the embedded engine.
GAP: Final = 100
#: Hits that one request may ask for: the deepest page, and what is looked at beside it.
WINDOW: Final = 20_000
FREQUENCIES: Final = ("fold", "key", "bare", "title_fold", "title_key", "title_bare", "author", "source")
#: Facets by the field of the article.
FACETS: Final = {
    "province": "province", "country": "country", "source": "source_name", "section": "section", "kind": "kind",
    "author": "author_name",
}  # fmt: skip
NUMBERS: Final = (
    "n", "len", "title_len", "author_len", "source_len", "ym", "month", "day", "first", "last", "newest", "oldest",
    "added", "title_words", "words", "sum",
)  # fmt: skip


def _text(analyzer: str, options: str, norms: bool) -> dict[str, Any]:
    return {"type": "text", "analyzer": analyzer, "search_analyzer": "words", "index_options": options, "norms": norms}


def index_body(settings: ClusterSettings, meta: dict[str, Any]) -> dict[str, Any]:
    """Return settings and mappings of a new index, which has no copies until it is complete."""
    blanks = {"type": "custom", "tokenizer": "blanks"}
    properties: dict[str, Any] = {name: _text("frequencies", "freqs", name in ("fold", "key")) for name in FREQUENCIES}
    properties |= {name: _text("places", "positions", False) for name in ("text", "author_text", "source_text")}
    properties |= {name: {"type": "integer"} for name in NUMBERS}
    properties |= {name: {"type": "keyword"} for name in ("id", "cluster", *FACETS.values())}
    properties |= {name: {"type": "binary", "doc_values": True} for name in ("tok", "title_keys")}
    properties |= {name: {"type": "keyword", "index": False, "doc_values": False} for name in ("card", "removed")}
    return {
        "settings": {
            "index": {
                "number_of_shards": settings.shards, "number_of_replicas": 0, "refresh_interval": "-1",
                "max_result_window": WINDOW, "max_rescore_window": WINDOW, "codec": "best_compression",
                "unassigned.node_left.delayed_timeout": "10s",
            },
            "analysis": {
                "tokenizer": {"blanks": {"type": "whitespace", "max_token_length": 1000}},
                "filter": {
                    "both": {"type": "pattern_capture", "preserve_original": False, "patterns": ["([^|]+)"]},
                    "times": {"type": "delimited_term_freq", "delimiter": "|"},
                },
                "analyzer": {
                    "words": blanks,
                    "places": {**blanks, "filter": ["both"], "position_increment_gap": GAP},
                    "frequencies": {**blanks, "filter": ["times"]},
                },
            },
        },
        "mappings": {
            "dynamic": "strict", "_meta": meta, "properties": properties,
            "_source": {"includes": ["card", "removed"], "recovery_source_enabled": False},
        },
    }  # fmt: skip
