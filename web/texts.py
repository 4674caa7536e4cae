"""Every word of the interface, in Vietnamese and English.

`{n}` and other names are filled in by `say`; a key with `.one` is used in its place when n is 1.
"""

import json
from functools import cache
from typing import Final

from web.language import Language

TEXTS: Final[dict[str, tuple[str, str]]] = {
    # frame
    "tagline": (
        "Tìm trong kho tin tiếng Việt, có dấu hay không dấu",
        "Search Vietnamese news, with or without the marks",
    ),
    "skip": ("Đến nội dung chính", "Skip to content"),
    "home": ("Trang chủ", "Front page"),
    "other_language": ("English", "Tiếng Việt"),
    "footer": (
        "Dấu đọc tệp bài báo của bạn, bỏ phần khung trang, hiểu chữ có dấu và không dấu.",
        "Dấu reads your article files, strips the page frame, and understands words with and without marks.",
    ),
    "generation": ("Chỉ mục {id}", "Index {id}"),
    "feed_link": ("Nguồn cấp Atom", "Atom feed"),
    "api_link": ("Kết quả dạng JSON", "These results as JSON"),
    # search box
    "search": ("Tìm kiếm", "Search"),
    "suggest.title": ("bài", "article"),
    "suggest.name": ("tên", "name"),
    "suggest.province": ("tỉnh, thành phố", "province"),
    "suggest.phrase": ("cụm từ", "phrase"),
    "suggest.found": ("Có {n} gợi ý, dùng phím mũi tên để chọn.", "{n} suggestions, choose with the arrow keys."),
    "suggest.found.one": ("Có 1 gợi ý, dùng phím mũi tên để chọn.", "1 suggestion, choose with the arrow keys."),
    "search_label": ("Tìm trong kho tin", "Search the archive"),
    "placeholder": ("Ví dụ: sở ngoại vụ, thanh hoa, “giao lưu”", "For example: sở ngoại vụ, thanh hoa, “giao lưu”"),
    # front page
    "articles": ("{n} bài", "{n} articles"),
    "articles.one": ("1 bài", "1 article"),
    "provinces_count": ("{n} tỉnh, thành phố", "{n} provinces and cities"),
    "provinces_count.one": ("1 tỉnh, thành phố", "1 province"),
    "latest": ("Mới nhất", "Latest"),
    "all_latest": ("Xem tất cả theo ngày", "See all by date"),
    "browse": ("Duyệt kho tin", "Browse the archive"),
    "empty_archive": ("Kho tin chưa có bài nào", "The archive is empty"),
    "empty_archive_help": (
        "Hãy đưa tệp bài báo vào một thư mục rồi chạy lệnh dưới đây; trang này sẽ tự nhận kho tin mới.",
        "Put article files into a folder and run the command below; this page picks up the new archive by itself.",
    ),
    "how_to": ("Cách gõ", "How to type"),
    # results
    "results": ("{n} kết quả", "{n} results"),
    "results.one": ("1 kết quả", "1 result"),
    "more": ("và {n} bài khác thiếu một phần", "and {n} more that lack a part"),
    "more.one": ("và 1 bài khác thiếu một phần", "and 1 more that lacks a part"),
    "missing": ("thiếu: {words}", "missing: {words}"),
    "deepest": (
        "Chỉ lật được đến kết quả thứ {n}; hãy thêm từ hoặc bộ lọc để thu hẹp.",
        "Pages end at result {n}; add a word or a filter to narrow the search.",
    ),
    "all_articles": ("Tất cả các bài", "All articles"),
    "updated": ("kho tin cập nhật {day}", "archive of {day}"),
    "sort": ("Xếp theo", "Sort by"),
    "sort.relevance": ("Liên quan", "Relevance"),
    "sort.newest": ("Mới nhất", "Newest"),
    "sort.oldest": ("Cũ nhất", "Oldest"),
    "recency": ("Ưu tiên tin mới", "Favour recent articles"),
    "recency.remove": ("Bỏ ưu tiên tin mới", "Stop favouring recent articles"),
    "marks_any": ("Kể cả chữ khác dấu", "Other marks as well"),
    "strict_on": ("Đang tìm đúng từng chữ đã gõ", "Searching exactly what was typed"),
    "pages": ("Các trang kết quả", "Pages of results"),
    "page": ("Trang {n}", "Page {n}"),
    "previous": ("Trang trước", "Previous"),
    "next": ("Trang sau", "Next"),
    "page_past_end": ("Trang này vượt quá trang cuối.", "This page lies behind the last one."),
    "first_page": ("Về trang đầu của kết quả", "To the first page of results"),
    "twins": ("và {n} bản gần giống", "and {n} near-identical copies"),
    "twins.one": ("và 1 bản gần giống", "and 1 near-identical copy"),
    "grade.unmarked": ("Khớp không dấu", "Matches without marks"),
    "grade.partial": ("Khớp một phần dấu", "Marks match in part"),
    "grade.other": ("Khớp chữ, khác dấu", "Same letters, other marks"),
    "grade.help": (
        "Các từ trong bài có dấu khác với từ đã gõ",
        "The words in this article carry other marks than the ones typed",
    ),
    "kind.article": ("Bài", "Article"),
    "kind.notice": ("Thông báo ngắn", "Short notice"),
    "kind.listing": ("Trang danh mục", "Listing page"),
    "unsure": ("Chưa chắc phần nào là nội dung", "Text and page frame could not be told apart for sure"),
    "untitled": ("(Không có tiêu đề)", "(Untitled)"),
    "notices": ("Lưu ý về lần tìm này", "About this search"),
    "undo": ("Tìm đúng như đã gõ", "Search exactly as typed"),
    "follow": ("Xem", "Show"),
    # zero results
    "zero_filters": ("Bỏ các bộ lọc", "Remove all filters"),
    "zero_heading": ("Không có bài nào khớp", "Nothing matches"),
    "zero_why_filters": (
        "Có thể các bộ lọc bên trên quá hẹp.",
        "The filters above may be too narrow.",
    ),
    "zero_tips": (
        "Thử ít từ hơn, bỏ dấu ngoặc kép, hoặc gõ không dấu.",
        "Try fewer words, drop the quotation marks, or type without marks.",
    ),
    "zero_unstrict": ("Cho phép tìm cả cách viết gần đúng", "Allow near spellings"),
    # facets
    "filters": ("Lọc kết quả", "Filter results"),
    "active": ("Đang lọc", "Active filters"),
    "remove": ("Bỏ lọc {what}", "Remove filter {what}"),
    "clear": ("Bỏ tất cả", "Clear all"),
    "facet.date": ("Thời gian", "Date"),
    "facet.province": ("Tỉnh, thành phố", "Province"),
    "facet.source": ("Nguồn", "Source"),
    "facet.section": ("Chuyên mục", "Section"),
    "facet.kind": ("Loại trang", "Kind of page"),
    "facet.author": ("Tác giả", "Author"),
    "unknown": ("Không rõ", "Unknown"),
    "unknown_date": ("Không rõ năm", "Year unknown"),
    "unknown_month": ("Không rõ tháng", "Month unknown"),
    "facet.more": ("Xem thêm {n}", "{n} more"),
    "facet.find": ("Tìm trong danh sách", "Find in this list"),
    "facet.beyond": ("và {n} giá trị khác: gõ tên để tìm", "and {n} others: type a name to find them"),
    "facet.add": ("Thêm", "Add"),
    "filters.open": ("Bộ lọc", "Filters"),
    "filters.close": ("Xong", "Done"),
    "skip_filters": ("Đến bộ lọc", "Skip to filters"),
    "time.year": ("Theo năm", "By year"),
    "time.month": ("Theo tháng của năm {year}", "Months of {year}"),
    "time.day": ("Theo ngày của tháng {month}/{year}", "Days of {month}/{year}"),
    "time.up": ("Xem rộng hơn", "Zoom out"),
    "time.counts": ("Số bài", "Articles"),
    "time.shares": ("Phần của kho tin", "Share of the archive"),
    "time.table": ("Xem dạng bảng", "As a table"),
    "time.when": ("Thời gian", "Time"),
    "time.whole": ("Trong kho", "In the archive"),
    "before": ("Trước {n}", "Before {n}"),
    "after": ("Sau {n}", "After {n}"),
    "unknown_day": ("Không rõ ngày", "Day unknown"),
    "preset.this_year": ("Năm nay", "This year"),
    "preset.last_12": ("12 tháng qua", "Last 12 months"),
    "preset.this_day": ("Ngày này các năm", "This day in all years"),
    "map.title": ("Bản đồ", "Map"),
    "map.34": ("34 tỉnh, thành nay", "34 provinces today"),
    "map.63": ("63 trước 7/2025", "63 before July 2025"),
    "map.elsewhere": ("{n} bài thuộc đơn vị cũ không có trên bản đồ này", "{n} of provinces that this map lacks"),
    "map.elsewhere.one": ("1 bài thuộc đơn vị cũ không có trên bản đồ này", "1 of a province that this map lacks"),
    "unit": ("{n} bài", "{n} articles"),
    "unit.one": ("1 bài", "1 article"),
    "chosen": ("đang chọn", "selected"),
    "with_former": ("{now} (mới)", "{now} (new)"),
    "part_of": ("nay thuộc {now}", "now {now}"),
    "year": ("Năm {n}", "{n}"),
    "range": ("Khoảng thời gian", "Date range"),
    "from": ("Từ", "From"),
    "to": ("Đến", "To"),
    "apply": ("Áp dụng", "Apply"),
    "date_hint": ("2025, 6/2025 hoặc 30/6/2025", "2025, 6/2025 or 30/6/2025"),
    "since": ("từ {day}", "from {day}"),
    "until": ("đến {day}", "until {day}"),
    # article
    "back": ("Về kết quả tìm", "Back to the results"),
    "original": ("Xem bài gốc", "Read it at its source"),
    "source": ("Nguồn", "Source"),
    "author": ("Tác giả", "Author"),
    "photographer": ("Ảnh", "Photographs"),
    "section": ("Chuyên mục", "Section"),
    "date": ("Ngày", "Date"),
    "event_date": ("Ngày diễn ra", "Date of the event"),
    "province": ("Tỉnh, thành phố", "Province"),
    "province_then": ("{then}, nay thuộc {now}", "{then}, today part of {now}"),
    "place.tỉnh": ("tỉnh {name}", "{name} province"),
    "place.thành phố": ("thành phố {name}", "{name} city"),
    "place.đặc khu": ("đặc khu {name}", "{name} special zone"),
    "mentions": ("Cũng nhắc đến", "Also mentions"),
    "file": ("Tệp", "File"),
    "attachments": ("Tệp đính kèm", "Attachments"),
    "date_source.published": ("ngày đăng ghi trên trang", "the publication date shown on the page"),
    "date_source.stated": ("ngày ghi đầu bài", "the date stated at the head of the article"),
    "date_source.inferred": ("suy ra từ nội dung bài", "inferred from the text"),
    "date_source.crawl": ("ngày thu thập trang", "the day the page was collected"),
    "date_source.given": ("theo dữ liệu đi kèm", "given with the record"),
    "date_source.file": ("theo tên, địa chỉ hoặc thuộc tính của tệp", "from the file's name, address or properties"),
    "evidence": ("căn cứ: “{text}”", "evidence: “{text}”"),
    "about": ("Về bài này", "About this article"),
    "copies": ("Bản gần giống", "Near-identical copies"),
    "copies_help": (
        "Cùng một nội dung đăng ở nơi khác, bản đăng sớm nhất đứng đầu.",
        "The same text published elsewhere, the earliest first.",
    ),
    "similar": ("Bài tương tự", "Similar articles"),
    "removed": ("Những gì đã bỏ khỏi trang gốc", "What was removed from the original page"),
    "removed_help": (
        "Dấu coi những đoạn này không thuộc về bài. Nếu có đoạn bị bỏ nhầm, hãy báo cho người quản lý kho tin.",
        "Dấu took these blocks for page frame. If one belongs to the article, tell the keeper of this archive.",
    ),
    "removed_count": ("{n} đoạn", "{n} blocks"),
    "removed_count.one": ("1 đoạn", "1 block"),
    "to_match": ("Đến chỗ khớp đầu tiên", "To the first match"),
    "hit.before": ("Kết quả trước", "Previous result"),
    "hit.behind": ("Kết quả sau", "Next result"),
    "copies.same": ("Cùng một nội dung", "The same text"),
    "copies.differ": (
        "Đoạn khác: {theirs} chỉ có ở bản kia, {mine} chỉ có ở bài này",
        "Paragraphs that differ: {theirs} only there, {mine} only here",
    ),
    "cite": ("Trích dẫn và chia sẻ", "Cite and share"),
    "cite.as": ("Cho phần mềm trích dẫn:", "For citation managers:"),
    "cite.unnamed": ("Không rõ tác giả", "Unknown author"),
    "share": ("Địa chỉ", "Address"),
    "copy": ("Chép", "Copy"),
    "print": ("In", "Print"),
    "printed.query": ("tìm", "searched for"),
    "export": ("Tải mọi kết quả", "Download all results"),
    "export.most": ("nhiều nhất {n} bài đầu", "the first {n} at most"),
    # the endpoint's description
    "api.title": ("Dành cho lập trình viên", "For developers"),
    "api.intro": (
        "Mọi tìm kiếm trên trang cũng có ở dạng JSON, không cần tài khoản. Bản mô tả cho máy (OpenAPI 3.1):",
        "Every search of the page is there as JSON, without an account. The description for programs (OpenAPI 3.1):",
    ),
    "api.promise": (
        "Mỗi câu trả lời có đầu mục X-Api-Version, nay là {version}. Có thể thêm trường và tham số mới bất cứ lúc nào; "
        "khi bỏ đi hoặc đổi nghĩa thì số này tăng.",
        "Every answer carries X-Api-Version, now {version}. Members and parameters may be added at any time; when one "
        "goes or means another thing, the number rises.",
    ),
    "api.example": ("Ví dụ", "Example"),
    "api.parameter": ("Tham số", "Parameter"),
    "api.meaning": ("Ý nghĩa", "Meaning"),
    "api.values": ("Giá trị", "Values"),
    "api.number": ("số từ {low} đến {high}", "a number from {low} to {high}"),
    "api.default": ("; mặc định {value}", "; default {value}"),
    "api.several": ("lặp lại được, nhiều nhất {most} lần", "may be repeated, {most} times at most"),
    "api.text": ("chữ bất kỳ", "any text"),
    "api.errors": ("Lỗi", "Errors"),
    "api.errors_help": (
        "Tham số sai: 400, application/problem+json nêu tên tham số. Kho tin tạm thời chưa dùng được: 503, “type” cho "
        "biết vì sao (index-unusable, engine-unavailable, busy, query-timeout) và Retry-After cho biết khi nào nên thử "
        "lại.",
        "A wrong parameter: 400 with application/problem+json that names it. The archive can't be searched just now: "
        "503, 'type' says why (index-unusable, engine-unavailable, busy, query-timeout) and Retry-After when to ask "
        "again.",
    ),
    # the archive itself
    "status.title": ("Tình trạng kho tin", "State of the archive"),
    "status.articles": ("Số bài", "Articles"),
    "status.generation": ("Chỉ mục", "Index"),
    "status.age": ("Tuổi của chỉ mục", "Age of the index"),
    "status.last_run": ("Lần cập nhật gần nhất", "Last update"),
    "status.good": ("tốt", "good"),
    "status.look": ("cần xem lại (mã {code})", "needs a look (code {code})"),
    "status.sources": ("Nguồn", "Sources"),
    "status.count.documents": ("Tài liệu đã đọc", "Documents read"),
    "status.count.indexed": ("Mới hoặc đã đổi", "New or changed"),
    "status.count.unchanged": ("Không đổi", "Unchanged"),
    "status.count.duplicate": ("Trùng", "Duplicates"),
    "status.count.rejected": ("Bị loại", "Rejected"),
    "status.count.unreadable": ("Không đọc được", "Could not be read"),
    "status.count.removed": ("Đã gỡ", "Removed"),
    "age.days": ("{n} ngày", "{n} days"),
    "age.days.one": ("1 ngày", "1 day"),
    "age.hours": ("{n} giờ", "{n} hours"),
    "age.hours.one": ("1 giờ", "1 hour"),
    "age.minutes": ("{n} phút", "{n} minutes"),
    "age.minutes.one": ("1 phút", "1 minute"),
    "coverage.title": ("Kho tin có những gì", "What the archive covers"),
    "coverage.intro": (
        "Số bài theo tỉnh, thành phố và năm. Ô trống nghĩa là kho không có bài, không phải là không có chuyện gì.",
        "Articles by province and year. An empty cell says that the archive has none, not that nothing happened.",
    ),
    "coverage.undated": ("Không rõ", "Undated"),
    "coverage.unknown": ("Không rõ", "Unknown"),
    "coverage.all": ("Tất cả", "All"),
    "help.title": ("Cách tìm", "How to search"),
    "help.intro": (
        "Gõ có dấu hay không dấu đều được, cả Telex và VNI. Bài phải có đủ các từ đã gõ; câu dài thì phần lớn là đủ.",
        "Type with or without marks, also raw Telex or VNI. Articles have all the words; of a long query most of them.",
    ),
    "help.type": ("Gõ", "Type"),
    "help.finds": ("Để tìm", "To find"),
    "help.more": ("Thêm nữa", "And more"),
    "help.feed": (
        "Mỗi lần tìm có một địa chỉ để lưu lại và một nguồn cấp để theo dõi bài mới:",
        "Every search has an address to keep and a feed that tells of new articles:",
    ),
    "help.keys": (
        "Phím / đến ô tìm, mũi tên lên xuống đi qua các kết quả. Trong ô tìm, mũi tên xuống mở và chọn gợi ý, Esc đóng "
        "lại.",
        "The key / goes to the search box, the arrows up and down through the results. In the box the down arrow opens "
        "and chooses suggestions, Esc closes them.",
    ),
    "help.export": (
        "Cuối trang kết quả có đường tải mọi kết quả dạng CSV, JSON Lines, RIS, BibTeX và CSL-JSON.",
        "At the foot of the results all of them can be downloaded as CSV, JSON Lines, RIS, BibTeX and CSL-JSON.",
    ),
    "help.embed": (
        "Đặt ô tìm kiếm này trên trang khác:",
        "Put this search box on another page:",
    ),
    "developers": ("Dành cho lập trình viên", "For developers"),
    # errors
    "error.400": ("Địa chỉ này có tham số sai", "Something in this address is wrong"),
    "error.404": ("Không tìm thấy", "Not found"),
    "error.404.detail": (
        "Không có trang hoặc bài nào ở địa chỉ này. Có thể bài đã bị gỡ khỏi kho tin.",
        "There is no page or article at this address. The article may have left the archive.",
    ),
    "error.405": ("Không dùng được cách gửi này", "Method not allowed"),
    "error.500": ("Lỗi phía máy chủ", "An error on our side"),
    "error.500.detail": (
        "Lỗi đã được ghi lại. Hãy thử lại sau ít phút.",
        "The error has been recorded. Please try again in a few minutes.",
    ),
    "error.503": ("Kho tin tạm thời chưa dùng được", "The archive can't be searched just now"),
    "error.parameter": ("Tham số: {name}", "Parameter: {name}"),
    "error.414": ("Địa chỉ quá dài", "The address is too long"),
    "error.414.detail": (
        "Hãy tìm bằng ít từ hoặc ít bộ lọc hơn.",
        "Search for fewer words or with fewer filters.",
    ),
    "error.503.detail": (
        "Kho tin đang được cập nhật hoặc cần người quản lý xem lại. Hãy thử lại sau ít phút.",
        "The archive is being updated or its keeper needs to look at it. Please try again in a few minutes.",
    ),
    "error.again": ("Tìm lại", "Search again"),
    "error.reset": ("Tìm lại từ đầu", "Start a new search"),
}

