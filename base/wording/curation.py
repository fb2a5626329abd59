"""What the people who keep the FAQ read, beside the texts of the pages themselves."""

TEXT: dict[str, str] = {
    # why a revision was written
    "curation.from_ticket": "来自{ticket}号工单",
    "curation.became_variant": "算作{entry}的一种问法",
    "curation.from_miss": "来自没答上的问题（{tickets}号工单）",
    # why something can't be done
    "curation.not_yours": "您的身份不能做这一步，请找审核人。",
    "curation.not_now": "这一条现在是“{status}”，不能这样做。请刷新页面再看。",
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
}
