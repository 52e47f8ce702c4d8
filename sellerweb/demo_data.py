"""The demo shop's goods, people, sayings, and what happens in it: all invented. No code.

Phones begin with 010-1 (nobody's in Korea) or 090-0 (nobody's in Japan), letters go to example.com.
"""

from dataclasses import dataclass

LOCATIONS = ("작업실", "창고")
FIRST_COUNT = "정기 재고 조사"

# sku, name, option, shelf, price in won, usual carrier
PRODUCTS = (
    ("NOTE-A5-LN", "달빛 노트 A5", "라인", "A-1", 8900, ""),
    ("NOTE-A5-DT", "달빛 노트 A5", "도트", "A-1", 8900, ""),
    ("NOTE-B6-BL", "달빛 노트 B6", "새벽 블루", "A-2", 7400, ""),
    ("PLAN-27", "2027 초승달 플래너", "크림", "A-3", 21000, ""),
    ("PEN-MOON-BK", "반달 젤펜 0.5", "블랙", "B-1", 2800, ""),
    ("PEN-MOON-NV", "반달 젤펜 0.5", "네이비", "B-1", 2800, ""),
    ("TAPE-STAR", "별자리 마스킹테이프 15mm", "", "B-2", 3500, ""),
    ("STICK-RABBIT", "옥토끼 스티커 팩", "6장", "B-3", 4200, ""),
    ("STAMP-WAX", "달 실링왁스 스탬프 세트", "버건디", "B-4", 24000, ""),
    ("CARD-10", "밤하늘 엽서 10장", "", "C-1", 9800, ""),
    ("MUG-MOON-WH", "보름달 머그 350ml", "화이트", "D-1", 18500, ""),
    ("MUG-MOON-GR", "보름달 머그 350ml", "그레이", "D-1", 18500, ""),
    ("CUP-SOJU-2", "월광 소주잔 2P", "", "D-2", 16000, ""),
    ("TOTE-CAT", "달밤 고양이 에코백", "내추럴", "E-1", 15900, ""),
    ("TOTE-NAVY", "달밤 고양이 에코백", "네이비", "E-1", 15900, ""),
    ("POUCH-S", "구름 파우치 S", "스카이", "E-2", 12500, ""),
    ("CAL-DESK", "2027 달력 탁상형", "", "A-4", 13000, ""),
    ("GIFT-WRAP", "선물 포장", "리본", "F-1", 2000, ""),
)
IN_JAPANESE = {
    "NOTE-A5-LN": "月あかりノート A5",
    "NOTE-B6-BL": "月あかりノート B6",
    "MUG-MOON-WH": "満月マグカップ 350ml",
    "TOTE-CAT": "月夜の猫トートバッグ",
    "STICK-RABBIT": "うさぎステッカー 6枚",
    "TAPE-STAR": "星座マスキングテープ",
    "PLAN-27": "2027 三日月プランナー",
}
IN_ENGLISH = {
    "NOTE-A5-DT": "Moonlight Notebook A5",
    "MUG-MOON-GR": "Full Moon Mug 350 ml",
    "TOTE-NAVY": "Night Cat Tote",
    "STAMP-WAX": "Moon Wax Seal Set",
    "CARD-10": "Night Sky Postcards, 10",
    "POUCH-S": "Cloud Pouch S",
}

