"""What does the doctor say about Telegram, and which taps put it right? Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from base.messages import ChatRef
from bot.channels.telegram.checkup import Myself, Standing, Unanswered, Webhook, Why
from wenha.findings import Finding

MOST_SKEW = timedelta(seconds=30)
MANY = 100  # updates waiting at Telegram while the service runs

BOTFATHER = "打开 @BotFather → /mybots → 选 @{me} → "
FROM_BOTFATHER = (
    "打开 @BotFather → /mybots → 选机器人 → API Token，把整串令牌复制到环境变量 "
    "TELEGRAM_BOT_TOKEN，不带引号和空格，再重启服务"
)
REVOKE = (
    "停掉另一个程序（别的服务器、旧的进程、开发的电脑）；找不到是谁，就"
    + BOTFATHER
    + "API Token → Revoke current token，把新令牌放进环境变量 TELEGRAM_BOT_TOKEN，重启服务"
)
ADD = "请群里的人：点群名 → 添加成员（Add Members）→ 搜 @{me} → 添加"
ADMIN = (
    "群主点群名 → 编辑（Edit）→ 管理员（Administrators）→ 添加管理员（Add Admin）→ "
    "选 @{me} → 完成（Done）"
)
PRIVACY = (
    BOTFATHER
    + "Bot Settings → Group Privacy → Turn off，然后把机器人移出群再拉进来；"
    + "或者让它当管理员："
    + ADMIN
)
UNBLOCK = (
    "群管理员点群名 → 编辑（Edit）→ 权限（Permissions）→ 已移除的用户（Removed Users）→ "
    "把 @{me} 删掉，再点添加成员（Add Members）→ 搜 @{me} → 添加"
)
LET_SPEAK = "让机器人当管理员，就能发言：" + ADMIN
START = "启动 wenha serve，它会照配置改过来"
RESTART = "重启 wenha serve，它会照配置改过来；过一会儿又变回去，就是别的程序在用同一个令牌："


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A group that is bound: of a village, or of a hub."""

    name: str
    chat: ChatRef
    is_hub: bool

    @property
    def title(self) -> str:
        """The group as a finding calls it."""
        return f"{'值守群' if self.is_hub else '村群'}“{self.name}”"


def no_token_form() -> Finding:
    """What the environment holds is no token at all."""
    return Finding(
        "Telegram：TELEGRAM_BOT_TOKEN 的样子不对，应当是“数字:字母数字”", FROM_BOTFATHER
    )


def no_way_out() -> Finding:
    """The environment names a proxy that can't be used."""
    return Finding(
        "Telegram：环境变量里的代理（HTTPS_PROXY、ALL_PROXY）用不了",
        "写成 http://主机:端口；socks 代理现在不能用。不需要代理，就去掉这几个变量",
    )


def not_looked(groups: int) -> Finding:
    """Groups are bound, and there is no token here to look with."""
    return Finding(
        f"Telegram：绑定了 {groups} 个群，这里没有令牌，没有检查",
        "把令牌放进环境变量 TELEGRAM_BOT_TOKEN，再运行一次 wenha doctor",
        soon=True,
    )


_NO_ANSWER: Mapping[Why, tuple[str, str]] = {
    Why.TOKEN: (
        "令牌不对，{server} 不认识",
        FROM_BOTFATHER + "；令牌没错，就看 telegram.base_url",
    ),
    Why.UNREACHABLE: (
        "连不上 {server}",
        "检查服务器能不能上外网，防火墙和 DNS；要走代理，给服务设环境变量 HTTPS_PROXY；"
        "用自己的 Bot API 服务器，改 telegram.base_url",
    ),
    Why.SLOW: (
        "{server} 等了 {patience:g} 秒没有回话",
        "过几分钟再运行一次；还这样，检查网络和代理（环境变量 HTTPS_PROXY）",
    ),
    Why.WAIT: (
        "{server} 说发得太多，要等一等",
        "过几分钟再运行一次；常这样，把 telegram.pace 里的数调小",
    ),
    Why.CONFLICT: ("同一个令牌在别处用着", "停掉另一个程序，再运行一次"),
    Why.MOVED: ("群换了编号", START),
    Why.REFUSED: ("{server} 不答应（{words}）", "把这一行报给开发者"),
    Why.ODD: (
        "{server} 回的话看不懂",
        "检查 telegram.base_url（官方的是 https://api.telegram.org/bot）和中间的代理",
    ),
}


