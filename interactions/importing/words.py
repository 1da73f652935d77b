"""Words that files of Chinese banks use for conversations and channel events, beside names and labels of the code."""

CHANNEL_WORDS = {
    "电话": "phone", "外呼": "phone", "短信": "sms", "微信": "wechat", "企业微信": "wechat", "邮件": "email",
    "邮箱": "email", "上门": "visit", "拜访": "visit", "面谈": "visit", "柜面": "visit",
}  # fmt: skip
DIRECTION_WORDS = {"呼出": "out", "主动联系": "out", "去电": "out", "呼入": "in", "来电": "in", "来访": "in"}
KIND_WORDS = {"服务": "service", "关怀": "care", "营销": "marketing", "推介": "marketing"}
OUTCOME_WORDS = {"接通": "talked", "已接": "talked", "未接": "no_answer", "无人接听": "no_answer", "留言": "message"}
MOOD_WORDS = {"满意": "pleased", "平静": "calm", "着急": "hurried", "不耐烦": "hurried", "不满": "upset"}
TOPIC_WORDS = {
    "存款": "deposit", "理财": "wealth", "基金": "fund", "保险": "insurance", "养老": "pension", "教育": "education",
    "房贷": "house", "住房": "house", "贷款": "loan", "信用卡": "card", "银行卡": "card", "外汇": "fx",
    "经营": "business", "家庭": "family", "健康": "health", "服务": "service", "防诈": "fraud", "活动": "activity",
}  # fmt: skip
EVENT_CHANNEL_WORDS = {
    "网点": "branch", "柜面": "branch", "自助": "atm", "自助设备": "atm", "手机银行": "mobile", "网银": "web",
    "网上银行": "web", "电话银行": "phone", "客服": "phone", "微信": "wechat", "微信银行": "wechat",
}  # fmt: skip
EVENT_KIND_WORDS = {
    "登录": "login", "浏览": "viewed", "查看": "viewed", "试算": "calculated", "申请": "applied",
    "提额": "limit_raised", "交易": "transaction", "咨询": "asked", "排队": "queued", "参加": "joined",
    "参加活动": "joined", "优惠券": "coupon", "领券": "coupon", "用券": "coupon", "学习": "learnt",
    "听课": "learnt", "课程": "learnt", "其他": "other",
}  # fmt: skip
