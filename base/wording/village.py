"""What the village reads."""

TEXT: dict[str, str] = {
    # the FAQ
    "village.faq": "{answer}\n依据：{sources}{steps}\n\n{choices} · 有人身危险先打110",
    "village.faq_step": "\n{number}. {step}",
    "village.offer": "你想问的是哪一个？\n{questions}\n\n{choices} · 有人身危险先打110",
    "village.offer_one": "你想问的是不是这个？\n{questions}\n\n{choices} · 有人身危险先打110",
    "village.offer_line": "{number}. {question}",
    # the village's first word
    "village.window": (
        "收到。先请村长和乡亲看看，{time}前没人答就转给律师。有人身危险先打110。\n\n{choices}"
    ),
    "village.offer_lapsed": (
        "这个问题先请村长和乡亲看看，{time}前没人答就转给律师。有人身危险先打110。\n\n{choices}"
    ),
    "village.liaison_answered": "村长答了。这下清楚了没得？\n\n{choices}",
    # on to the hub
    "village.handed_up": (
        "已转给律师和调解员（{ticket}号工单），最迟{time}前有人回你。有人身危险先打110。"
    ),
    "village.handed_up.clock": (
        "村里还没人答，已转给律师和调解员（{ticket}号工单），最迟{time}前有人回你。有人身危险先打110。"
    ),
    "village.urgent": (
        "有人身危险先打110，受伤打120。\n"
        "已加急转给律师和调解员（{ticket}号工单），最迟{time}前有人回你。"
    ),
    "village.urgent_marked": (
        "有人身危险先打110，受伤打120。\n{ticket}号工单已加急，律师那边看得到。"
    ),
    # the answer
    "village.answer": "{asker}，{who}答复你：\n{answer}\n\n{choices}",
    "village.answer.somebody": "值守群",
    "village.addition": "{asker}，{who}补充：\n{answer}\n\n{choices}",
    "village.asked_again": "好，{who}接着看（{ticket}号工单），最迟{time}前回你。",
    "village.asked_again.silent": (
        "好，{who}接着看（{ticket}号工单），最迟{time}前回你。哪里没弄清楚，回复这条说一声。"
    ),
    "village.asked_again.somebody": "律师那边",
    "village.asked_back": (
        "{asker}，{who}想请你补充：\n{text}\n回复这条说就行，等你的时候不算超时。"
    ),
    "village.asker_replied": "收到，转给{who}了（{ticket}号工单），最迟{time}前回你。",
    "village.pause_ended": (
        "{ticket}号工单没等到你补充，先按现有情况办，最迟{time}前有人回你。想起来了，随时回复说。"
    ),
    "village.time_changed": "{ticket}号工单的时间改了：最迟{time}前有人回你。",
    "village.follow_up": "前几天的{ticket}号工单，事情办好没有？\n\n{choices} · 有人身危险先打110",
    "village.follow_up.open": "{ticket}号工单答了几天了，清楚没得？\n\n{choices}",
    "village.withdrawn": "好，{ticket}号工单撤回了。有人身危险先打110。",
    "village.corrected": "{asker}，{who}更正前面的答复，以这一条为准：\n{answer}\n\n{choices}",
    "village.retracted": (
        "{ticket}号工单前面的答复不准，请先不要照着办。最迟{time}前重新答复你。"
    ),
    "village.referred": (
        "{ticket}号工单要找{office}来办。\n{where}\n去之前可以先打电话问要带啥子。有人身危险先打110。"
    ),
    "village.raised": "{ticket}号工单转到{hub}接着办，最迟{time}前有人回你。",
    "village.raised.late": "{ticket}号工单转到{hub}接着办，一有答复马上告诉你。让你久等了。",
    "village.dismissed": "{name}不再是本村联络员。",
    "village.mediation_begun": "{ticket}号工单开始调解了，调解员会找两边说。有人身危险先打110。",
    "village.merged": (
        "{ticket}号工单和{into}号问的是一件事，一起办：最迟{time}前有人回你，答复还是回到你这里。"
    ),
    "village.parted": "{ticket}号工单单独办，最迟{time}前有人回你。",
    "village.not_legal": (
        "{ticket}号工单看过了：这件事不归法律管，先找村长、村委会商量。"
        "还有法律上的疑问，重新问就行。"
    ),
    "village.not_legal.because": (
        "{ticket}号工单看过了，这件事不归法律管：{text}\n还有法律上的疑问，重新问就行。"
    ),
    # the desk of a liaison, who asks for others and carries answers on
    "desk.welcome": (
        "这里是{village}的代问台：群里有人问，就发到这里，我转给律师、调解员。\n"
        "三种发法：打字“代问 张三：事情……”；把他那条消息转发过来；把聊天记录复制了粘贴过来。\n"
        "答复会回到这里，您复制了转给他，再按“已转发”。看还有哪些没转，说“待转发”。\n"
        "有人身危险先打110。"
    ),
    "desk.somebody": "一位乡亲",
    "desk.asked": "好，替{name}问的是{ticket}号工单，最迟{time}前有答复给您转。",
    "desk.preview": (
        "看看对不对，一共{count}个人：\n{lines}\n只转其中几个，就写：只转 1 3\n\n{choices}"
    ),
    "desk.preview_line": "{number}. {name}：{text}",
    "desk.block": "{asker}，{who}答复你（问哈村长{ticket}号）：{answer}",
    "desk.copy": "↑ 请复制上面的话，转给{name}（{ticket}号）。转好了说一声。\n\n{choices}",
    "desk.forwarded": "好，{ticket}号的答复转到了。{name}看了怎么说？\n\n{choices}",
    "desk.not_forwarded": (
        "{ticket}号给{name}的答复还没转。请复制转给他，转好了回复“已转发{ticket}”。"
    ),
    "desk.waiting": "还有{count}条答复没转：\n{lines}\n转好了哪一条，就说“已转发”加号。",
    "desk.waiting_line": "{ticket}号给{name}：{text}",
    "desk.none_waiting": "没有等着转的答复。",
    # what an asker hears of the own questions
    "own.list": "{lines}",
    "own.line": "{ticket}号工单（{text}）：{state}{promise}",
    "own.promise": "，最迟{time}前有人回你",
    "own.late": "，已经过了{time}，我们在催",
    "own.none": "你在这个群里还没有问过。要问，直接说：问哈村长，再把事情讲出来。",
    "own.none_open": "你现在没有在办的问题。看以前的，说“我的问题”。",
    "village.rated.good": "谢谢，记下了。",
    "village.rated.bad": "记下了。哪里没说清楚，回复这条写出来，{ticket}号工单接着给你看。",
    # when a group is bound, and who speaks for it
    "village.welcome": (
        "我是问哈村长。要问法律上的事，直接说：问哈村长，再把事情讲出来。\n"
        "先请村长和乡亲答，答不了的转给律师、调解员。只存问我的话，别的不收；"
        "转出去之前，电话、身份证号、卡号都遮住。\n"
        "要是喊我不应，请把我设为群管理员。有人身危险先打110。"
    ),
    "village.listening": (
        "旁听打开了：没喊我、像是在问法律的话，我拿得很准才答。只有答了的才存。"
        "要关，说“问哈村长，关闭旁听”。"
    ),
    "village.not_listening": "旁听关了：不喊我，我不出声。",
    "village.appointed": "{name}从现在起是本村联络员，可以回复“转总群”。",
    # a group that is nobody's
    "stranger.greeting": "我只在已经登记的村群里答话。想给村里开通，请联系当地司法所。",
    "stranger.direct": (
        "我在村群里答话，这里说的我不收。请到村里的群问：问哈村长，再把事情讲出来。"
        "有人身危险先打110。"
    ),
    # marks put under a message once its choice is made
    "village.mark": "{text}\n\n✓ {label}",
    # how to ask
    "village.how_to_ask": (
        "要问啥子，直接说：问哈村长，再把事情讲出来。比如：\n"
        "问哈村长，老板欠我工钱不给怎么办？\n有人身危险先打110。"
    ),
    "village.choice": "回复{number} {label}",
    # short reactions to a press
    "toast.done": "收到：{label}",
}