# name, postcode, address
KOREANS = (
    ("김민지", "04001", "서울특별시 마포구 월드컵로12길 7, 302호"),
    ("이서준", "06236", "서울특별시 강남구 테헤란로 152, 12층"),
    ("박하은", "48094", "부산광역시 해운대구 달맞이길 30, 101동 1204호"),
    ("최도윤", "13529", "경기도 성남시 분당구 판교역로 166"),
    ("정지우", "35229", "대전광역시 서구 둔산로 100, 5층"),
    ("강시우", "41911", "대구광역시 중구 동성로2가 55-1"),
    ("조수아", "61945", "광주광역시 서구 상무중앙로 61, 803호"),
    ("윤예준", "22002", "인천광역시 연수구 송도과학로 32, 907동 2201호"),
    ("장서연", "24341", "강원특별자치도 춘천시 중앙로 1"),
    ("임하준", "63122", "제주특별자치도 제주시 연동로 14, 2층"),
    ("한지아", "16489", "경기도 수원시 팔달구 인계로 178"),
    ("오유준", "44675", "울산광역시 남구 삼산로 200, 1502호"),
    ("서하윤", "54999", "전북특별자치도 전주시 완산구 한옥길 9"),
    ("신은우", "30103", "세종특별자치시 한누리대로 2130, 604호"),
    ("권채원", "03187", "서울특별시 종로구 종로 1"),
    ("황이안", "51430", "경상남도 창원시 의창구 중앙대로 210"),
    ("안나은", "37673", "경상북도 포항시 남구 지곡로 80, 12동 305호"),
    ("송지호", "28644", "충청북도 청주시 서원구 사직대로 227"),
    ("류다온", "04799", "서울특별시 성동구 성수이로 51, 4층"),
    ("홍아린", "10390", "경기도 고양시 일산서구 킨텍스로 217-60"),
    ("남궁가온", "31116", "충청남도 천안시 동남구 만남로 43"),
    ("문소율", "58613", "전라남도 목포시 평화로 17, 1동 707호"),
)
JAPANESE = (
    ("佐藤 花子", "150-0041", "東京都渋谷区神南1-2-3 ハイツ神南 405"),
    ("鈴木 大輔", "530-0001", "大阪府大阪市北区梅田3-1-1"),
    ("高橋 美咲", "231-0023", "神奈川県横浜市中区山下町18 海岸ビル 2F"),
    ("田中 翔太", "460-0008", "愛知県名古屋市中区栄2-10-19"),
    ("伊藤 さくら", "604-8005", "京都府京都市中京区河原町通三条上る恵比須町427"),
    ("渡辺 健", "060-0042", "北海道札幌市中央区大通西4-1"),
    ("山本 結衣", "810-0001", "福岡県福岡市中央区天神1-8-1 メゾン天神 1103"),
)
# name, postcode, address, country, e-mail, currency
ABROAD = (
    ("Emma Novak", "98101", "1420 5th Ave Apt 7, Seattle, WA", "US", "emma@example.com", "USD"),
    ("Liam O'Hara", "11215", "88 Garfield Pl, Brooklyn, NY", "US", "liam@example.com", "USD"),
    ("Chloé Martin", "75011", "12 rue Oberkampf, Paris", "FR", "chloe@example.com", "USD"),
    ("백소담", "04524", "서울특별시 중구 세종대로 110", "KR", "sodam@example.com", "KRW"),
    ("노해솔", "48058", "부산광역시 해운대구 센텀중앙로 79, 1803호", "KR", "haesol@example.com", "KRW"),
    ("Sofia Lindqvist", "94110", "601 Valencia St, San Francisco, CA", "US", "sofia@example.com", "USD"),
)
MESSAGES = (
    "부재 시 문 앞에 놓아 주세요", "경비실에 맡겨 주세요", "배송 전 연락 부탁드려요!", "아기가 자고 있어요. 벨은 누르지 말아 주세요",
    "공동현관 비밀번호는 문자로 드릴게요", "파손되지 않게 꼼꼼히 포장해 주세요",
)  # fmt: skip
CUSTOMER_NOTE = "선물 주문이 많은 분. 영수증은 빼고 보내 달라고 하심."
BANK = "국민은행 123456-04-567890"
GIFT_NOTES = (
    "수아야 생일 축하해! 올해도 달처럼 환하게 🌕",
    "Happy birthday, Noor. Every full moon I think of you.",
    "선생님, 한 해 동안 감사했습니다. — 3반 일동",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """`times` orders of a channel: ordered `hours` ago, due in `due` days (None: by rule), and what happened then.

    `same_door`: the first two go to one receiver. `test`: somebody only tries out the desk. `took`: over so many hours it
    happened; without it until now.
    """

    times: int
    channel: str
    hours: float
    due: int | None
    steps: tuple[str, ...] = ()
    state: str = "new"
    lines: int = 1
    message: bool = False
    gift: str = ""
    same_door: bool = False
    test: bool = False
    took: float = 0


_BACK = ("accept", "receive", "inspect", "finish", "settle", "archive")
_THERE = ("confirm", "send", "deliver")
_WEEK = 24 * 7
SCENES = (
    Scene(3, "smartstore", 190, -4, ("confirm", "send", "deliver", "archive")),
    Scene(6, "smartstore", 150, -2, ("confirm", "send", "scan", "deliver"), lines=2),
    Scene(1, "smartstore", 170, -3, ("confirm", "send", "deliver", "wish return_requested")),
    Scene(7, "smartstore", 40, 1, ("confirm", "send", "scan"), message=True),
    Scene(1, "smartstore", 41, 1, ("confirm", "call talk_where", "said", "send", "scan", "call talk_stock")),
    Scene(3, "smartstore", 30, 1, ("confirm", "part"), lines=2),
    Scene(3, "smartstore", 96, -1, ("confirm",), message=True),
    Scene(1, "smartstore", 97, -1, ("confirm", "call call_late")),
    Scene(2, "smartstore", 100, -1),
    Scene(6, "smartstore", 22, 0, ("confirm", "label"), lines=2),
    Scene(4, "smartstore", 26, 0, ("confirm",), lines=3),
    Scene(4, "smartstore", 20, 0, message=True, same_door=True),
    Scene(3, "smartstore", 18, 2, ("confirm", "pack")),
    Scene(6, "smartstore", 6, 3, lines=2, same_door=True),
    Scene(1, "smartstore", 7, 3, ("call call_cancel",), lines=2),
    Scene(2, "smartstore", 5, 3, ("confirm", "wish cancel_requested")),
    Scene(1, "smartstore", 8, 3, state="gift_waiting", gift=GIFT_NOTES[0]),
    Scene(1, "smartstore", 7, 3, state="unknown"),
    Scene(2, "smartstore", 4, None, state="unpaid"),
    Scene(2, "smartstore", 50, 1, ("wish cancelled",)),
    Scene(2, "qoo10", 200, -3, ("confirm", "send", "scan", "deliver")),
    Scene(3, "qoo10", 60, 1, ("confirm", "send")),
    Scene(2, "qoo10", 30, 0, ("confirm", "label"), lines=2),
    Scene(2, "qoo10", 44, None, ("promise 5", "confirm")),
    Scene(1, "qoo10", 150, -1, ("confirm",)),
    Scene(3, "qoo10", 9, None),
    Scene(2, "shopify", 160, -4, ("confirm", "send", "scan", "deliver")),
    Scene(1, "shopify", 50, 0, ("confirm", "send")),
    Scene(1, "shopify", 120, -1, ("confirm", "send", "ask where_en", "tell en", "ask where_en")),
    Scene(2, "shopify", 28, 0, ("confirm", "label"), gift=GIFT_NOTES[1]),
    Scene(1, "shopify", 70, None, ("promise 3",)),
    Scene(3, "shopify", 3, 1, lines=2),
    Scene(1, "manual", 75, -2, ("confirm", "send", "deliver", "ask thanks", "jot")),
    Scene(1, "manual", 74, -2, ("confirm", "ask today", "tell ko", "send", "deliver", "ask broken")),
    Scene(1, "manual", 30, 1, ("confirm", "send", "ask where")),
    Scene(1, "manual", 27, 1, ("hold",), gift=GIFT_NOTES[2]),
    Scene(1, "manual", 12, 0, ("confirm", "label")),
    Scene(1, "manual", 2, 1, message=True),
    Scene(1, "manual", 3, 1, ("ask address",), message=True),
    # Second thoughts, and what becomes of them.
    Scene(1, "shopify", 1, None, ("quit wish",), lines=2),
    Scene(1, "shopify", 20, 1, ("confirm", "want option"), lines=2),
    Scene(1, "manual", 21, 1, ("confirm", "label", "want wish")),
    Scene(1, "manual", 28, 0, ("confirm", "want late", "forget")),
    Scene(1, "manual", 25, 1, ("confirm", "sold_out"), lines=3),
    Scene(1, "manual", 100, -2, ("confirm", "send", "scan", "deliver", "return mind")),
    Scene(1, "shopify", 180, -4, ("confirm", "send", "deliver", "return broken", "accept", "receive"), lines=2),
    Scene(1, "manual", 190, -5, (*_THERE, "return differs", "accept", "receive", "inspect", "finish")),
    Scene(
        1, "manual", 130, -3, ("confirm", "send", "deliver", "ask size", "tell ko", "solve", "exchange size", "accept")
    ),
    Scene(1, "shopify", 140, -3, ("confirm", "send", "scan", "lose")),
    Scene(1, "manual", 6, 1, ("ask today", "note")),
    Scene(1, "manual", 26, None, state="unpaid"),
    Scene(1, "manual", 90, None, ("expire",), state="unpaid"),
    Scene(1, "manual", 29, 2, ("confirm",), test=True),
    Scene(1, "manual", 205, -6, (*_THERE, "return size", "accept", "receive", "inspect", "finish", "transfer")),
    Scene(1, "manual", 210, -6, (*_THERE, "return broken", "accept", "receive", "inspect", "finish", "bounce")),
    # Just paid: its customer can still cancel it alone.
    Scene(1, "manual", 0.25, None, lines=2),
    # The weeks before: what was sold, and what of it was undone and why.
    Scene(3, "smartstore", 7.6 * _WEEK, -50, (*_THERE, "archive"), took=140),
    Scene(1, "manual", 7.7 * _WEEK, -51, (*_THERE, "return mind", *_BACK), took=260),
    Scene(1, "shopify", 7.4 * _WEEK, None, ("quit wish", "settle", "archive"), took=2),
    Scene(1, "shopify", 6.7 * _WEEK, -44, (*_THERE, "return defective", *_BACK), lines=2, took=300),
    Scene(1, "manual", 6.5 * _WEEK, -43, ("confirm", "sold_out", "settle", "archive"), took=30),
    Scene(2, "qoo10", 6.4 * _WEEK, -42, (*_THERE, "archive"), took=150),
    Scene(1, "manual", 5.7 * _WEEK, -37, ("confirm", "want late", "approve", "settle", "archive"), took=60),
    Scene(1, "manual", 5.6 * _WEEK, -36, (*_THERE, "exchange size", "accept", "receive", "inspect", "convert", "finish", "settle"), took=220),
    Scene(1, "shopify", 5.5 * _WEEK, -35, ("confirm", "send", "scan", "lose", "pay_back", "settle"), took=250),
    Scene(4, "smartstore", 5.3 * _WEEK, -34, (*_THERE, "archive"), lines=2, took=150),
    Scene(1, "manual", 4.7 * _WEEK, -30, (*_THERE, "return size", *_BACK), took=240),
    Scene(1, "manual", 4.6 * _WEEK, None, ("quit option", "settle", "archive"), took=2),
    Scene(1, "shopify", 4.5 * _WEEK, -28, (*_THERE, "return wrong_item", *_BACK), took=260),
    Scene(2, "qoo10", 4.3 * _WEEK, -27, (*_THERE, "archive"), took=150),
    Scene(1, "manual", 3.7 * _WEEK, -23, ("confirm", "want wish", "approve", "settle", "archive"), took=40),
    Scene(1, "manual", 3.6 * _WEEK, -22, (*_THERE, "return mind", *_BACK), took=230),
    Scene(3, "smartstore", 3.4 * _WEEK, -21, (*_THERE, "archive"), took=150),
    Scene(1, "shopify", 2.8 * _WEEK, -16, ("confirm", "send", "scan", "lose", "pay_back", "settle"), took=220),
    Scene(1, "manual", 2.6 * _WEEK, -15, ("confirm", "sold_out", "settle", "archive"), took=30),
    Scene(1, "manual", 2.6 * _WEEK, -15, (*_THERE, "return defective", *_BACK), took=250),
    Scene(1, "shopify", 2.4 * _WEEK, None, ("quit wish", "settle", "archive"), took=2),
    Scene(2, "smartstore", 2.3 * _WEEK, -13, (*_THERE, "archive"), took=150),
    Scene(1, "manual", 1.8 * _WEEK, -9, ("confirm", "want late", "approve", "settle", "archive"), took=50),
    Scene(1, "shopify", 1.7 * _WEEK, -9, (*_THERE, "return size", *_BACK), took=230),
    Scene(1, "manual", 1.6 * _WEEK, -8, (*_THERE, "return broken", *_BACK), took=230),
)  # fmt: skip
