"""Result files of channels, whose look nobody has published: their columns and words."""

import pytest

from sellerweb.channels import result_file
from sellerweb.channels.result_file import Columns, answers, guess, id_columns, is_orders, is_shortened, meaning

ITEMS, ORDERS = {"900000101", "900000102"}, {"800000011", "800000012"}


def table(*lines, encoding="utf-8"):
    return result_file.parse("\r\n".join(lines).encode(encoding))


def read(found):
    columns, sure = guess(found, id_columns(found, ITEMS, ORDERS))
    return columns, sure, [(a.key, a.word, a.why) for a in answers(found, columns)]


def test_result_and_reason_are_found_by_their_words_under_a_notice_in_each_language():
    korean = table("발송처리 결과입니다", "상품주문번호,택배사,처리결과,비고", "900000101,CJ대한통운,성공,", "900000102,CJ대한통운,실패,송장번호 오류", encoding="cp949")  # fmt: skip
    japanese = table("注文番号,カート番号,結果,エラー内容", "900000101,800000011,成功,", "900000102,800000012,失敗,送り状番号が無効", encoding="cp932")  # fmt: skip
    english = table("Name,Status,Error message", "800000011,Success,", "800000012,Failed,Already fulfilled")
    assert read(korean) == (Columns("상품주문번호", "처리결과", "비고"), True, [("900000101", "told", ""), ("900000102", "failed", "송장번호 오류")])  # fmt: skip
    assert read(japanese) == (Columns("注文番号", "結果", "エラー内容"), True, [("900000101", "told", ""), ("900000102", "failed", "送り状番号が無効")])  # fmt: skip
    assert read(english) == (Columns("Name", "Status", "Error message"), True, [("800000011", "told", ""), ("800000012", "failed", "Already fulfilled")])  # fmt: skip


def test_of_a_list_of_errors_a_row_without_one_says_nothing():
    found = read(table("注文番号,エラー内容", "900000101,-", "900000102,既に配送完了"))
    assert found[1:] == (True, [("900000101", "", ""), ("900000102", "failed", "既に配送完了")])


def test_where_no_name_says_it_people_are_asked():
    for head in ("상품주문번호,비고", "상품주문번호,상태", "상품주문번호,코드", "상품주문번호,결과,처리결과"):
        lines = f"900000101,{'확인 필요,' * head.count(',')}".rstrip(",")
        assert guess(table(head, lines), ["상품주문번호"])[1] is False, head


@pytest.mark.parametrize(
    ("word", "means"),
    [
        ("성공", "told"), ("정상처리", "told"), ("OK", "told"), ("登録完了", "told"), ("エラーなし", "told"), ("오류 없음", "told"),
        ("실패(송장번호)", "failed"), ("처리불가", "failed"), ("エラー", "failed"), ("Failed: invalid", "failed"), ("NG", "failed"),
        ("미완료", ""), ("未完了", ""), ("unsuccessful", ""), ("보류", ""), ("이미 발송완료", ""), ("이미 발송처리가 완료된 주문입니다. 다시 확인하세요", ""),
        ("", ""), ("=IF(A1,\"성공\")", ""), ("성공 1건 실패 0건", ""), ("not completed", ""),
    ],
)  # fmt: skip
def test_a_word_is_a_result_only_where_it_is_sure(word, means):
    assert meaning(word) == means


def test_the_column_of_numbers_is_known_by_what_stands_in_it():
    found = table("No,번호,결과", "1,'900000101,성공", "2,900000102.0,실패")
    assert id_columns(found, ITEMS, ORDERS) == ["번호"]
    assert id_columns(found, {"77"}, set()) == []


def test_a_list_of_orders_is_no_result_and_shortened_numbers_are_seen():
    assert is_orders(["注文番号", "カート番号", "住所", "配送状態"])
    assert not is_orders(["상품주문번호", "배송지", "처리결과"])
    assert is_shortened(table("상품주문번호,결과", "2.02610071E+15,성공"))
