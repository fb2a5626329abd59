"""No number of a person leaves the village; what the question needs stays."""

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from escalation.masking import Kind, mask

# Invented numbers; the ID numbers carry sequence numbers that are hardly ever given out.
MOBILE = "13900001234"
ID = "500199196502289870"  # its checksum is wrong on purpose
ID_X = "50019919700101999X"
ID_15 = "500199650228987"
CARD_16 = "6225880000123456"
CARD_19 = "6217990000001234567"


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("13900001234", Kind.MOBILE),
        ("+86 139 0000 1234", Kind.MOBILE),
        ("(+86)139-0000-1234", Kind.MOBILE),
        ("008613900001234", Kind.MOBILE),
        ("139.0000.1234", Kind.MOBILE),
        ("１３９００００１２３４", Kind.MOBILE),  # full width
        ("①③⑨⓪⓪⓪⓪①②③④", Kind.MOBILE),  # circled
        ("١٣٩٠٠٠٠١٢٣٤", Kind.MOBILE),  # Arabic-Indic digits
        ("139\n0000\n1234", Kind.MOBILE),  # broken over lines
        ("1 3 9 0 0 0 0 1 2 3 4", Kind.MOBILE),
        ("139，0000，1234", Kind.MOBILE),
        ("139\u200b0000\u202e1234\ufeff", Kind.MOBILE),  # zero-width and bidi marks
        ("139\x000000\x001234", Kind.MOBILE),  # NUL
        ("幺三九零零零零幺二三四", Kind.MOBILE),  # spoken
        ("幺三九，洞洞洞洞，幺两三四", Kind.MOBILE),  # the way soldiers say it
        ("139零零零零1234", Kind.MOBILE),
        (ID, Kind.ID),
        (ID_X, Kind.ID),
        (ID_X.lower(), Kind.ID),
        (ID[:6] + " " + ID[6:14] + "-" + ID[14:], Kind.ID),
        (ID_15, Kind.ID),
        ("五零零一九九，幺九六五零二二八，九八七幺", Kind.ID),
        (CARD_16, Kind.CARD),
        (CARD_19, Kind.CARD),
        ("6225 8800 0012 3456", Kind.CARD),
        ("6217-9900-0000-1234-567", Kind.CARD),
        ("六二二五 八八零零 零零幺二 三四五六", Kind.CARD),
        ("023-78881234", Kind.LANDLINE),
        ("(0851)2888 1234", Kind.LANDLINE),
        ("渝G·5A678", Kind.PLATE),
        ("渝A D12345", Kind.PLATE),  # new energy
        ("渝 g 5 a 6 7 8", Kind.PLATE),
        ("wang.er_mazi@example.com", Kind.EMAIL),
        ("ｗａｎｇ＠ｅｘａｍｐｌｅ．ｃｎ", Kind.EMAIL),
    ],
)
def test_a_number_of_a_person_is_replaced(written: str, kind: Kind) -> None:
    masked = mask(f"我的是{written}，工资3200元没给")

    assert masked.text.replace("\ufeff", "") == f"我的是{kind}，工资3200元没给"
    assert masked.kinds == {kind: 1}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("微信号：wang-er_88，欠我", "微信号：〔微信号〕，欠我"),
        ("加微信 laowang2020 聊", "加微信 〔微信号〕 聊"),
        ("vx:laowang2020", "vx:〔微信号〕"),
        ("加V laowang2020", "加V 〔微信号〕"),
        ("QQ：1000012345，欠我5000", "QQ：〔QQ号〕，欠我5000"),
        ("扣扣号100 001 234", "扣扣号〔QQ号〕"),
        ("座机78881234打得通", "座机〔座机号〕打得通"),
        ("电话（138)8300-4417，急", "电话〔手机号〕，急"),
        ("座机(023)7771-2345", "座机〔座机号〕"),
        ("我（138-8300 4417）", "我（〔手机号〕）"),
        ("身份证号50019919650299987", "身份证号〔身份证号〕"),  # a digit short, still an ID
        (f"{MOBILE}{ID}", "〔长号码〕"),  # two that touch
        (f"{ID_X}{MOBILE}", "〔身份证号〕〔手机号〕"),
        ("6225 8800 0012 3456 139 0000 1234", "〔银行卡号〕 〔手机号〕"),
        (f"{MOBILE}500元", "〔长号码〕元"),  # nobody knows where the number ends
    ],
)
def test_a_label_gives_away_what_no_shape_does(text: str, left: str) -> None:
    assert mask(text).text == left


def test_what_the_question_needs_stays() -> None:
    text = (
        "合同号2024-0139-0000-1234，订单号202501010000123456，（2024）渝0156民初1390号，"
        "民法典第一千零七十七条、第1077条，欠113900.50元，利息1.39%，3.68亩，13.9米×14.2米，"
        "2019.1.1-2028.12.31，8:30-12:00 14:00-18:00，十三万九千元，二〇二四年五月八日，"
        "信用代码91500199MA5TEST00X，保险单PDZA202400010000139，商品条码6900000000017"
    )

    assert mask(text).text == text
    assert not mask(text).kinds


