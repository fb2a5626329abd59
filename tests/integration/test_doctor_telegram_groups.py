"""wenha doctor on Telegram: what the bot hears and may do in every bound group."""

from pathlib import Path

from tests.integration.doctor_stage import ward
from tests.telegram_server import faults
from tests.telegram_server.errors import refused

READD = "请群里的人：点群名 → 添加成员（Add Members）→ 搜 @wenha_test_bot → 添加"


async def test_a_member_with_privacy_on_hears_only_commands_and_replies(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        patient.server.people.unmake_admin(
            patient.village, patient.server.bot.user, by=patient.wang
        )
        patient.server.bot.queue.clear()
        said = await patient.examine()
    assert said.code == 1
    fix = said.fix("✗ 村群“白石村”：只听得到命令和对机器人的回复")
    assert fix.startswith(
        "打开 @BotFather → /mybots → 选 @wenha_test_bot → Bot Settings → Group Privacy → "
        "Turn off，然后把机器人移出群再拉进来；"
    )
    assert "管理员（Administrators）→ 添加管理员（Add Admin）" in fix
    # and the hub, where it is an admin, is fine
    assert "✓ 值守群“值守群”：管理员，能发言" in said.text
    assert "隐私模式：" not in said.text


async def test_privacy_is_told_before_the_first_group_is_bound(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        patient.database.unlink()
        said = await patient.examine()
    assert said.code == 0
    assert "Group Privacy → Turn off" in said.fix("! 隐私模式：开着")


async def test_a_member_with_privacy_off_hears_everything(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        patient.server.bot.privacy = False
        patient.server.people.unmake_admin(
            patient.village, patient.server.bot.user, by=patient.wang
        )
        patient.server.bot.queue.clear()
        said = await patient.examine()
    assert said.code == 0
    assert "✓ 隐私模式：已关。关以前就进的群，要把机器人移出再拉进来才算数" in said.text
    assert "✓ 村群“白石村”：普通成员，能发言" in said.text


async def test_a_group_it_was_thrown_out_of_is_told(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        patient.server.people.kick_bot(patient.village, by=patient.wang)
        patient.server.bot.queue.clear()
        said = await patient.examine()
    assert said.code == 1
    fix = said.fix("✗ 村群“白石村”：机器人被移出来了")
    assert "已移除的用户（Removed Users）" in fix
    assert "搜 @wenha_test_bot → 添加" in fix


async def test_a_group_it_left_is_told(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        patient.server.people.leave(patient.hub, patient.server.bot.user)
        patient.server.bot.queue.clear()
        said = await patient.examine()
    assert said.code == 1
    assert said.fix("✗ 值守群“值守群”：机器人不在群里") == READD


async def test_a_public_group_it_left_is_told_as_well(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        # such a group can still be looked at from outside
        patient.village.username = "baishicun"
        patient.server.people.leave(patient.village, patient.server.bot.user)
        patient.server.bot.queue.clear()
        said = await patient.examine()
    assert said.fix("✗ 村群“白石村”：机器人不在群里") == READD


async def test_a_group_that_lets_only_admins_write_is_told(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        patient.village.muted = patient.hub.muted = True
        patient.server.bot.privacy = False
        patient.server.people.unmake_admin(
            patient.village, patient.server.bot.user, by=patient.wang
        )
        patient.server.bot.queue.clear()
        said = await patient.examine()
    assert said.code == 1
    assert "添加管理员（Add Admin）" in said.fix("✗ 村群“白石村”：机器人不许发言")
    # an admin may write
    assert "✓ 值守群“值守群”：管理员，能发言" in said.text


async def test_a_group_telegram_does_not_know_is_told(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        del patient.server.platform.world.chats[patient.hub.id]
        said = await patient.examine()
    assert said.code == 1
    fix = said.fix("✗ 值守群“值守群”：找不到这个群")
    assert "wenha bind hub 值守群 --replace" in fix


async def test_a_group_that_goes_on_under_another_id_is_told(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        words = "group chat was upgraded to a supergroup chat"
        moved = faults.Fault(
            performed=False,
            reply=faults.Reply.ERROR,
            error=refused(400, words, migrate_to_chat_id=-1002000000001),
        )
        patient.server.faults.next(moved, method="getChat", chat_id=patient.village.id)
        said = await patient.examine()
    assert said.code == 0
    assert "wenha serve" in said.fix("! 村群“白石村”：群升级过，换了编号")


async def test_one_group_out_of_reach_hides_no_other(tmp_path: Path) -> None:
    async with ward(tmp_path) as patient:
        patient.server.people.leave(patient.hub, patient.server.bot.user)
        patient.server.people.kick_bot(patient.village, by=patient.wang)
        patient.server.bot.queue.clear()
        said = await patient.examine()
    assert len(said.lines("✗")) == 2
