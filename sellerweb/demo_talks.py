"""What the demo shop's customers ask, and what it answers. Words and sources; the steps of its stories name them."""

# Questions from the order's own page, by the name that a step has for them.
ASKED = {
    "today": "안녕하세요! 혹시 오늘 중으로 출발할까요? 금요일에 선물로 써야 해서요.",
    "where": "택배 언제쯤 도착하나요? 송장은 떴는데 움직이질 않네요.",
    "where_en": "Hi! My tracking number has not moved for three days. Where is my parcel?",
    "address": "주소를 잘못 적었어요. 101동이 아니라 110동이에요. 바꿔 주실 수 있나요?",
    "broken": "상자를 열어 보니 유리 문진이 깨져 있어요. 어떻게 하면 될까요?",
    "size": "생각보다 작네요. 큰 걸로 교환하고 싶은데 배송비가 드나요?",
    "thanks": "잘 받았어요. 포장이 정말 예뻐요. 고맙습니다!",
}
# Questions that came elsewhere and were noted: where, and what.
NOTED = {
    "talk_stock": ("talktalk", "달빛 노트 무지로도 재입고 되나요?"),
    "talk_where": ("talktalk", "오늘 발송되는 거 맞죠? 내일 꼭 받아야 해요."),
    "call_cancel": ("phone", "같은 걸 두 번 주문했대요. 하나는 취소하고 싶다고 하심."),
    "call_late": ("phone", "왜 아직도 안 오냐고 하심. 지연되면 미리 알려 달라고."),
}
ANSWERS = {
    "ko": "안녕하세요, [고객명]님. [가게이름]이에요.\n확인해 보고 바로 알려 드렸어요. 주문 [주문번호]은 지금 [상태] 단계예요. 더 궁금한 점이 있으면 언제든 말씀해 주세요.",
    "en": "Hello [customer], this is [shop].\nWe have asked the carrier about order [order number] and will write again as soon as we know more.",
}
SAID = "확인해 보고 톡톡으로 답변드렸어요."
NOTE = "선물용. 지난번에도 포장 칭찬하셨던 분."
# Calls about no order that is known: hours ago, where, who, what.
STRANGERS = (
    (1.4, "talktalk", "문진덕후", "문진에 이니셜 각인도 되나요?"),
    (5.0, "phone", "최다온", "세금계산서 받을 수 있는지 물어보심. 010-0000-0000"),
)
# The last weeks: what was asked again and again, every few hours, and how long it took to answer (hours).
PAST = (
    "언제 발송되나요?", "선물 포장도 되나요?", "색상이 사진과 같은가요?", "영수증 받을 수 있을까요?", "묶음 배송 되나요?", "해외로도 보내시나요?",
)  # fmt: skip
TOOK = (0.4, 1.1, 0.8, 1.6, 0.3, 0.9, 1.7, 0.7, 2.9, 1.3, 0.5, 1.8, 0.2)
