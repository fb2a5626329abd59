"""On Telegram the village has the first word: FAQ, offers, 村长, neighbours, time, silence."""

from pathlib import Path

from escalation.model import Event, Reason, Status
from tests.journeys.telegram_running import By, both_ways
from tests.journeys.telegram_town import RARE, WAGES, telegram_town

pytestmark = both_ways
MARRIED_OUT = "问哈村长，我女嫁出去了，屋头的地遭收了，又说要重新分"


async def test_helpful_closes_and_the_answer_shows_the_choice(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        asked = await town.ask(WAGES)
        answer = town.ours(town.village)
        assert answer.reply_to == asked.id
        assert "依据：《" in answer.text
        assert answer.buttons == (("有用", "没帮上忙"),)

        assert await town.press(town.zhang, town.village, answer, "有用") == "收到：有用"

        shown = town.ours(town.village)
        assert (shown.id, shown.edited, shown.buttons) == (answer.id, True, ())
        assert shown.text.endswith("✓ 有用")
        assert (await town.ticket()).reason is Reason.SOLVED


async def test_unhelpful_is_typed_as_word_or_number_and_goes_to_the_hub(
    tmp_path: Path, by: By
) -> None:
    async with telegram_town(tmp_path, by) as town:
        for number, typed in enumerate(("2", "没帮上忙", "回复2"), 1):
            await town.ask(WAGES)
            await town.say(town.zhang, town.village, typed)
            assert (await town.ticket(number)).state is Status.QUEUED
            assert town.card(number).text.startswith(f"【{number}号工单】白石村 · 待认领")


async def test_somebody_else_cannot_choose_for_the_asker(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        await town.ask(WAGES)
        told = await town.press(town.li, town.village, town.ours(town.village), "有用")
        assert told == "这个由提问人自己来定。你有话，回复那条消息就行。"
        assert (await town.ticket()).state is Status.FAQ_ANSWERED


async def test_a_pick_is_answered_and_the_offer_shows_it(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        asked = await town.ask(MARRIED_OUT)
        offer = town.ours(town.village)
        labels = [label for row in offer.buttons for label in row]
        assert labels[-1] == "都不是"
        assert 1 <= len(labels) - 1 <= 3

        await town.press(town.zhang, town.village, offer, labels[0])

        assert town.ours(town.village).reply_to == asked.id
        assert "依据：《" in town.ours(town.village).text
        assert "✓" in next(s.text for s in town.read(town.village) if s.id == offer.id)


async def test_none_fits_by_its_number_goes_to_the_hub(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        await town.ask(MARRIED_OUT)
        offer = town.ours(town.village)
        last = sum(len(row) for row in offer.buttons)
        await town.say(town.zhang, town.village, "9", offer)
        assert town.ours(town.village).text.startswith("没有第9个")
        await town.say(town.zhang, town.village, str(last), offer)
        assert (await town.ticket()).state is Status.QUEUED


async def test_time_hands_up_with_what_the_neighbour_said(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        # given a question in the lunch break, and a neighbour's reply
        asked = await town.ask()
        receipt = town.ours(town.village)
        assert receipt.reply_to == asked.id
        assert "今天14:30前没人答就转给律师。有人身危险先打110。" in receipt.text
        await town.say(town.li, town.village, "我屋头去年也遭过", asked)
        assert (await town.ticket()).state is Status.IN_VILLAGE

        # when half an hour of work has passed
        await town.wait(hours=2, minutes=30)

        # then the hub sees both, and the asker knows until when
        assert "乡亲说（今天12:00）：我屋头去年也遭过" in town.card().text
        assert "村里没人答，到点转总群" in town.card().text
        assert "最迟明天9:30前有人回你" in town.ours(town.village).text


async def test_the_liaison_answers_by_replying(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        asked = await town.ask()
        await town.say(town.wang, town.village, "我下午去找施工队，等我。", asked)
        assert town.ours(town.village).buttons == (("解决了", "还有疑问"),)
        await town.press(town.zhang, town.village, town.ours(town.village), "解决了")
        assert (await town.ticket()).reason is Reason.SOLVED
        assert town.ours(town.hub) == town.hub_welcome()


async def test_the_liaison_passes_on_a_message_never_addressed_to_us(
    tmp_path: Path, by: By
) -> None:
    async with telegram_town(tmp_path, by) as town:
        for number, gesture in enumerate(("转总群", "@wenha_test_bot", "问哈村长"), 1):
            # given words nobody asked us about, of which nothing was stored
            words = await town.say(town.li, town.village, "隔壁老周把我家地边边挖了半米")
            assert len(await town.tickets()) == number - 1

            # when the 村长 replies with the gesture
            await town.say(town.wang, town.village, gesture, words)

            # then that message is the question and its author the asker
            assert "问：隔壁老周把我家地边边挖了半米" in town.card(number).text
            assert town.ours(town.village).reply_to == words.id
            await town.answer("先拍照留证据。", number)
            assert town.ours(town.village).reply_to == words.id
            await town.press(town.li, town.village, town.ours(town.village), "解决了")
            assert (await town.ticket(number)).reason is Reason.SOLVED


async def test_a_villager_cannot_pass_on_for_the_liaison(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        words = await town.say(town.li, town.village, "隔壁老周把我家地边边挖了半米")
        await town.say(town.zhang, town.village, "转总群", words)
        assert town.ours(town.village).text.startswith("转总群请村长来转。")
        assert await town.tickets() == []


async def test_chatter_gets_no_word_and_no_row(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        said, kept = len(town.all_ours(town.village)), len(await town.kept())
        first = await town.say(town.li, town.village, "今天赶场不？")
        for words in ("1", "解决了", "谢谢", "/start@other_bot", "/help@another_bot"):
            await town.say(town.zhang, town.village, words)
        await town.say(town.zhang, town.village, "要去", first)
        await town.say(town.chen, town.hub, "今天下午我开庭，大家多担待")
        assert len(town.all_ours(town.village)) == said
        assert len(await town.kept()) == kept
        assert await town.tickets() == []


async def test_our_name_alone_is_answered_with_how_to_ask(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        for words in ("@wenha_test_bot", "/help", "/help@wenha_test_bot"):
            await town.say(town.li, town.village, words)
            assert town.ours(town.village).text.startswith("要问啥子，直接说：问哈村长")
        assert await town.tickets() == []


async def test_the_askers_solved_ends_the_window(tmp_path: Path, by: By) -> None:
    async with telegram_town(tmp_path, by) as town:
        await town.ask(RARE)
        await town.say(town.zhang, town.village, "解决了")
        assert (await town.story())[-1] is Event.CONFIRMED
        await town.wait(hours=4)
        assert town.ours(town.hub) == town.hub_welcome()
