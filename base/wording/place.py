"""What the page of a village or hub on the built-in channel says, and its links."""

TEXT: dict[str, str] = {
    # the room
    "place.title": "{place} · 问哈村长",
    "place.you": "您是{name}",
    "place.you_are": "您是{name}（{title}）",
    "place.duty_lead": "值班组长",
    "place.change": "换人",
    "place.danger": "有人身危险，先打110",
    "place.ask": "问哈村长",
    "place.say": "发到群里",
    "place.look": "看新消息",
    "place.quiet": "还没有人说话。",
    "place.quiet.village": "要问法律上的事：在下面写出来，按“问哈村长”。",
    "place.quiet.hub": "村里答不了的问题，会变成一张工单出现在这里。",
    # the first message of ours
    "place.welcome.village": (
        "我是问哈村长。要问法律上的事，在下面写出来，按“问哈村长”。\n"
        "先请村长和乡亲答，答不了的转给律师、调解员。转出去之前，电话、身份证号、卡号都遮住。\n"
        "这个群就在这张网页上：大家写的话都存着，有链接的人都看得到。\n有人身危险先打110。"
    ),
    "place.welcome.hub": (
        "这里是值守群。村里转来的问题会以工单卡片出现：按“认领”，回复卡片就是答复。\n"
        "有链接的人都看得到，请不要转给别人。"
    ),
    # the door
    "place.who": "请问您怎么称呼？",
    "place.who_why.village": "写您平时用的名字，村里人看得到。这个手机会记住您，下次不用再写。",
    "place.who_why.hub": "写您的姓名，同事看得到；村里只看得到您的身份。这个手机会记住您。",
    "place.name": "您的名字",
    "place.profession": "您的身份（只选一次）",
    "place.for.liaison": (
        "这是给村长、村干部的链接：从这里进来就是{place}的联络员。请不要发到群里。"
    ),
    "place.for.duty_lead": "这是给值班组长的链接：从这里进来就是值班组长。请不要发到群里。",
    "place.other": ("现在是{name}。换一个名字，就当作另一个人，不能再替{name}办事。"),
    "place.enter": "进来",
    "place.back": "还是{name}，回到群里",
    # what went wrong, and the way out
    "place.nowhere": "没有这一页。链接可能抄漏了，或者换成了新的。请找给您链接的人再要一次。",
    "place.no_cookie": "没认出这个手机。请让浏览器保存网站数据（Cookie），再来一次。",
    "place.come_in_first": "请先写上名字，再说话。",
    "place.no_name": "还没有写名字。",
    "place.long_name": "名字太长了，最多{limit}个字。",
    "place.our_name": "这是机器人的名字，请写您自己的。",
    "place.no_profession": "请选一个身份，再进来。",
    "place.too_fast": "发得太快了，请等一分钟再发，您写的还在。",
    "place.too_many": "现在进来的人太多，请等一分钟再来。",
}
