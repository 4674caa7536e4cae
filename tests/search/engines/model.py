"""An engine as a reader would write it down: loops over documents, no index.  The evaluator is compared with it."""

import math
from collections import Counter
from collections.abc import Sequence

from whoosh.util.numeric import byte_to_length, length_to_byte

from search.article import Article
from search.query import tree
from search.query.tree import Node
from search.text import fold, tokenize
from search.text.fold import letters_of

K1, B, TITLE, GAP = 1.2, 0.75, 8.0, 100


class Document:
    """Terms of one article with their positions: title first, then a gap, then the body."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.places: dict[tuple[str, str], list[int]] = {}
        title = list(tokenize(article.title))
        self.title_words = sum(not token.whole for token in title)
        start = self.title_words + GAP
        tokens = [(token, token.position, True) for token in title]
        tokens += [(token, token.position + start, False) for token in tokenize(article.body)]
        self.length = len(tokens)
        self.titles: Counter[tuple[str, str]] = Counter()
        for token, position, in_title in tokens:
            for term in (("fold", token.fold), ("key", token.key)):
                self.places.setdefault(term, []).append(position)
                self.titles[term] += in_title


class Model:
    """Evaluates Word, And, Or, Best, AndNot, AndMaybe, AtLeast, Phrase, Prefix over the field `all`."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.documents = [Document(article) for article in articles]
        self.mean = sum(document.length for document in self.documents) / len(self.documents)

    def idf(self, df: float) -> float:
        return math.log(1 + (len(self.documents) - df + 0.5) / (df + 0.5))

    def saturated(self, tf: float, document: Document) -> float:
        length = byte_to_length(length_to_byte(document.length))
        return tf * (K1 + 1) / (tf + K1 * (1 - B + B * length / self.mean))

    def scores(self, node: Node) -> dict[int, float]:
        """Return the score of each matching document."""
        match node:
            case tree.Word():
                return self._word(node)
            case tree.And(children):
                found = [self.scores(child) for child in children]
                return {doc: sum(each[doc] for each in found) for doc in set.intersection(*map(set, found))}
            case tree.Or(children):
                found = [self.scores(child) for child in children]
                return {doc: sum(each.get(doc, 0) for each in found) for doc in set().union(*found)}
            case tree.Best(children):
                found = [self.scores(child) for child in children]
                return {doc: max(each.get(doc, 0) for each in found) for doc in set().union(*found)}
            case tree.AndNot(required, excluded):
                dropped = self.scores(excluded)
                return {doc: score for doc, score in self.scores(required).items() if doc not in dropped}
            case tree.AndMaybe(required, optional):
                extra = self.scores(optional)
                return {doc: score + extra.get(doc, 0) for doc, score in self.scores(required).items()}
            case tree.AtLeast():
                return self._at_least(node)
            case tree.Phrase():
                return self._phrase(node)
            case tree.Prefix():
                return self._prefix(node)
            case _:
                return dict.fromkeys(range(len(self.documents)), 0.0)

    def _tf(self, document: Document, terms: Sequence[tree.Term]) -> float:
        return sum(
            term.weight * (len(document.places.get((term.form, term.text), ()))
                           + (TITLE - 1) * document.titles[term.form, term.text]) for term in terms
        )  # fmt: skip

    def _word(self, word: tree.Word) -> dict[int, float]:
        tf = {doc: value for doc, each in enumerate(self.documents) if (value := self._tf(each, word.terms))}
        idf = self.idf(len(tf) if word.df is None else word.df)
        return {doc: word.boost * idf * self.saturated(value, self.documents[doc]) for doc, value in tf.items()}

    def _at_least(self, node: tree.AtLeast) -> dict[int, float]:
        found = [self.scores(child) for child in node.children]
        masses = [child.boost * self.idf(len(each)) for child, each in zip(node.children, found, strict=True)]
        carried: Counter[int] = Counter()
        for each, mass in zip(found, masses, strict=True):
            for doc in each:
                carried[doc] += mass
        need = node.share * sum(masses)
        best = sorted(carried.values(), reverse=True)[: node.enough]
        if best and sum(mass >= need - 1e-6 for mass in best) < node.enough:
            need = max(best[-1], node.least * sum(masses))
        return {doc: sum(each.get(doc, 0) for each in found) for doc, mass in carried.items() if mass >= need - 1e-6}

    def _phrase(self, node: tree.Phrase) -> dict[int, float]:
        out = {}
        idf = sum(word.boost * self.idf(len(self._word(word))) for word in node.words)
        for doc, document in enumerate(self.documents):
            reached: set[int] | None = None
            for word in node.words:
                forms = {term.text if term.form == "fold" else fold(letters_of(term.text)) for term in word.terms}
                places = {place for form in forms for place in document.places.get(("fold", form), ())}
                step = range(1, node.slop + 1)
                reached = places if reached is None else {p for p in places if any(p - n in reached for n in step)}
            if reached and all(self._tf(document, word.terms) for word in node.words):
                out[doc] = idf * self.saturated(len(reached), document)
        return out

    def _prefix(self, node: tree.Prefix) -> dict[int, float]:
        tf = {}
        for doc, document in enumerate(self.documents):
            found = sum(len(places) for (form, text), places in document.places.items()
                        if form == node.form and text.startswith(node.stem))  # fmt: skip
            if found:
                tf[doc] = found
        return {doc: self.idf(len(tf)) * self.saturated(count, self.documents[doc]) for doc, count in tf.items()}
