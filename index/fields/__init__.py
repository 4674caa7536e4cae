"""The fields of an article beside its body: section, by-line, captions, and what its page states itself."""

from index.fields.byline import Signoff, split_authors, take_signoff
from index.fields.captions import compose_body, find_captions, find_photographer
from index.fields.crawl import take_crawl_prefix
from index.fields.sections import GluedHead, head_section, split_glued_head
from index.fields.structured import StructuredData, structured_data

__all__ = [
    "GluedHead", "Signoff", "StructuredData", "compose_body", "find_captions", "find_photographer", "head_section",
    "split_authors", "split_glued_head", "structured_data", "take_crawl_prefix", "take_signoff",
]