def unanswered(error: Unanswered, base_url: str, patience: float) -> Finding:
    """Telegram did not answer a question."""
    what, fix = _NO_ANSWER[error.why]
    parts = urlsplit(base_url)
    server = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    said = what.format(server=server, patience=patience, words=error.words)
    return Finding(f"Telegram：{said}", fix, soon=error.why is Why.WAIT)


def myself(me: Myself) -> Iterator[Finding]:
    """Who we are, and whether we may join groups."""
    yield Finding(f"Telegram：令牌有效，机器人是 @{me.username}")
    if not me.may_join_groups:
        fix = BOTFATHER + "Bot Settings → Allow Groups? → Turn groups on"
        yield Finding("Telegram：机器人不许进群", _to(fix, me))


def skew(found: timedelta | None) -> Iterator[Finding]:
    """Our clock against Telegram's; some servers tell no time."""
    if found is None:
        return
    if abs(found) <= MOST_SKEW:
        yield Finding("时钟：和 Telegram 对得上")
        return
    how = "快" if found > timedelta(0) else "慢"
    yield Finding(
        f"时钟：本机比 Telegram {how} {_span(abs(found))}，到期时间会跟着错",
        "运行 timedatectl set-ntp true 打开自动对时，过几分钟用 timedatectl 看："
        "System clock synchronized 应当是 yes",
    )


def webhook(hook: Webhook, wanted: str, me: Myself, *, running: bool) -> Iterator[Finding]:
    """Where Telegram posts updates to, against where the configuration wants them."""
    if hook.url == wanted:
        way = f"由 Telegram 推到 {hook.host}" if wanted else "服务自己去取，没有设推送"
        yield Finding(f"收消息：{way}")
        return
    there = f"Telegram 推到 {hook.host}" if hook.url else "Telegram 那边没有设推送"
    want = f"配置要推到 {urlsplit(wanted).hostname}" if wanted else "配置要自己去取"
    if hook.host == urlsplit(wanted).hostname:
        want = "网址和配置里的不一样"
    fix = _to(RESTART + REVOKE, me) if running else START
    yield Finding(f"收消息：{there}，{want}", fix, soon=not running)


def pushing(hook: Webhook, wanted: str, now: datetime, *, running: bool) -> Iterator[Finding]:
    """What went wrong with posting to us lately, and what is waiting."""
    if hook.url == wanted and hook.error_at is not None:
        what = f"推送：{_span(now - hook.error_at)}前没推成（{hook.error}）"
        yield Finding(what, _push_fix(hook.error), soon=not hook.pending)
    if hook.pending >= (MANY if running else 1):
        fix = "启动 wenha serve。村民的话等过24小时，点的按钮等过两三分钟，Telegram 就丢掉了"
        busy = "过几分钟再看；不减少，看日志里有没有 polling 或 database busy，再重启服务"
        what = f"收消息：有 {hook.pending} 条在 Telegram 那边等着"
        yield Finding(what, busy if running else fix, soon=True)


_PUSH_FIXES: Mapping[str, str] = {
    "certificate": "证书有问题：换成有效的证书，中间证书也要带上",
    "ssl": "证书有问题：换成有效的证书，中间证书也要带上",
    "resolve": "域名解析不到：检查 telegram.webhook.url 的域名和 DNS",
    "refused": "反向代理没有开，或端口没放开：Telegram 只推到 443、80、88、8443",
    "timed out": "外面连不进来：检查防火墙，Telegram 只推到 443、80、88、8443",
    "timeout": "外面连不进来，或服务太忙：检查防火墙和反向代理",
    "401": "口令对不上：重启 wenha serve，它会重新设好",
    "404": "路径不对：反向代理要把 telegram.webhook.path 原样转过来",
    "502": "反向代理找不到服务：看 wenha serve 在不在运行，端口是不是 web.port",
    "503": "服务存不下：看磁盘满没满，日志里有没有 database busy",
}


