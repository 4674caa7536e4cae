"""The imprint below an article on a lone page: whose site it is, where, by which licence, and the links of its shop."""

import re
from collections.abc import Sequence
from typing import Final

from index.body.lines import is_long
from index.page.blocks import Block, is_sentence
from search.text import fold_text

#: How lines of an imprint begin, folded.
_SIGNS: Final = re.compile(
    r"(?:cong ty|dia chi|tru so|dien thoai|hotline|tel\b|fax|e-?mail"
    r"|ma so thue|mst\b|gpkd|gcn|giay (?:phep|chung nhan)"
    r"|ngay cap|noi cap|chiu trach nhiem|ban quyen|bao hanh|doi tra|chinh sach|dieu khoan|huong dan mua"
    r"|cau hoi thuong gap|so \d+[a-z]? (?:pho|duong|ngo)|phuong thuc (?:thanh toan|giao hang))"
)
_LEAST: Final = 3
_LEAST_SIGNS: Final = 2


def imprint_start(blocks: Sequence[Block], body: Sequence[int]) -> int:
    """Return at which place of `body` an imprint begins, its length if there is none.

    It is a run of short lines at the end, in another element than the last sentence, at least two of which say so.
    """
    last = next((place for place in reversed(range(len(body))) if _runs(blocks[body[place]])), None)
    if last is None:
        return len(body)
    element = blocks[body[last]].path[:-1]
    lines = [blocks[index] for index in body[last + 1:]]
    signs = sum(_SIGNS.match(fold_text(line.text[:60]).strip()) is not None for line in lines)
    apart = all(line.path[:-1] != element for line in lines)
    return last + 1 if apart and len(lines) >= _LEAST and signs >= _LEAST_SIGNS else len(body)


def _runs(block: Block) -> bool:
    return is_sentence(block.text) or (is_long(block) and not _SIGNS.match(fold_text(block.text[:60]).strip()))
