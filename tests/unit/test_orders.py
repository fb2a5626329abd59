"""Which words of the hub are an act, and which an answer for the village?"""

import pytest

from bot import orders
from bot.orders import Do


@pytest.mark.parametrize(
    ("text", "do", "rest"),
    [
        ("转给调解员", Do.TRANSFER, "调解员"),
        ("转给 @陈静", Do.TRANSFER, "@陈静"),
        ("转给", Do.TRANSFER, ""),
        ("指派给陈静", Do.ASSIGN, "陈静"),
        ("指派：陈静", Do.ASSIGN, "陈静"),
        ("回避", Do.RECUSE, ""),
        ("回避：同村", Do.RECUSE, "同村"),
        ("不是法律问题，问村委会", Do.NOT_LEGAL, "问村委会"),
        ("合并到12", Do.MERGE, "12"),
        ("合并到 #12", Do.MERGE, "#12"),
        ("并到12号", Do.MERGE, "12号"),
        ("取消合并", Do.PART, ""),
        ("更正：一年", Do.CORRECT, "一年"),
        ("撤回", Do.RETRACT, ""),
        ("撤回答复", Do.RETRACT, ""),
        ("转介到司法所", Do.REFER, "司法所"),
        ("转上级", Do.RAISE, ""),
        ("开始调解", Do.MEDIATE, ""),
        ("调解结束：付清了", Do.MEDIATED, "付清了"),
        ("要补充材料：合同", Do.ASK_BACK, "合同"),
        ("补充材料", Do.ASK_BACK, ""),
        ("按新时限", Do.NEW_RULES, ""),
        ("备注一下", Do.NOTE, "备注一下"),
    ],
)
def test_an_act_is_read_with_what_stands_behind_it(text: str, do: Do, rest: str) -> None:
    order = orders.read(text)
    assert order is not None
    assert (order.do, order.rest) == (do, rest)


@pytest.mark.parametrize(
    "text",
    [
        "先拍照，再转给村委会。",
        "合并的事问村里。",
        "回避的事问村里。",
        "不是法律问题的话，我们也可以帮忙调解。",
        "撤回起诉要写申请。",
        "更正户口要去派出所。",
        "转上级法院审。",
        "开始调解要写申请。",
        "补充材料的时候带上户口簿。",
        "",
    ],
)
def test_an_answer_that_begins_alike_is_an_answer(text: str) -> None:
    assert orders.read(text) is None


@pytest.mark.parametrize(
    ("text", "do"),
    [
        ("值班", Do.DUTY),
        ("值班表", Do.DUTY),
        ("停用罗国安", Do.DISABLE),
        ("启用 罗国安", Do.ENABLE),
    ],
)
def test_words_about_the_team_name_its_people(text: str, do: Do) -> None:
    order = orders.of_team(text)
    assert order is not None
    assert order.do is do
    assert orders.names_people(text)


@pytest.mark.parametrize("text", ["今天我值班", "值班室在哪里", "", "陈静停用了吗"])
def test_other_words_of_the_hub_are_chatter(text: str) -> None:
    assert orders.of_team(text) is None
