"""What the people who keep the FAQ read, beside the texts of the pages themselves."""

TEXT: dict[str, str] = {
    # why a revision was written
    "curation.from_ticket": "来自{ticket}号工单",
    "curation.became_variant": "算作{entry}的一种问法",
    "curation.corrected": "{ticket}号工单的答复更正了：{text}",
    "curation.retracted": "{ticket}号工单的答复撤回了，说错了",
    "curation.from_miss": "来自没答上的问题（{tickets}号工单）",
    # why something can't be done
    "curation.not_yours": "您的身份不能做这一步，请找审核人。",
    "curation.not_now": "这一条现在是“{status}”，不能这样做。请刷新页面再看。",
    "curation.recheck_first": "法条变了，要重新核对、审核、发布，不能只放弃草稿。",
    "curation.changed_meanwhile": (
        "您打开之后别人改过这一条。您写的还在下面，请对照最新的内容再保存。"
    ),
    "curation.why_missing": "请写一句为什么，以后的人看得懂。",
    "curation.own_change": "自己改的不能自己审核，请另外一位审核人看。",
    "curation.incomplete": "还不能用：{problems}",
    "curation.falls": "发布以后，回归题的准确率会下降：{falls}。确实要发布，请勾选“强行发布”。",
    "curation.nothing_changed": "内容没有变，没有保存。",
    "curation.retired": "{entry} 已经下架，不能加问法。",
    "curation.known_wording": "{entry} 已经有这种问法了。",
    "curation.nothing_there": "没有 {entry} 这一条。",
    # what was done with an entry
    "deed.imported": "导入",
    "deed.drafted": "起草",
    "deed.saved": "修改",
    "deed.restored": "恢复旧版",
    "deed.dropped": "放弃草稿",
    "deed.sent_back": "退回修改",
    "deed.reviewed": "审核通过",
    "deed.published": "发布",
    "deed.retired": "下架",
    "deed.recheck": "法条变了，重新核对",
    "deed.suspended": "法条变了，停用核对",
    # how far an entry has come
    "entry.draft": "草稿",
    "entry.reviewed": "已审核",
    "entry.published": "已发布",
    "entry.retired": "已下架",
    # who works at the pages
    "staff.curator": "知识编辑",
    "staff.reviewer": "审核人",
    "staff.duty_lead": "值守负责人",
    "staff.operator": "运维",
    # what the pages refuse
    "console.stale": "这一页过期了，或者不是从我们的页面发来的。请回到上一页刷新，再做一次。",
    "console.bad_form": "看不懂发来的内容，请回到上一页再做一次。",
    "console.too_big": "内容太长了，请分成几条，或者用 wenha faq import 导入。",
    "console.not_for_you": "{name}，您的身份看不了这一页。需要的话，请运维给您加身份。",
    "console.nothing_here": "没有这一页。",
    "console.trouble": "数据库正忙，什么都没有改。请过一会儿再试。",
    "console.wrong_password": "名字或者密码不对。连错五次要等十五分钟；忘了密码请找运维重设。",
    "console.too_many": "刚才登录的太多了，请过一分钟再试。",
    "console.needs_https": (
        "密码不能走没有加密的网络。请用 https:// 的地址打开（配置 web.url 里也要写上），"
        "或者在服务器本机上打开。"
    ),
    "console.cannot_keep": "没有保存：{problems}",
    "console.form.question": "问题要写1到{most}个字",
    "console.form.answer": "答复最多{most}个字",
    "console.form.lines": "{name}最多{most}行，一行最多{line}个字",
    "console.form.category": "类别要从表里选",
    "console.form.sources": "依据最多{most}条",
    "console.form.source": (
        "依据“{source}”要写全：法的名称（最多{law}字）、条号（最多{article}字）、核对日期"
    ),
    "console.form.day": "{name}写的是“{day}”，应当是 2026-11-26 这样的日期",
    "console.field.question": "问题",
    "console.field.variants": "问法",
    "console.field.answer": "答复",
    "console.field.steps": "办法",
    "console.field.sources": "依据",
    "console.field.category": "类别",
    "console.field.review_by": "复核日期",
    "console.field.valid_from": "从哪天起用",
    "console.field.valid_to": "用到哪天",
    "staff.password_length": "密码要10到200个字",
    "staff.password_weak": "密码太简单：不能带名字，至少5个不同的字",
    # how the outcome of a past question would change
    "effect.answered": "会答了",
    "effect.other": "换成别的条目答",
    "effect.offered": "会请他选",
    "effect.doubted": "本来会答，只请他选了",
    "effect.silent": "不再开口",
    "outcome.answer": "直接答",
    "outcome.offer": "请他选",
    "outcome.silent": "不开口",
}
