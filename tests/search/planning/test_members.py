"""What an article must have to be a member of the answer, what scores, and what lies beyond: one tree a query."""

import pytest

from search.planning.planner import Planner
from search.planning.query import Effort
from tests.search.planning.plans import made, planned, shown


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    return made(tmp_path_factory.mktemp("planning"))


@pytest.mark.parametrize(
    ("query", "members"),
    [
        # Marked words are asked for with their marks, or bare in an article without any; bare words in all markings.
        ("mía", "k.mia^4|b.mia"),
        ("mia", "f.mia"),
        ("kỹ", "k.ky^3|k.ki^3|b.ky"),
        ("ky", "f.ky|k.ki^3"),
        ("title:mía", "title:k.mia^4|b.mia"),
        # Words that belong together stand in order; a word of grammar is asked for only if it is alone.
        ("hội nghị của sở", "([f.hoi f.nghi] + k.hôi^5|b.hoi + k.nghi^5|b.nghi), k.sơ^2|b.so"),
        ("của", "k.cua^2|b.cua"),
        ("mía, gạo", "k.mia^4|b.mia, k.gao^5|b.gao"),
        ("hội, nghị", "k.hôi^5|b.hoi, k.nghi^5|b.nghi"),
        ("title:hội nghị", "title:k.hôi^5|b.hoi, k.nghi^5|b.nghi"),
        ("mua xe", "([f.mua f.xe])"),
        ("bộ công an tỉnh", "([f.bo f.cong f.an] + k.bô^5|b.bo + k.công|b.cong), k.tinh^2|b.tinh"),
        ("đồng chí Nguyễn Văn An", "([f.nguyen f.van f.an] + k.nguyên^3|b.nguyen + k.văn|b.van)"),
        # Quotation marks, stems, compounds.
        ('"mía gạo"', "([f.mia f.gao] + k.mia^4|b.mia + k.gao^5|b.gao)"),
        ('"mia gạo"~3', "([f.mia f.gao]~3 + k.gao^5|b.gao)"),
        ('"mía"', "k.mia^4|b.mia"),
        ('title:"mia gao"', "(title:[title:f.mia title:f.gao])"),
        ("ngoa*", "f.ngoa*"),
        ("đưo*", "k.đưo*"),
        ("92/QĐ-UBND", "(f.92/qd-ubnd / ([f.92 f.qd f.ubnd] + k.qđ|b.qd))"),
        # Alternatives, and filters among them.
        ("mía OR gao", "(k.mia^4|b.mia / f.gao)"),
        ("mía OR (gạo kinh tế)", "(k.mia^4|b.mia / (k.gao^5|b.gao + ([f.kinh f.te] + k.tê^4|b.te)))"),
        ("mía OR from:2024", "(k.mia^4|b.mia / {20240101})"),
        # Other forms: those of the tables, days and amounts; a name from abroad is found without its marks.
        ("TNGT", "(f.tngt / ([f.tai f.nan f.giao f.thong] + k.nan^5|b.nan + k.thông|b.thong))"),
        ("tai nạn giao thông", "(([f.tai f.nan f.giao f.thong] + k.nan^5|b.nan + k.thông|b.thong) / k.tngt)"),
        ("KS", "(f.ks / ([f.ki|f.ky f.su] + k.ki^3|k.ky^3|b.ki + k.sư|b.su))"),
        ("viêng chăn",
         "((([f.vieng f.chan] + k.viêng|b.vieng + k.chăn|b.chan) / ([f.vieng f.chan] + k.vieng + k.chan)) / "
                       "k.vientiane)"),
        ("8-3",
         "((f.8/3|f.8-3|f.8.3 / f.8/3/* / f.8-3-* / f.8.3.*) / (f.08/03|f.08-03|f.08.03 / f.08/03/* / f.08-03-* / "
                "f.08.03.*) / (f.08/3|f.08-3|f.08.3 / f.08/3/* / f.08-3-* / f.08.3.*) / ([f.8 f.thang f.3] + "
                "k.thang^4|b.thang) / ([f.08 f.thang f.03] + k.thang^4|b.thang))"),
        ("3000 dong", "(([f.3000 f.dong]) / ([f.3 f.000 f.dong]))"),
        # A period is in the text, or the article appeared then.
        ("mía 2017", "k.mia^4|b.mia, ((f.2017) / {20170101 20171231})"),
        ("2017", "f.2017"),
        # Slips and keys: as typed or as corrected.
        ("hooij nghij", "([f.hooij|f.hoi f.nghij|f.nghi])"),
    ],
)  # fmt: skip
def test_members_have_every_unit(planner: Planner, query: str, members: str) -> None:
    assert shown(planned(planner, query).members) == f"relaxed({members})"