#: Why a block was taken for page frame: the codes of `search.article.Removed.reason`; others are shown as they are.
REASONS: Final[dict[str, tuple[str, str]]] = {
    "cue": ("cụm từ thường thấy ở khung trang", "a phrase that page frames use"),
    "repeated": ("lặp lại trên nhiều trang cùng nguồn", "repeats on other pages of the source"),
    "below the article": ("nằm dưới bài", "below the article"),
    "outside the body": ("nằm ngoài phần nội dung", "outside the text"),
    "links": ("chỉ gồm liên kết", "nothing but links"),
    "codes": ("chuỗi mã, không phải chữ", "codes, not text"),
    "alternative text": ("chữ thay cho ảnh, lặp lại dòng khác", "alternative text of a picture"),
    "by-line": ("dòng ghi tên tác giả", "the author's line"),
}

#: What can be typed, with an example each; shown on the front page and where nothing was found.
SYNTAX: Final[tuple[tuple[str, str, str], ...]] = (
    ("so ngoai vu", "không dấu cũng tìm được", "finds the marked words too"),
    ("hòa bình", "chữ có dấu nghĩa là đúng chữ ấy", "a marked word means that word"),
    ("“hợp tác quốc tế”", "đúng cụm từ", "exactly this phrase"),
    ("biên giới -khẩu trang", "bỏ bài có từ này", "without this word"),
    ("lào OR campuchia", "một trong hai", "either of the two"),
    ("title:viện trợ", "chỉ trong tiêu đề", "in the title only"),
)


