"""Every number of the ranking model in one table, with what it does and where it is from.

`fitted` values were fitted on the development queries of the measuring collection with `dau eval`, the others are
the literature's defaults, which tuning did not improve.  Points are hundredths of nDCG@10.  The six tasks are called
as in the README: questions, snippets, legal, known item, by lead, encyclopedia; and there are headlines.

Tried and left out, since the mean gains less than .3 points: another length norm for titles, a share of a word's idf
for occurring at all (BM25+), pairs that count more in titles or leads, pairs with a gap.
"""

from dataclasses import dataclass
from typing import Final

from search.engines.port import Scoring


@dataclass(frozen=True, slots=True)
class Weights:
    """The ranking weights; see the comments for origin and effect."""

    # BM25F -------------------------------------------------------------------------------------------
    k1: float = 1.2  # saturation of the term frequency; Robertson & Zaragoza 2009, tuning gave nothing
    b: float = 0.75  # length normalisation; the same, each way loses
    title: float = 8.0  # a title occurrence counts as so many of the body; fitted: 6-10 finds headlines best
    # Words -------------------------------------------------------------------------------------------
    function_syllable: float = 0.4  # boost of `của`, `là`, `bao`, ...; fitted on snippets
    # Marks -------------------------------------------------------------------------------------------
    exact: float = 1.0  # the article has the marks typed
    bare: float = 0.2  # a marked word where the article has no marks at all; .4 is the same
    other: float = 0.1  # a marked word where the article has partial or conflicting marks
    variant_floor: float = 0.15  # any marks of a word typed without, beside what context makes likely; flat from .05
    typed_beside_correction: float = 0.2  # the form typed, where a correction is searched
    least_variant: float = 0.02  # readings less likely than this are not searched one by one
    most_variants: int = 4  # readings of one word searched one by one
    # Neighbours --------------------------------------------------------------------------------------
    pair: float = 0.3  # two neighbouring words of the query found side by side, folded; flat between .25 and .3
    rescored: int = 200  # documents whose pairs are looked at; 50 costs unmarked questions a point, else nothing
    window: float = 0.2  # tightest unordered window of the query's words; fitted: +0.5 points on known items
    # News say first what they are about.  Known-item news gain 1.4 points and snippets 1.8, headlines nothing; flat
    # for a share of .12 to .25 and 40 to 100 words.
    lead: float = 1.0  # an occurrence in the lead counts so many times more ...
    lead_share: float = 0.15  # ... which is this share of the body ...
    lead_words: int = 70  # ... but at most so many words
    # What part of the query one place covers: an article about all of it before one that repeats a part of it.  The
    # passage gains 2.1 points on snippets and 1 on known items, .42 (95 %: .07 to .75) over all tasks, for .4 lost on
    # legal questions; flat for .3 to .6, powers of 3 to 6, 40 to 60 words.  The title gains 1 point on headlines.
    passage: float = 0.4  # weight of the best passage ...
    passage_power: float = 4.0  # ... of the share of the query's mass in it ...
    passage_words: int = 40  # ... within so many words
    title_share: float = 0.4  # weight of the title ...
    title_power: float = 8.0  # ... of the share of the query's mass in it
    # What a query asks for by name ------------------------------------------------------------------
    own_province: float = 1.1  # an article of a province that is named scores so many times as much
    own_time: float = 1.3  # one of the time that is named; judged queries +.05 points, flat from 1.2
    office: float = 0.2  # boost of title and office before a name; judged queries +.2 points, .4 the same, .1 less
    # An article with all units scores so many times as much as one that lacks a part; judged queries: 1.1 loses .6
    # points, 1.3 gains nothing; snippets gain .2, known items lose .2.  Of a relaxed query all lack a part.
    member: float = 1.2
    # Recency, where asked for -----------------------------------------------------------------------
    recency: float = 0.2  # an article of today scores so much of its score more, by taste ...
    half_life: float = 1.0  # ... and half of that after so many years
    # Which articles count as found ---------------------------------------------------------------------
    # Known items by how many syllables must all occur: 3 .721, 4 .719, 5 .714, 6 .705 (every other query as typed).
    # Four is two words as people count them: totals stay meaningful for next to nothing.
    all_words_up_to: int = 4  # so many syllables must all occur ...
    softened_from: int = 4  # ... but of so many syllables on ...
    few_found: int = 50  # ... if fewer articles have them all (20: known items lose half a point), those that have ...
    mass_share_of_few: float = 0.6  # ... this share of the idf mass count, and the answer says so; flat up to .7
    mass_share: float = 0.45  # of longer queries this share of the idf mass; .5 costs unmarked questions .7 points
    enough_found: int = 200  # ... or less, as much as so many articles have: flat from 100 to 500 ...
    least_mass_share: float = 0.2  # ... but no less than this; .3 costs 1.5 points on legal questions
    # Other words for the same ------------------------------------------------------------------------
    synonym: float = 0.7  # another form from the synonym files
    twin_spelling: float = 0.8  # `tỉ` beside `tỷ`
    # Marking ------------------------------------------------------------------------------------------
    marked_variant: float = 0.1  # readings at least so likely are marked in titles and snippets

    @property
    def scoring(self) -> Scoring:
        """Return how words are scored."""
        return Scoring(self.k1, self.b, self.title)


WEIGHTS: Final = Weights()