def _push_fix(words: str) -> str:
    """What to do about Telegram's words for a post that failed."""
    said = words.lower()
    known = next((fix for mark, fix in _PUSH_FIXES.items() if mark in said), "")
    return known or "从外面用 https 打开 telegram.webhook.url 试一试，再看反向代理的日志"


def not_disturbed() -> Finding:
    """Our own service polls; whether somebody else does, too, stands in its log."""
    seen = "两个程序抢令牌，日志里会有 another process polls"
    return Finding(f"收消息：服务正在取，没有打扰它。{seen}")


def pollers(me: Myself, *, others: bool) -> Finding:
    """Whether somebody else polls with our token."""
    if not others:
        return Finding("收消息：没有别的程序在用这个令牌取")
    return Finding("收消息：另一个程序也在用这个令牌取，两边都会漏", _to(REVOKE, me))


_SCOPE = {
    "all_group_chats": "群里",
    "all_chat_administrators": "群管理员",
    "all_private_chats": "私聊",
}


def menu(missing: Sequence[str]) -> Finding:
    """The commands people are offered while they type, by scope."""
    if not missing:
        return Finding("命令菜单：群里、群管理员、私聊都设好了")
    where = "、".join(_SCOPE[scope] for scope in missing)
    return Finding(f"命令菜单：{where}的没有设好", "重启 wenha serve，它启动时会设好", soon=True)


def is_deaf(found: Standing | Unanswered, me: Myself) -> bool:
    """Whether we are in a group and hear only commands and replies there."""
    inside = isinstance(found, Standing) and found.status in ("member", "restricted")
    return inside and not me.hears_all


def privacy(me: Myself, standings: Sequence[Standing | Unanswered]) -> Iterator[Finding]:
    """What @BotFather has set; a group in which it is felt says so itself."""
    if me.hears_all:
        yield Finding("隐私模式：已关。关以前就进的群，要把机器人移出再拉进来才算数")
    elif not standings:
        what = "隐私模式：开着，机器人不当管理员，就听不到“问哈村长”"
        yield Finding(what, _to(PRIVACY, me), soon=True)
    elif not any(is_deaf(standing, me) for standing in standings):
        yield Finding("隐私模式：开着，不要紧，机器人在每个群都是管理员或不在群里")


def group(place: Place, found: Standing | Unanswered, me: Myself) -> Finding:
    """What we are in a bound group."""
    if isinstance(found, Unanswered):
        return _outside(place, found, me)
    if found.status == "left":
        return Finding(f"{place.title}：机器人不在群里", _to(ADD, me))
    if found.status == "kicked":
        return Finding(f"{place.title}：机器人被移出来了，不许再进", _to(UNBLOCK, me))
    if not found.may_send:
        return Finding(f"{place.title}：机器人不许发言", _to(LET_SPEAK, me))
    if is_deaf(found, me):
        what = "只听得到命令和对机器人的回复（隐私模式开着，又不是管理员）"
        return Finding(f"{place.title}：{what}", _to(PRIVACY, me))
    return Finding(f"{place.title}：{'管理员' if found.in_charge else '普通成员'}，能发言")


def _outside(place: Place, error: Unanswered, me: Myself) -> Finding:
    """Telegram tells nothing of the group: we are no longer in it, or it is gone."""
    words = error.words.lower()
    if error.why is Why.MOVED:
        fix = "启动 wenha serve，下一次往群里发消息，它自己跟过去"
        return Finding(f"{place.title}：群升级过，换了编号", fix, soon=True)
    if "kicked" in words:
        return Finding(f"{place.title}：机器人被移出来了，或者群解散了", _to(UNBLOCK, me))
    if "not a member" in words:
        return Finding(f"{place.title}：机器人不在群里", _to(ADD, me))
    anew = f"wenha bind hub {place.name} --replace" if place.is_hub else "请报给开发者"
    return Finding(
        f"{place.title}：找不到这个群（{error.words}）",
        _to(f"群还在的话，{ADD}。群没有了，要换成别的群：{anew}", me),
    )


def _to(fix: str, me: Myself) -> str:
    return fix.replace("{me}", me.username)


def _span(time: timedelta) -> str:
    seconds = int(time.total_seconds())
    for size, unit in ((86_400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} 秒"
