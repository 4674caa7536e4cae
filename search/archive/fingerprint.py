"""One fingerprint for everything of a generation that is read back: which program can serve it.

It is made of declared versions of the formats, and of what the rules of text, of the lexicon and of the suggestions do
with fixed probes.  Not of their source: a remark in a rule would outdate every index, and an outdated index is one
without answers until it is rebuilt.
"""

import hashlib
from functools import cache

from search.archive.manifest import FORMAT
from search.engines.port import format_version
from search.lexicon.files import VERSION as LEXICON_VERSION
from search.lexicon.sample import Ids
from search.suggest.completions import VERSION as SUGGESTIONS_VERSION
from search.suggest.name_runs import names_in
from search.text import PIPELINE
from search.text.probes import PROBES


@cache
def fingerprint() -> str:
    """Return a short text that changes whenever the same articles would give another archive, or one read otherwise."""
    texts = [PIPELINE.normalize(probe) for probe in PROBES]
    words = Ids()
    words.of(texts)
    done = [list(words.keys_seen), [sorted(names_in(text, len(text))) for text in texts]]
    rules = hashlib.sha256(f"{PIPELINE.fingerprint}{done}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{FORMAT}.{format_version()}.{LEXICON_VERSION}.{SUGGESTIONS_VERSION}-{rules}"
