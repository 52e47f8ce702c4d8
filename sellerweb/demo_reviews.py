"""What the demo shop's customers said in public: days ago, channel, stars, product, who, words. All invented. `take_in` brings them in."""

from datetime import datetime, timedelta

from sellerweb.shop import history, reviews
from sellerweb.shop.history import Actor
from sellerweb.shop.incoming import ReviewIn

REVIEWS = (
    (2, "smartstore", 5, "달빛 노트 A5", "moon****", "종이가 두꺼워서 만년필로 써도 안 비쳐요. 포장도 정말 예뻐요."),
    (3, "smartstore", 2, "보름달 머그 350ml", "star****", "색이 사진보다 많이 어두워요. 선물하려고 샀는데 아쉽네요."),
    (4, "smartstore", 1, "달 실링왁스 스탬프 세트", "ihav****", "상자가 찌그러져서 왔고 왁스가 깨져 있어요."),
    (6, "smartstore", 4, "별자리 마스킹테이프 15mm", "cat_****", "예쁜데 조금 얇아요. 재구매 의사 있어요!"),
    (9, "smartstore", 5, "2027 초승달 플래너", "plan****", "매년 사는 플래너예요. 올해 색이 제일 마음에 들어요."),
    (12, "qoo10", 3, "満月マグカップ 350ml", "さ**", "可愛いですが、届くまでに10日かかりました。"),
    (15, "qoo10", 5, "うさぎステッカー 6枚", "み**", "とても可愛い！手帳に貼って楽しんでいます。"),
    (20, "shopify", 5, "Moonlight Notebook A5", "Emma W.", "The nicest paper I have written on in years."),
    (34, "smartstore", 2, "반달 젤펜 0.5", "ink_****", "잉크가 금방 끊겨요."),
)


def take_in(now: datetime, staff_id: int | None) -> None:
    """This morning's files; one good one is marked to show."""
    by, at = Actor("staff", staff_id, "owner"), (now - timedelta(hours=3)).replace(microsecond=0)
    for channel in dict.fromkeys(row[1] for row in REVIEWS):
        told = [
            ReviewIn(stars, words, product, name, at - timedelta(days=days))
            for days, where, stars, product, name, words in REVIEWS
            if where == channel
        ]
        with history.act(by, "take_reviews", at=at) as act:
            reviews.take_in(act, channel, told)
    with history.act(by, "show_review", at=at) as act:
        reviews.show(act, reviews.page(act.tx, "good")[0][-1].id, 1, shown=True)
