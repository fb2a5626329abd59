"""What the pages of the built-in channel and the sandbox say."""

TEXT: dict[str, str] = {
    "web.bot_name": "问哈村长",
    # the top of the page
    "web.title": "问哈村长 · 试用",
    "web.what": "在群里问法律：村里先答，答不了转律师，答复回到你的消息下面。",
    "web.sandbox": "这里是试用：人是编的，内容只存在这台电脑上，时钟可以拨快。",
    "web.to_words": "跳到输入框",
    # the clock
    "web.clock": "试用时钟",
    "web.date": "{month}月{day}日 星期{weekday}",
    "web.short_date": "{month}月{day}日 周{weekday}",
    "web.weekdays": "一二三四五六日",
    "web.open": "上班时间",
    "web.closed": "下班时间",
    "web.opens_at": "{time}上班",
    "web.plus_10": "+10 分钟",
    "web.plus_60": "+1 小时",
    "web.next": "下一个时限",
    "web.next_none": "现在没有等着的时限",
    # who you are
    "web.personas": "选一个人来扮",
    "web.you_are": "你现在是",
    # the chats
    "web.rooms": "看哪个群",
    "web.news": "有新消息",
    "web.village_about": "村民群",
    "web.hub_about": "律师、调解员在这里",
    "web.bot_title": "机器人",
    "web.edited": "已编辑",
    "web.reply": "回复",
    "web.reply_to": "回复{name}：{text}",
    "web.no_reply": "不回复了",
    "web.reply_this": "回复{name}的这条消息",
    "web.older": "更早的消息没有显示在这里，都还存着。",
    "web.hub_empty": "值守群里还没有事。",
    "web.hub_empty_why": "村里答不了、或者等久了没人答的问题，会变成一张工单出现在这里。",
    "web.steps_title": "群里还没人说话。可以这样走一遍：",
    "web.steps_again": "可以试什么",
    # the words somebody writes
    "web.words": "{name}要说的话",
    "web.words_hint.village": "{name}，在这里打字……",
    "web.words_hint.hub": "先点工单的“回复”再答……",
    "web.send": "发送",
    "web.tries": "不知道说什么？点一句试试：",
    "web.elsewhere": "你现在是{name}（{title}），只能在{room}里说话。",
    "web.elsewhere_be": "换成：",
    "web.left": "还能写{count}字",
    "web.over": "超出{count}字，请分成两条发",
    # what went wrong, and the way out
    "web.empty": "还没有写字。请先写一句，再点发送。",
    "web.too_long": "太长了：写了{length}字，一条最多{limit}字。请分成几条发，你写的还在。",
    "web.too_big": "太长了，一条最多{limit}字，没有收下。写的还在原来那一页，请分成几条发。",
    "web.reply_gone": "你要回复的那条消息不在这个群里。请重新点一次“回复”，你写的还在。",
    "web.button_gone": "这个按钮已经不在了。请看看那条消息现在的样子，再点一次。",
    "web.button_changed": "这条消息刚刚变了，按钮现在是“{label}”。请看一眼，再点一次。",
    "web.not_here": "你现在是{name}，这个群里的按钮你点不了。请先换成这个群里的人。",
    "web.who": "没有这个人。请在上面选一个人，再来一次。",
    "web.bad_form": "这一步没看懂。请刷新页面，再来一次。",
    "web.stale": "页面放久了，或者服务重新启动过。没有存下任何东西，请再点一次，你写的还在。",
    "web.trouble": "现在存不下，请稍后再点一次，你写的还在。",
    "web.offline": "连不上了，正在重试。存下的都还在。",
    "web.unsent": "没有发出去，请再点一次，你写的还在。",
    "web.no_page": "没有这一页。",
    "web.close": "关闭",
}

STEPS: tuple[str, ...] = (
    "当村民，问一句常见的：“问哈村长，老板欠我工钱不给怎么办？”马上有答案和法条。",
    "问得含糊一点，比如“问哈村长，离婚”，会给几个问题选，也可以选“都不是”。",
    "问一件少见的事，先由村里答：换成村长，点那条消息的“回复”来答，或者回复“转总群”。",
    "换成律师，看值守群的工单，点“认领”，再回复工单：答复会回到村民那条消息下面。",
    "没人认领也不会忘：拨“下一个时限”，看提醒、超时和值班组长。",
    "事情急就说“紧急”：跳过等待，马上转给律师。",
    "随便聊几句家常：机器人不出声，也什么都不收。",
    "把程序关掉再打开：什么都还在，该到期的还是那时到期。",
)
"""What a newcomer can live through here, in order."""

TRIES_VILLAGER: tuple[str, ...] = (
    "问哈村长，老板欠我工钱不给怎么办？",
    "问哈村长，隔壁占了我家的路，不让过",
    "问哈村长，我家的果树遭施工队挖了",
    "今天赶场不？",
)
TRIES_LIAISON: tuple[str, ...] = ("转总群", "这个我晓得，明天到村委会来，我带你去办。")
TRIES_HUB: tuple[str, ...] = (
    "先把合同和转账记录留好，带身份证到司法所来一趟。",
    "可以要求赔。先拍照、数清楚，请村里写个证明。",
)
"""First words for each part, offered above the input; tapping one only fills it in."""
