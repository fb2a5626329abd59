"""Labels of buttons, and what people are told when something is not possible."""

TEXT: dict[str, str] = {
    # button labels: a fixed contract, the typed words are the same
    "label.ok": "有用",
    "label.no": "没帮上忙",
    "label.none": "都不是",
    "label.expert": "转给专家",
    "label.up": "转总群",
    "label.claim": "认领",
    "label.release": "退回",
    "label.done": "解决了",
    "label.again": "还有疑问",
    "label.urgent": "紧急",
    "label.prof": "选身份",
    "label.pick": "第{number}个",
    "label.pick_one": "就是这个",
    # under a message whose first sending may have worked
    "sender.repeated": "\n（网络不稳，这条可能重复了）",
    # commands, as Telegram lists them
    "command.help": "怎么问",
    "command.bind": "用口令绑定本群（管理员）",
    "command.start": "到村群里怎么问",
    # refusals
    "refused.transition": "{ticket}号工单现在是“{state}”，这一步做不了。{possible}",
    "refused.possible": "现在可以：{acts}。",
    "refused.nothing_possible": "有新的事，请重新问：问哈村长，再把事情讲出来。",
    "refused.nothing_possible.hub": "要等提问人再问，才能接着答。",
    "refused.only_asker": "这个由提问人自己来定。你有话，回复那条消息就行。",
    "refused.only_asker_or_liaison": "要转给律师，请提问人自己或村长来转。",
    "refused.only_liaison": "转总群请村长来转。你自己要问，直接说：问哈村长，再把事情讲出来。",
    "refused.claimed_by": "{ticket}号工单{time}已由{who}认领。",
    "refused.claimed_by_you": "{ticket}号工单已经是您在办，回复工单就是答复。",
    "refused.answer_by_assignee": (
        "{ticket}号工单由{who}承办，您的话没有发到村里。请和承办人商量，或请承办人先退回。"
    ),
    "refused.release_by_assignee": "{ticket}号工单由{who}承办，只有承办人或值班组长能退回。",
    "refused.not_built": "“{word}”还没开通，这句话没有发到村里。请直接答复，或先退回。",
    "refused.forged": "这个按钮用不了。请点自己问题下面的按钮，或直接打字。",
    "refused.asker_says": "“{label}”要由村里的提问人来说。您要答复，回复工单就行。",
    "refused.entry_gone": "这一条已经下架了。请选别的，或点“都不是”。",
    "refused.unknown": "没找到这个工单。请回复那条消息再试一次。",
    "refused.not_in_hub": "{ticket}号工单不归这个群办理。",
    "refused.no_such_choice": "没有第{number}个，请看看那条消息里的选项。",
    "refused.too_late_to_reopen": "{ticket}号工单办结很久了。请重新问：问哈村长，再把事情讲出来。",
    "refused.nobodys_message": (
        "这条是我自己发的，没有提问人。请回复乡亲那条消息。有人身危险先打110。"
    ),
    "refused.empty_question": (
        "那条消息没有文字，我看不懂。请把事情打字说一下。有人身危险先打110。"
    ),
    "refused.bind_anonymous": "匿名管理员认不出是谁。请先关掉“匿名”，再输入一次。",
    "refused.bind_direct": "口令请到要绑定的那个群里输入，这里不管用。",
    "refused.bind_admin": "只有这个群的管理员能绑定。请管理员来输入。",
    "refused.bind_code": "口令不对，或者用过了、过期了。请在服务器上重新生成一个。",
    "refused.bind_bound": "这个群已经绑定过了。要换，请在服务器上操作。",
    "refused.bind_taken": "“{name}”已经绑定了另一个群。要换，请在服务器上操作。",
    "refused.only_liaison_appoints": "任命联络员请现在的联络员或值班组长来做。",
    "refused.nobody_to_appoint": "请回复要任命的那个人的一条消息。",
    "refused.profession_chosen": "您已登记为{profession}。要改，请找值班组长。",
    "refused.media_answer": "语音、照片还带不到村里，这条没有发出去。请把答复打成字。",
    "refused.urgent_closed": (
        "有人身危险先打110，受伤打120。{ticket}号工单已经办结了，"
        "有新的事，请重新问：问哈村长，再把事情讲出来。"
    ),
    "refused.already_urgent": "{ticket}号工单已经加急了。有人身危险先打110。",
    # acts, as a refusal names what is possible instead
    "act.helped": "有用",
    "act.unhelpful": "没帮上忙",
    "act.picked": "选一个问题",
    "act.none_fits": "都不是",
    "act.handed_up": "转给专家",
    "act.claimed": "认领",
    "act.released": "退回",
    "act.answer_given": "答复",
    "act.asked_again": "还有疑问",
    "act.confirmed": "解决了",
    "act.withdrawn": "撤回",
}
