"""What the cluster computes of one document: constant Painless scripts, since each new one would be compiled.

A word's score is BM25F's, from frequencies and lengths that are indexed, and from all else given as parameters: so
shards and deleted documents have no say.  Of places only `tok` tells, the document's words as bytes.  The language
stops a function after a million rounds of its loops, hence `scan` reads a stretch of it and says where to go on.
"""

from collections.abc import Sequence
from typing import Any, Final

from search.engines.opensearch.schema import GAP

_MASK: Final = (1 << 64) - 1
_FACTOR: Final = 1099511628211
#: Bytes of `tok` that one call of `scan` reads, and the most words that it looks for.
_STRETCH: Final = 8_000
MOST_WORDS: Final = 100

_SCAN: Final = f"""
int scan(byte[] data, int at, int end, long[] wanted, int[] state, List found) {{
  int stop = (int) Math.min(end, at + {_STRETCH}); long hash = 0; int count = wanted.length;
  while (at < end) {{
    int c = data[at] & 255; at++;
    if (c > 32) {{ hash = hash * {_FACTOR}L + c; continue; }}
    for (int i = 0; i < count; i++) {{
      if (wanted[i] == hash) {{ found.add((state[0] < state[1] ? state[0] : state[0] + {GAP}) * count + i); }}
    }}
    hash = 0;
    if (c == 32) {{ state[0]++; }}
    if (at >= stop) {{ return at; }}
  }}
  return at;
}}
void places(byte[] data, int at, int end, List words, int title, List found) {{
  int count = words.size(); long[] wanted = new long[count]; int[] state = new int[] {{0, title}};
  for (int i = 0; i < count; i++) {{ wanted[i] = Long.parseLong((String) words[i]); }}
  while (at < end) {{ at = scan(data, at, end, wanted, state, found); }}
}}
"""
_PHRASE: Final = """
int phrases(byte[] data, int at, int end, int title, Map given) {
  List words = (List) given.c; List owner = (List) given.o; int count = words.size(); int size = (int) given.n;
  List found = new ArrayList(); places(data, at, end, words, title, found);
  List[] each = new List[size];
  for (int i = 0; i < size; i++) { each[i] = new ArrayList(); }
  for (int i = 0; i < found.size(); i++) {
    int code = (int) found.get(i); int place = code / count; List own = each[(int) owner.get(code % count)];
    if (own.isEmpty() || (int) own.get(own.size() - 1) != place) { own.add(place); }
  }
  List reached = each[0]; int slop = (int) given.s;
  for (int i = 1; i < size; i++) {
    List next = new ArrayList(); int before = 0;
    for (int j = 0; j < each[i].size(); j++) {
      int place = (int) each[i].get(j);
      while (before < reached.size() && (int) reached.get(before) < place) { before++; }
      if (before > 0 && place - (int) reached.get(before - 1) <= slop) { next.add(place); }
    }
    reached = next;
  }
  if ((boolean) given.h) {
    int inside = 0;
    for (int i = 0; i < reached.size(); i++) { if ((int) reached.get(i) < title) { inside++; } }
    return inside;
  }
  return reached.size();
}
"""
_STARTS: Final = f"""
int starts(byte[] data, int at, int end, byte[] stem, int[] state) {{
  int stop = (int) Math.min(end, at + {_STRETCH}); int size = stem.length; int same = 0; int read = 0;
  while (at < end && state[0] < state[1]) {{
    int c = data[at]; at++;
    if (c > 32 || c < 0) {{ if (read < size && same == read && c == stem[read]) {{ same++; }} read++; continue; }}
    if (same == size) {{ state[2]++; }}
    same = 0; read = 0;
    if (c == 32) {{ state[0]++; }}
    if (at >= stop) {{ return at; }}
  }}
  return end;
}}
int beginning(byte[] data, int at, int end, List given, int most) {{
  byte[] stem = new byte[given.size()]; int[] state = new int[] {{0, most, 0}};
  for (int i = 0; i < stem.length; i++) {{ stem[i] = (byte) (int) given.get(i); }}
  while (at < end) {{ at = starts(data, at, end, stem, state); }}
  return state[2];
}}
"""
_SATURATED: Final = """
if (tf <= 0) { return 0; }
return params.m * tf / (tf + params.k + params.l * doc[(String) params.d].value);
"""
_TOK: Final = "def tok = doc['tok'].get(0); int title = (int) doc['title_words'].value;\n"
_SPAN: Final = "tok.bytes, tok.offset, tok.offset + tok.length"

#: The score of a word: terms `t` of fields `f` with weights `w`.
WORD: Final = f"""
double tf = 0; int count = params.t.size();
for (int i = 0; i < count; i++) {{
  tf += (double) params.w[i] * termFreq((String) params.f[i], (String) params.t[i]);
}}
{_SATURATED}"""
#: The score of a phrase, and whether there is one.
PHRASE: Final = f"{_SCAN}{_PHRASE}{_TOK}double tf = phrases({_SPAN}, title, params);{_SATURATED}"
HAS_PHRASE: Final = f"{_SCAN}{_PHRASE}{_TOK}return phrases({_SPAN}, title, params) > 0;"
#: The score of spellings of one thing: words as in `WORD`, and the phrases `p` with weights `v`.
TOGETHER: Final = f"""{_SCAN}{_PHRASE}
double tf = 0; int count = params.t.size();
for (int i = 0; i < count; i++) {{
  tf += (double) params.w[i] * termFreq((String) params.f[i], (String) params.t[i]);
}}
{_TOK}int more = params.p.size();
for (int i = 0; i < more; i++) {{ tf += (double) params.v[i] * phrases({_SPAN}, title, (Map) params.p[i]); }}
{_SATURATED}"""
#: The score of all words that begin with the bytes `s`; of the title alone, where `h` says so.
PREFIX: Final = f"""{_STARTS}{_TOK}
double tf = beginning({_SPAN}, (List) params.s, (boolean) params.h ? title : 2147483647);
{_SATURATED}"""
#: Where the words `c` stand: place x number of words + word.
PLACES: Final = f"""{_SCAN}{_TOK}
List found = new ArrayList(); places({_SPAN}, (List) params.c, title, found); return found;"""
#: What a score is worth by the age of the document.
RECENCY: Final = """
int last = (int) doc['last'].value;
if (last <= 0) { return _score; }
double own = (last / 10000) * 365.2425 + (last / 100 % 100) * 30.44 + last % 100;
double age = Math.max((double) params.newest - own, 0) / 365.2425;
return _score * (1 + params.weight * Math.pow(2, -age / params.half));
"""


def days(day: int) -> float:
    """Return about how many days after year 0 a day such as 20250131 is, as the script reckons."""
    return day // 10000 * 365.2425 + day // 100 % 100 * 30.44 + day % 100


def script(source: str, **params: Any) -> dict[str, Any]:
    """Return a script with its parameters."""
    return {"source": source, "lang": "painless", "params": params}


def hashed(word: str) -> str:
    """Return the number by which `scan` knows a word, as text: JSON has no whole numbers of 64 bits."""
    value = 0
    for byte in word.encode():
        value = (value * _FACTOR + byte) & _MASK
    return str(value - (1 << 64) if value >> 63 else value)


def phrase_params(words: Sequence[Sequence[str]], slop: int, title: bool) -> dict[str, Any]:
    """Return the parameters of a phrase of words, each with its folded forms."""
    forms = [(form, place) for place, each in enumerate(words) for form in each]
    return {"c": [hashed(form) for form, _ in forms], "o": [place for _, place in forms], "n": len(words),
            "s": max(slop, 1), "h": title}  # fmt: skip