def say(language: Language, key: str, **values: object) -> str:
    """Return the text of `key`, filled with `values`; numbers are grouped as the language writes them."""
    column = 0 if language == "vi" else 1
    if values.get("n") == 1 and f"{key}.one" in TEXTS:
        key = f"{key}.one"
    shown = {name: number(language, value) if isinstance(value, int) else value for name, value in values.items()}
    return TEXTS[key][column].format(**shown)


@cache
def suggest_words(language: Language) -> str:
    """Return the words that the script needs for suggestions, as JSON."""
    words = {kind: say(language, f"suggest.{kind}") for kind in ("title", "name", "province", "phrase")}
    return json.dumps(words | {"found": say(language, "suggest.found", n="{n}")}, ensure_ascii=False)


def reason(language: Language, code: str) -> str:
    """Return why a block was removed, in words."""
    return REASONS[code][0 if language == "vi" else 1] if code in REASONS else code


def number(language: Language, value: int) -> str:
    """Return a number with its thousands parted: `12.345`, `12,345`."""
    return f"{value:,}".replace(",", "." if language == "vi" else ",")


def percent(language: Language, part: float) -> str:
    """Return a part of a whole in percent, with a decimal where it is small: `42 %`, `0,3 %`."""
    hundredths = 100 * part
    text = f"{hundredths:.0f}" if hundredths >= 10 or hundredths == 0 else f"{hundredths:.1f}"
    return f"{text.replace('.', ',') if language == 'vi' else text}%"
