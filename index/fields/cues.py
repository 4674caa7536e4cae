"""Cue words of captions, by-lines and leads: plain tables, compiled where they are used.

Sources: the seeds, 71,701 captions of news, NukeViet's language file, the mastheads of Vietnamese newspapers.
"""

import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from search.text import normalize


def _lines(name: str) -> tuple[str, ...]:
    """Return the lines of one of the room's tables, comments left out."""
    lines = (files("index.fields") / name).read_text(encoding="utf-8").splitlines()
    return tuple(normalize(line.strip()) for line in lines if line.strip() and not line.startswith("#"))


def any_of(phrases: Sequence[str]) -> str:
    """Return an alternation of literal phrases, longest first; a space stands for any run of spaces."""
    ordered = sorted(phrases, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in ordered) + ")"


#: What a caption without a credit begins with: a scene ...
SCENES: Final = (
    "Quang cảnh", "Toàn cảnh", "Khung cảnh", "Một số hình ảnh", "Hình ảnh", "Các đại biểu", "Đại biểu", "Các đồng chí",
    "Các đơn vị", "Lễ", "Nghi thức", "Tiết mục", "Một tiết mục", "Đông đảo", "Chụp ảnh", "Đoàn đại biểu",
    "Đoàn công tác", "Đại diện", "Lãnh đạo", "Các thành viên", "Tập thể",
)  # fmt: skip
#: ... or a person with their office ...
PERSONS: Final = (
    "Đồng chí", "Đ/c", "Đ/C", "Ông", "Bà", "Anh", "Chị", "TS", "PGS", "GS", "Thượng tướng", "Trung tướng",
    "Thiếu tướng",
    "Đại tá", "Thượng tá", "Trung tá", "Thiếu tá", "Linh mục", "Phó", "Quyền", "Nguyên", "Giám đốc", "Chủ tịch",
    "Bí thư",
    "Trưởng", "Cục trưởng", "Thứ trưởng", "Bộ trưởng", "Thủ tướng", "Tổng", "Đại sứ", "Cụm Trưởng", "Cụm trưởng",
)  # fmt: skip
#: ... who is seen doing this.
SHOWN: Final = (
    "phát biểu", "chủ trì", "báo cáo", "điều hành", "khai mạc", "bế mạc", "kết luận", "chụp ảnh", "lưu niệm",
    "trao quà",
    "trao tặng", "trao bằng", "trao giấy", "trao cờ", "trao quyết", "trao hoa", "trao đổi", "trao kỷ", "tặng quà",
    "tặng hoa", "tặng bằng", "tặng giấy", "chúc mừng", "ký kết", "trình bày", "thảo luận", "tham luận", "tham quan",
    "kiểm tra", "tiếp và", "tiếp đoàn", "tiếp xã giao", "đón tiếp", "cắt băng", "dâng hương", "thăm hỏi", "bỏ phiếu",
    "tham dự", "dự hội", "dự buổi", "dự lễ", "dự đại", "làm việc", "giới thiệu", "công bố", "tại hội", "tại buổi",
    "tại lễ", "tại đại",
)  # fmt: skip
#: Words of reporting, which captions do without.
REPORTS: Final = (
    "đã", "sẽ", "nhằm", "cũng", "đồng thời", "qua đó", "cho biết", "khẳng định", "nhấn mạnh", "đề nghị",
)  # fmt: skip
#: How sentences of the running text begin.
OPENS_TEXT: Final = (
    "Ngày", "Sáng", "Chiều", "Tối", "Tại", "Theo", "Trong", "Sau", "Phát biểu", "Kết luận", "Dự", "Tham dự", "Cùng",
    "Về phía", "Tiếp", "Ngoài", "Để", "Với", "Hội nghị",
)  # fmt: skip
#: Labels of the author.
AUTHOR_LABELS: Final = (
    "Tác giả", "Tác giả bài viết", "Người viết", "Người đăng", "Đăng bởi", "Viết bởi", "Tin, ảnh", "Tin ảnh", "Tin-ảnh",
    "Tin - ảnh", "Bài-ảnh", "Bài - ảnh", "Tin và ảnh", "Bài, ảnh",
    "Bài ảnh", "Bài và ảnh", "Tin bài", "Tin, bài", "Tin bài ảnh", "Tin bài, ảnh", "Bài viết", "Bài", "Tin",
    "Thực hiện",
    "Phóng viên", "PV", "Biên tập", "BTV", "CTV", "By", "Nhóm PV",
)  # fmt: skip
#: Labels of authors that are also the photographers; they label anywhere, also without a stop before them.
PICTURE_LABELS: Final = tuple(label for label in AUTHOR_LABELS if "ảnh" in label and " " in label)
#: Words before a person whom the text tells of: such a name at its end signs nothing.
BEFORE_A_NAME: Final = frozenset(" ".join(_lines("before_names.txt")).split())
#: Newspapers and agencies that a by-line may name beside its author or instead.
OUTLETS: Final = _lines("outlets.txt")
#: How a text was made, in brackets behind the name.
ASIDES: Final = (
    "tổng hợp", "t/h", "t / h", "th", "ghi", "ghi chép", "dịch", "lược dịch", "biên dịch", "thực hiện", "lược ghi",
    "biên soạn", "sưu tầm", "st",
)  # fmt: skip
#: Syllables of given names.
GIVEN_NAMES: Final = frozenset(" ".join(_lines("given_names.txt")).split())
#: Agencies and desks that sign by themselves.
DESKS: Final = (
    "TTXVN", "PV", "P.V", "BBT", "BTV", "CTV", "Nhóm PV", "Nhóm phóng viên", "Ban Biên tập", "Ban Bạn đọc",
    "Ban Thời sự", "TTXVN/Tin tức", "PV/VOV", "PV/VOV.VN", "VOV", "VTV", "TTXVN/Vietnam+", "T.H", "TH",
)  # fmt: skip
#: Who is called so in a line of their own is shown in a picture; authors sign without a title.
TITLES: Final = (
    "Ông", "Bà", "NSƯT", "NSND", "MC", "NTK", "Luật sư", "Rapper", "Vợ", "Chồng", "Ca sĩ", "Diễn viên", "Nghệ sĩ",
    "Bị cáo",
    "Đối tượng", "Nạn nhân", "Cầu thủ", "HLV",
)  # fmt: skip
#: What begins the name of an office or a heading, not of a person.
NO_PERSONS: Final = (
    "Ban", "Sở", "Phòng", "Ủy", "Uỷ", "UBND", "HĐND", "Hội", "Bộ", "Cục", "Tỉnh", "Huyện", "Xã", "Đảng", "Báo", "Cổng",
    "Trang", "Xem", "Khối", "Cụm", "Nhà", "Kính", "Xin", "Hết", "Nơi", "Lịch", "Tin", "Tải", "Các", "Những", "Bài",
    "Số",
    "Ảnh", "Video", "Gửi", "Về", "Đọc", "Chia sẻ", "Bình luận", "Danh sách", "Danh mục", "Văn phòng", "Văn bản",
    "Trung tâm", "Trung ương", "Chi bộ", "Chi cục", "Chi đoàn", "Chi tiết", "Thành phố", "Thành ủy", "Công an",
    "Công đoàn", "Công ty", "Đoàn Thanh niên", "Đoàn viên", "Liên hiệp", "Liên đoàn", "Liên hệ", "Liên kết", "Quốc hội",
    "Theo", "Nguồn", "Mặt trận", "Thông báo", "Thông tin", "Thư viện", "Trường", "Chủ tịch", "Chủ nhiệm",
    "Kế hoạch", "Việt Nam", "Hoàng Sa", "Trường Sa", "Biển Đông",
)  # fmt: skip
#: Capitalised openings of a lead that a crawler glued to the title.
OPENS_LEAD: Final = (
    "Theo", "Tại", "Trong", "Nhằm", "Nhân", "Vừa qua", "Mới đây", "Hôm nay", "Hôm qua", "Thực hiện", "Sau khi", "Trước",
    "Để", "Với", "Hiện nay", "Những năm", "Bước vào", "Được sự", "Tiếp tục", "Tính đến", "Đến nay", "Qua", "Vào", "Từ",
    "Ngày", "Sáng", "Chiều", "Tối",
)  # fmt: skip
