"""Which words are marked only in company: halves of compounds, amounts and their units, words of grammar.

`hóa` of `Thanh Hóa` is another word in `văn hóa`, `tỷ` of `1.000 tỷ` is nothing by itself, `của` is everywhere.  So a
word may need another one of the query right beside it.  In an article where that leaves nothing, the words are marked
wherever they stand: they are why it was found.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from search.results.scanner import Match

#: What stands between the words of one compound, or of an amount.
_BETWEEN: Final = frozenset({" ", "\u00a0", "-", "\n", ".", "/", ",", "\u2013"})
_POINTS: Final = ".,"


@dataclass(frozen=True, slots=True)
class Company:
    """What a word needs beside it: one of `before` right before it, or one of `after` right after it."""

    before: frozenset[int] = frozenset()
    after: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Companions:
    """The needs of the words of one query by their numbers; `grammar` are those that need any other word."""

    needs: Mapping[int, Company] = field(default_factory=dict)
    grammar: frozenset[int] = frozenset()

    @classmethod
    def of_compounds(cls, compounds: Iterable[tuple[int, int]]) -> "Companions":
        """Return the needs of compounds of two words."""
        needs: dict[int, Company] = {}
        for left, right in compounds:
            needs[left] = Company(after=frozenset([right]))
            needs[right] = Company(before=frozenset([left]))
        return cls(needs)

    def kept(self, texts: Sequence[str], found: list[list[Match]]) -> list[list[Match]]:
        """Return the matches in the texts of one article that have the company they need; all, if none has."""
        found = [_whole_numbers(text, matches) for text, matches in zip(texts, found, strict=True)]
        if not self.needs and not self.grammar:
            return found
        kept = [self._in_company(text, matches) for text, matches in zip(texts, found, strict=True)]
        return kept if any(kept) else found

    def _in_company(self, text: str, matches: list[Match]) -> list[Match]:
        """Drop what lacks its company until nothing more does: what goes may have been company itself."""
        lonely = self._lonely(text, matches)
        while lonely:
            matches = [match for match in matches if match not in lonely]
            edges = {place for start, end, _ in lonely for place in (start - 1, end + 1)}
            if not any(start in edges or end in edges for start, end, _ in matches):
                break  # what went was nobody's company
            lonely = self._lonely(text, matches)
        return self._without_lone_grammar(matches) if self.grammar else matches

    def _lonely(self, text: str, matches: list[Match]) -> set[Match]:
        """Return the matches that lack the company that they need."""
        needy = [match for match in matches if match[2] in self.needs]
        if not needy:
            return set()
        begins = {(start, number) for start, _, number in matches}
        ends = {(end, number) for _, end, number in matches}
        lonely = set()
        for match in needy:
            start, end, number = match
            need = self.needs[number]
            for other in need.before:
                if (start - 1, other) in ends and text[start - 1] in _BETWEEN:
                    break
            else:
                for other in need.after:
                    if (end + 1, other) in begins and text[end] in _BETWEEN:
                        break
                else:
                    lonely.add(match)
        return lonely

    def _without_lone_grammar(self, matches: list[Match]) -> list[Match]:
        """Leave out words of grammar in runs of neighbouring matches that have no other word."""
        kept: list[Match] = []
        run: list[Match] = []
        for match in matches:
            if run and match[0] - run[-1][1] > 1:
                kept += self._run(run)
                run = []
            run.append(match)
        return kept + self._run(run)

    def _run(self, run: list[Match]) -> list[Match]:
        return run if any(number not in self.grammar for _, _, number in run) else []


def _whole_numbers(text: str, matches: list[Match]) -> list[Match]:
    """Leave out digits that are part of a longer number, unless what they are joined to matches as well."""
    parts = [match for match in matches if text[match[0]].isdigit() and _is_part(text, match)]
    if not parts:
        return matches
    bounds = {place for start, end, _ in matches for place in (start, end)}
    dropped = {match for match in parts if not _joined_to(text, match, bounds)}
    return [match for match in matches if match not in dropped] if dropped else matches


def _is_part(text: str, match: Match) -> bool:
    start, end, _ = match
    return (text[max(start - 1, 0)] in _POINTS and text[max(start - 2, 0)].isdigit()) or (
        text[end : end + 1] in _POINTS and text[end + 1 : end + 2].isdigit()
    )


def _joined_to(text: str, match: Match, bounds: set[int]) -> bool:
    """Say whether what a part of a number is joined to, at either side, is a match too."""
    start, end, _ = match
    before = start > 1 and text[start - 1] in _POINTS and text[start - 2].isdigit()
    after = text[end : end + 1] in _POINTS and text[end + 1 : end + 2].isdigit()
    return (not before or start - 1 in bounds) and (not after or end + 1 in bounds)