@pytest.mark.parametrize(
    ("query", "effort", "members"),
    [
        # Strict: the words as typed, side by side or not, in no other form.
        ("mía", Effort(strict=True), "k.mia^4"),
        ("mia hội nghị", Effort(strict=True), "(f.mia + k.hôi^5 + k.nghi^5)"),
        ("kỹ", Effort(strict=True), "k.ky^3"),
        ("TNGT", Effort(strict=True), "f.tngt"),
        ("mía 2017", Effort(strict=True), "(k.mia^4 + f.2017)"),
        ("đồng chí Nguyễn Văn An", Effort(strict=True), "(k.đông^1 + k.chi^4 + k.nguyên^3 + k.văn + f.an)"),
        ('"hội nghị"', Effort(strict=True), "([f.hoi f.nghi] + k.hôi^5 + k.nghi^5)"),
        # Loose: any marks.
        ("mía", Effort(loose=True), "relaxed(f.mia)"),
        ("kỹ", Effort(loose=True), "relaxed(f.ky)"),
        ("mía gạo", Effort(opened=frozenset({4})), "relaxed(k.mia^4|b.mia, f.gao)"),
        # Split: the words of that unit one by one.
        ("mía hội nghị", Effort(split=frozenset({4})), "relaxed(k.mia^4|b.mia, k.hôi^5|b.hoi, k.nghi^5|b.nghi)"),
        ("mía hội nghị", Effort(split=frozenset({0})), "relaxed(k.mia^4|b.mia, ([f.hoi f.nghi] + k.hôi^5|b.hoi + "
                                                       "k.nghi^5|b.nghi))"),
        ('"mía gạo"', Effort(split=frozenset({1})), "relaxed(k.mia^4|b.mia, k.gao^5|b.gao)"),
        ("92/QĐ", Effort(split=frozenset({0})), "relaxed(f.92, k.qđ|b.qd)"),
    ],
)  # fmt: skip
def test_an_effort_changes_what_members_must_have(planner: Planner, query: str, effort: Effort, members: str) -> None:
    assert shown(planned(planner, query, effort).members) == members


@pytest.mark.parametrize(
    ("query", "members"),
    [
        ("mía -gạo", "k.gao^5"), ("mía -gao", "f.gao"), ("mía -title:gạo", "title:k.gao^5"), ("mía -ngoa*", "f.ngoa*"),
        ('mía -"hội gao"~2', "([f.hoi f.gao]~2 + k.hôi^5)"), ("mía -92/qd", "[f.92 f.qd]"),
        ("mía -(gạo OR mua)", "(k.gao^5 / f.mua)"), ("mía -(gạo mua)", "(k.gao^5 + f.mua)"),
        ("mía -(gạo -mua)", "(k.gao^5 + f.mua)"), ("mía -from:2020", "{20200101}"), ("mía -author:Lê", "author:lê"),
        ("mía OR -gạo", "k.gao^5"), ("mía -gạo -mua", "k.gao^5 / f.mua"),
    ],
)  # fmt: skip
def test_members_have_nothing_that_is_excluded(planner: Planner, query: str, members: str) -> None:
    assert shown(planned(planner, query).members) == f"relaxed(k.mia^4|b.mia) but ({members})"


@pytest.mark.parametrize(
    ("query", "members"),
    [
        ("province:huế", "{Huế}"), ("from:2024 to:2025", "({20240101} + {20251231})"), ("author:Lê", "author:lê"),
        ("from:2024 mía", "(relaxed(k.mia^4|b.mia) + {20240101})"), ("-mía", "every but (k.mia^4)"), ("", "every"),
        ("from:2024 -mía", "{20240101} but (k.mia^4)"), ("%", "-"), ("ab*", "relaxed(f.ab)"),
    ],
)  # fmt: skip
def test_filters_restrict_and_nothing_typed_is_everything(planner: Planner, query: str, members: str) -> None:
    found = planned(planner, query)
    assert shown(found.members) == members
    assert found.scores == (("ía" in query and "-" not in query) or "*" in query)