@pytest.mark.parametrize(
    "hotline",
    ["110", "119", "120", "122", "12309", "12315", "12333", "12338", "12345", "12348", "12355",
     "12356", "12368", "12388", "12393", "95598", "95588", "96110", "10086"],
)  # fmt: skip
def test_hotlines_stay(hotline: str) -> None:
    text = f"电话{hotline}，打{hotline}没人接，{hotline} {hotline}喊我找村上"

    assert mask(text).text == text


def test_a_kept_label_does_not_save_a_phone_number_or_a_true_id() -> None:
    valid = "500199196502289872"  # its checksum holds

    assert mask(f"订单号{MOBILE}").text == "订单号〔手机号〕"
    assert mask(f"合同编号{valid}").text == "合同编号〔身份证号〕"


def test_several_numbers_are_counted_by_kind() -> None:
    masked = mask(f"{MOBILE}、13900004321，身份证{ID}")

    assert masked.text == "〔手机号〕、〔手机号〕，身份证〔身份证号〕"
    assert masked.kinds == {Kind.MOBILE: 2, Kind.ID: 1}


def test_the_rest_of_the_text_is_left_as_it_was_written() -> None:
    text = "ＡＢＣ①②③ ㎡ “引号” 🙏 é\u0301 \ud800 "

    assert mask(text + MOBILE).text == text + "〔手机号〕"


PLANTED = st.one_of(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.builds(
        "{}{:04d}{:02d}{:02d}{}".format,
        st.from_regex(r"[1-6][1-5][0-9]{4}", fullmatch=True),
        st.integers(1900, 2026),
        st.integers(1, 12),
        st.integers(1, 28),
        st.from_regex(r"[0-9]{3}[0-9X]", fullmatch=True),
    ),
    st.from_regex(r"62[0-9]{14,17}", fullmatch=True),
)
SEPARATOR = st.sampled_from(
    [
        "",
        "",
        "",
        " ",
        "-",
        ".",
        "\u3000",
        "\n",
        "/",
        "·",
        "—",
        "\u200b",
        "\u2060-",
        "\u202e \u2066",
    ]
)
# Chinese text, amounts and dates among it, but no digit that touches the number.
AROUND = st.lists(
    st.sampled_from(
        [
            "我的",
            "电话",
            "一",
            "三个",
            "工钱",
            "5000元",
            "2024年3月",
            "、",
            "，",
            "。",
            "：",
            "第12条",
        ]
    ),
    max_size=6,
).map("".join)


def _seen_digits(text: str) -> str:
    return re.sub(r"[^0-9X]", "", text)


@settings(max_examples=200, deadline=None)
@given(PLANTED, st.lists(SEPARATOR, min_size=19, max_size=19), AROUND, AROUND)
def test_a_planted_number_never_survives_separators_and_invisible_marks(
    number: str, separators: list[str], before: str, after: str
) -> None:
    written = "".join(map("{}{}".format, number, separators))

    masked = mask(f"{before}是{written}的{after}").text

    left = (
        _seen_digits(masked).removeprefix(_seen_digits(before)).removesuffix(_seen_digits(after))
    )
    assert len(left) <= 3  # what splits off a card in the middle of a gap tells nobody anything
    assert masked.startswith(f"{before}是")
    assert masked.endswith(f"的{after}")


ANYTHING = st.lists(
    st.one_of(
        st.text(alphabet=st.characters(codec=None), max_size=6),
        st.sampled_from([MOBILE, ID, ID_15, CARD_19, "023-78881234", "渝G5A678", "a@b.com", "QQ"]),
        st.sampled_from(
            ["微信号", "合同号", "身份证", "〔手机号〕", "幺三九", "86", "0", "-", " "]
        ),
    ),
    max_size=12,
).map("".join)


@settings(max_examples=300, deadline=None)
@example("a@b.coma@b.com")
@example(f"{ID}-023-78881234023-78881234")  # needs a second look
@example(f"{MOBILE} {MOBILE}{ID}QQ{ID_15}")
@example("一" * 200)
@given(ANYTHING)
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text)

    assert mask(once.text).text == once.text
    assert not mask(once.text).kinds


@pytest.mark.parametrize(
    "text",
    [
        "1" * 100_000,
        "1 " * 50_000,
        "a@" * 50_000,
        "a" * 100_000,
        "(" * 100_000,
        "微信号 " * 25_000,
        "合同号" * 33_000,
        "一" * 100_000,
        "渝G1" * 33_000,
    ],
)
def test_a_hundred_kilobytes_take_seconds_not_hours(text: str) -> None:
    started = time.perf_counter()

    mask(text)

    assert time.perf_counter() - started < 10
