"""Is a pasted piece of a chat taken apart into who said what?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.snippet import Quote, named, take_apart

ZHANG, LI = Quote(name="张三", text="老板欠钱\n两个月了"), Quote(name="李四", text="地被占了")
FORMS = {
    "phone": (
        "张三 2026-11-23 10:02\n老板欠钱\n李四 2026-11-23 10:03\n地被占了\n张三 10:04\n两个月了"
    ),
    "desktop": (
        "张三 2026/11/23 10:02:11\n老板欠钱\n两个月了\n李四 2026/11/23 10:03:00\n地被占了"
    ),
    "copied": "张三:\n老板欠钱\n两个月了\n\n李四:\n地被占了",
    "mailed": (
        "———— 2026-11-23 ————\n\n张三  10:20\n\n老板欠钱\n两个月了\n\n李四  10:21\n\n地被占了"
    ),
    "lines": "张三：老板欠钱\n李四：地被占了\n张三：两个月了",
    "brackets": (
        "[2026/11/23 10:02] 张三: 老板欠钱\n[10:03] 李四: 地被占了\n[10:04] 张三: 两个月了"
    ),
    "days": "张三 昨天 上午10:02\n老板欠钱\n两个月了\n李四 周一 10:03\n地被占了",
    "reversed": "10:02 张三\n老板欠钱\n两个月了\n10:03 李四\n地被占了",
    "in words": (
        "2026年11月23日\n张三 2026年11月23日 10:02\n老板欠钱\n"
        "两个月了\n李四 11月23日 10:03\n地被占了"
    ),
    "pictures": (
        "张三 10:02\n[图片]\n老板欠钱\n[语音]\n两个月了\n王五 10:02\n[图片]\n李四 10:03\n地被占了"
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_that_wechat_copies_is_taken_apart(form: str) -> None:
    assert take_apart(FORMS[form]) == (ZHANG, LI)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "他家的地被占了，咋办？",
        "老板说：没得钱\n我说：要告他",
        "问：\n合同没签",
        "10:30来的，没得人",
    ],
)
def test_an_ordinary_sentence_is_no_snippet(text: str) -> None:
    assert take_apart(text) == ()


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("张三：欠钱", "张三", "欠钱"),
        ("张三、李四: 欠钱", "张三、李四", "欠钱"),
        ("老板说：没得钱", "", "老板说：没得钱"),
        ("欠钱不给，啷个办：要告他", "", "欠钱不给，啷个办：要告他"),
    ],
)
def test_a_name_before_a_colon_is_who_asks(text: str, name: str, words: str) -> None:
    assert named(text) == Quote(name=name, text=words)


NAMES = st.lists(st.sampled_from("赵钱孙周吴郑王冯"), min_size=1, max_size=8, unique=True)


@given(NAMES, st.integers(0, 23), st.integers(0, 59))
def test_nobody_and_no_word_is_lost(names: list[str], hour: int, minute: int) -> None:
    said = {name: f"{name}家的田被淹了" for name in names}
    text = "\n".join(f"{name}大爷 {hour}:{minute:02}\n{words}" for name, words in said.items())
    expected = tuple(Quote(name=f"{name}大爷", text=words) for name, words in said.items())
    assert take_apart(text) == expected


@given(st.text(max_size=200))
def test_whatever_is_pasted_it_never_fails_and_invents_no_words(text: str) -> None:
    for quote in take_apart(text):
        assert quote.text
        assert all(line in text for line in quote.text.splitlines())