@pytest.mark.parametrize(
    ("query", "beyond"),
    [
        ("mía", "-"), ("ngoa*", "-"), ('"mía"', "-"), ("author:Lê", "-"),
        ("mía gạo", "1 of (k.mia^4|b.mia k.gao^5|b.gao) for 1 down to 0.2"),
        ("mia gao mua", "1 of (f.mia f.gao f.mua) for 1 down to 0.2"),
        ("mia gao mua xe", "1 of (f.mia f.gao f.mua f.xe) for 50 down to 0.6"),
        ("mia gao mua xe tau", "0.45 of (f.mia f.gao f.mua f.xe f.tau) for 200 down to 0.2"),
        ('mia "gao mua"', "(f.mia + ([f.gao f.mua]))"),
        ("gao mua -mia", "1 of (f.gao f.mua) for 1 down to 0.2 but (f.mia)"),
        ("from:2024 gao mua", "(1 of (f.gao f.mua) for 1 down to 0.2 + {20240101})"), ("mia OR gao", "(f.mia / f.gao)"),
        ("92/qd", "best(f.92/qd / [f.92 f.qd])"),
    ],
)  # fmt: skip
def test_beyond_the_members_are_all_of_a_few_words_or_a_share_of_many(
    planner: Planner, query: str, beyond: str
) -> None:
    assert shown(planned(planner, query).beyond) == beyond
    assert planned(planner, query, Effort(strict=True)).beyond is None


@pytest.mark.parametrize(
    ("query", "loose"),
    [
        ("mía", "all(f.mia)"), ("mia", "-"), ("mía gao", "all(f.mia, f.gao)"), ("kỹ", "all(f.ky|f.ki)"),
        ("hội nghị", "all([f.hoi f.nghi])"), ("title:mía", "all(title:f.mia)"), ("mía -gao", "all(f.mia) but (f.gao)"),
        ("mía from:2024", "(all(f.mia) + {20240101})"),
    ],
)  # fmt: skip
def test_words_with_marks_are_looked_for_in_any_marks_as_well(planner: Planner, query: str, loose: str) -> None:
    assert shown(planned(planner, query).loose) == loose
    assert planned(planner, query, Effort(loose=True)).loose is None


@pytest.mark.parametrize(
    ("query", "scored"),
    [
        ("mía", "k.mia^4|k.mia"), ("mia", "f.mia|k.mia^4"), ("kỹ", "k.ky^3|k.ky|k.ki^3"), ("", "every"),
        ("mía hội nghị", "(k.mia^4|k.mia / k.hôi^5|k.hoi / k.nghi^5|k.nghi)"),
        ('"mía gao"', "([f.mia f.gao] / k.mia^4|k.mia)"), ('"mia gao"', "[f.mia f.gao]"), ("ngoa*", "f.ngoa*"),
        ("mía OR gao", "(k.mia^4|k.mia / f.gao|k.gao^5)"), ("hội-nghị", "best(f.hoinghi / [f.hoi f.nghi])"),
        ("TNGT", "best(f.tngt|k.tngt / [f.tai f.nan f.giao f.thong]) of (f.tngt / ([f.tai f.nan f.giao f.thong] + "
                 "k.nan^5|b.nan + k.thông|b.thong))"),
        ("tai nạn giao thông", "best((f.tai|k.tai + k.nan^5|k.nan + f.giao|k.giao + k.thông|k.thong) / k.tngt)"),
        ("3000 gao", "(best(f.3000|k.3000 / [f.3 f.000]) of (f.3000 / ([f.3 f.000])) / f.gao|k.gao^5)"),
    ],
)  # fmt: skip
def test_what_scores_are_the_words_one_by_one_and_one_thing_as_one(planner: Planner, query: str, scored: str) -> None:
    assert shown(planned(planner, query).root) == scored


@pytest.mark.parametrize(
    ("query", "phrases"),
    [
        ('"đường sắt"', "đương^1 săt^4 1 sure"), ('"đường sat"', "đương^1 sat 1 sure"),
        ('"mía gạo"', "mia^4 gao^5 1 doubtful"),
        ('"đường sắt"~2', "đương^1 săt^4 2 doubtful"), ('"duong sat"', ""), ('"đường"', ""), ("đường sắt", ""),
        ('"đường sắt" OR mía', ""), ('title:"mía gạo"', "mia^4 gao^5 1 doubtful"),
        ('"hội nghị" "mía gạo"', "hôi^5 nghi^5 1 sure, mia^4 gao^5 1 doubtful"),
    ],
)  # fmt: skip
def test_a_quoted_phrase_with_marks_is_verified_unless_its_letters_stand_for_nothing_else(
    planner: Planner, query: str, phrases: str
) -> None:
    found = planned(planner, query).phrases
    assert ", ".join(f"{' '.join(phrase.keys)} {phrase.slop} {'doubtful' if phrase.doubtful else 'sure'}"
                     for phrase in found) == phrases  # fmt: skip
