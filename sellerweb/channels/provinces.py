"""Provinces of Japan and Korea by their ISO 3166-2 code, in the country's own letters. Nothing else."""

# JP-01 to JP-47 in their order.
_JAPAN = """
    北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県
    石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県
    岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県
""".split()  # noqa: SIM905

PROVINCES = {f"JP-{number:02}": name for number, name in enumerate(_JAPAN, 1)} | {
    "KR-11": "서울", "KR-26": "부산", "KR-27": "대구", "KR-28": "인천", "KR-29": "광주", "KR-30": "대전", "KR-31": "울산",
    "KR-41": "경기", "KR-42": "강원", "KR-43": "충북", "KR-44": "충남", "KR-45": "전북", "KR-46": "전남", "KR-47": "경북",
    "KR-48": "경남", "KR-49": "제주", "KR-50": "세종",
}  # fmt: skip
