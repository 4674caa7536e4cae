"""Words around the name of a province that tell what it stands for: an office, a street, a person.

Plain tables; `mentions` compiles them.  Collected from the seeds, 8,000 news articles and 545 pages.
"""

from typing import Final

#: Right before a name: it is the province (or its city), whatever else touches it.
ADMIN: Final = (
    "tỉnh", "thành phố", "thủ đô", "TP", "T.P", "Tp", "UBND", "HĐND", "VKSND", "TAND", "MTTQ", "BCH", "Sở",
    "Tỉnh ủy", "Tỉnh uỷ", "Thành ủy", "Thành uỷ", "Tỉnh đoàn", "Thành đoàn", "Tỉnh", "Thành phố", "TỈNH",
    "THÀNH PHỐ", "SỞ", "Đoàn ĐBQH", "Công an", "Ngoại vụ", "Báo", "Đài",
)  # fmt: skip
#: Offices that have a field of work between them and the name: `Sở Ngoại vụ tỉnh`, `Cục Hải quan`.
OFFICES_OF: Final = (
    "Sở", "SỞ", "Bộ Chỉ huy", "Cục", "Ban", "Hội", "Liên hiệp", "Liên đoàn", "Ủy ban", "Uỷ ban", "Trường",
    "Bệnh viện", "Đài",
)  # fmt: skip
#: Offices that stand by themselves before the name.
OFFICES: Final = (
    "UBND", "HĐND", "VKSND", "TAND", "MTTQ", "BCH", "Đoàn ĐBQH", "Công an", "CÔNG AN", "BĐBP", "BHXH", "Báo", "Đài",
    "Tỉnh ủy", "Tỉnh uỷ", "Thành ủy", "Thành uỷ", "Tỉnh đoàn", "Thành đoàn", "TỈNH ỦY",
)  # fmt: skip
KINDS: Final = ("tỉnh", "thành phố", "TP.", "TP", "Tỉnh", "Thành phố", "TỈNH", "THÀNH PHỐ")
#: Right before a name: it is a street, a river, a ship, a lesser place.
NOT_THE_PROVINCE: Final = (
    "đường", "phố", "phường", "xã", "thôn", "ấp", "khu phố", "sông", "hồ", "cầu", "đèo", "chùa", "chợ", "tàu",
    "quận", "huyện", "đại lộ", "ngã tư", "TDTT", "nhà thi đấu", "Nhà thi đấu", "trường đua", "cư xá", "chung cư",
    "vịnh", "rạp", "nhà hát", "khách sạn", "công viên", "sân vận động", "Đường",
    "Phố", "Sông", "Cầu", "Hồ", "Phường", "Quận", "Huyện", "Xã",
)  # fmt: skip
#: Somewhere before a name, with nothing but other words of the name between: what is called so, wherever it is.
COMPANIES: Final = (
    "Công ty", "công ty", "Tổng công ty", "Tập đoàn", "tập đoàn", "Ngân hàng", "ngân hàng", "CTCP", "Xí nghiệp",
    "Sở Giao dịch", "Sở giao dịch", "Sở GDCK", "Sàn chứng khoán", "sàn chứng khoán",
)  # fmt: skip
#: The same, but for those of the province: `Nhà hát Kịch TP HCM`.
HOUSES: Final = (
    "Nhà hát", "nhà hát", "rạp", "khách sạn", "Khách sạn", "CLB", "Câu lạc bộ", "câu lạc bộ", "Tạp chí",
    "Nhà xuất bản", "NXB", "Hoa hậu", "Á hậu",
)  # fmt: skip
#: Right before a name: what is called so.
NAMED_DIRECTLY: Final = (
    "tàu", "Tàu", "Địa chất", "giải", "Giải", "cúp", "Cúp", "đội", "Đội", "bóng đá", "thầy trò", "nhạc sĩ", "bia",
    "Bia", "xi măng", "Xi măng", "quán", "Quán", "Than", "thuốc lá", "phim", "truyện",
)  # fmt: skip
#: Right before a name: it is a person.
PERSONS: Final = (
    "ông", "bà", "anh", "chị", "em", "cô", "chú", "cháu", "bé", "bác sĩ", "nghệ sĩ", "ca sĩ", "diễn viên",
    "đồng chí", "Ông", "Bà", "Anh", "Chị", "Em", "Cô", "Thị", "Văn",
)  # fmt: skip
#: A lesser unit between an office and the name: `Công an thị xã Thuận An, tỉnh Bình Dương`.
LESSER: Final = (
    "thị xã", "TX.", "TX", "huyện", "TP.", "TP", "thành phố", "quận", "Q.", "xã", "phường", "thị trấn",
)  # fmt: skip
#: Somewhere before a name, in the same clause: it is where a person is from, not where the story is.
ORIGINS: Final = (
    "HKTT", "trú tại", "trú ở", "ngụ", "quê", "thường trú", "tạm trú", "người gốc", "cựu", "sinh ra tại", "sinh ra ở",
)  # fmt: skip
#: Between the provinces of a list.
LIST_LINKS: Final = ("và", "với", "cùng", "đến", "các tỉnh", "các", "tỉnh", "thành phố", "TP.", "TP", "Tp.", "Tp")
#: Capitalised words that begin a sentence or name an office, and so don't make the name part of a longer one.
OPENERS: Final = frozenset((
    "Tại", "Ở", "Từ", "Về", "Đến", "Tới", "Tỉnh", "Thành", "Phố", "TP", "Tp", "Sở", "Người", "Báo", "Đài", "Cả",
    "Trong", "Ngoài", "Với", "Và", "Còn", "Riêng", "Nếu", "Khi", "Theo", "Do", "Vì", "Nhưng", "Như", "Hai", "Ba",
    "Bốn", "Các", "Những", "Nhiều", "Toàn", "Vùng", "Giữa", "Qua", "Sang", "Ra", "Vào", "Trước", "Sau", "Rời", "Đoàn",
    "Phía", "Dân", "Đất", "Đô", "Đạo", "Lãnh", "Nhờ", "Bởi", "Thế", "Là", "Hiện", "Nay", "Cho", "Bắc", "Nam", "Đông",
    "Tây", "Khu", "Cụm", "Cảng", "Biển", "Du", "Tour", "Tuyến", "Quê", "Vụ", "Lịch", "Ngày", "Mùa", "Đón", "Thăm",
    "Làm", "Để", "Một",
))  # fmt: skip
#: A surname after the name of an office begins the name of its holder: `Sở Ngoại vụ Hà Nội Nguyễn Nam Hải`.
SURNAMES: Final = frozenset((
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
    "Lý", "Đinh", "Trịnh", "Đoàn", "Lương", "Mai", "Tô", "Trương", "Cao", "Hà", "Tạ", "Lưu", "Thái", "Châu", "Phùng",
    "Quách", "Tống", "Vương", "Kiều", "Đào", "Chu", "Triệu", "Nông", "Vi", "Lò", "Hứa", "La", "Giàng", "Sùng", "Y",
    "K", "A",
))  # fmt: skip
