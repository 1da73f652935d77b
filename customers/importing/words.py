"""Words that files of Chinese banks use, beside the names and labels of the code: headings and values."""

HEADINGS = {
    "number": ("客户号", "客户编号", "customer_number"),
    "name": ("姓名", "客户姓名"),
    "gender": ("性别",),
    "birth_date": ("出生日期", "生日"),
    "id_kind": ("证件类型", "证件种类"),
    "id_number": ("证件号码", "证件号", "身份证号"),
    "phone": ("手机号", "手机号码", "电话", "联系电话"),
    "email": ("邮箱", "电子邮箱", "电子邮件", "e-mail"),
    "address": ("地址", "联系地址", "住址"),
    "district": ("地区", "区县", "行政区"),
    "occupation": ("职业",),
    "employer": ("工作单位", "单位"),
    "income_band": ("年收入", "收入区间"),
    "education": ("学历", "教育程度"),
    "marital_status": ("婚姻状况",),
    "preferred_channel": ("偏好渠道", "首选渠道"),
    "owner": ("客户经理", "客户经理工号", "管户经理"),
    "branch": ("机构号", "机构", "网点", "所属机构"),
    "since": ("开户日期", "建档日期"),
    "status": ("状态", "客户状态"),
    "guardian_name": ("监护人", "监护人姓名"),
    "guardian_consent_on": ("监护人同意日期",),
    "declined": ("拒绝提供", "拒绝提供项"),
}
GENDER_WORDS = {"f": "female", "m": "male", "女": "female", "男": "male", "女性": "female", "男性": "male"}
ID_WORDS = {
    "身份证": "resident",
    "居民身份证": "resident",
    "护照": "passport",
    "通行证": "permit",
    "居住证": "permit",
    "其他": "other",
}
EDUCATION_WORDS = {
    "初中": "school",
    "高中": "high",
    "中专": "high",
    "大专": "college",
    "专科": "college",
    "本科": "bachelor",
    "硕士": "graduate",
    "博士": "graduate",
    "研究生": "graduate",
}
MARITAL_WORDS = {
    "未婚": "single",
    "单身": "single",
    "已婚": "married",
    "离异": "divorced",
    "离婚": "divorced",
    "丧偶": "widowed",
}
CHANNEL_WORDS = {"电话": "phone", "短信": "sms", "微信": "wechat", "邮件": "email", "邮箱": "email", "上门": "visit"}
STATUS_WORDS = {
    "正常": "active",
    "受限": "restricted",
    "限制": "restricted",
    "身故": "deceased",
    "死亡": "deceased",
    "销户": "closed",
}
PURPOSE_WORDS = {
    "画像": "profiling",
    "个性化推荐": "profiling",
    "营销": "marketing",
    "敏感信息": "sensitive",
    "共享": "sharing",
    "对外提供": "sharing",
    "儿童": "child",
    "监护人同意": "child",
}
MEANS_WORDS = {"当面": "in_person", "柜面": "in_person", "电话": "phone", "书面": "written", "文件": "file"}
ROLE_WORDS = {
    "户主": "owner",
    "所有人": "owner",
    "本人": "owner",
    "共有人": "joint",
    "联名": "joint",
    "代理人": "authorised",
    "授权人": "authorised",
}
FAMILY_WORDS = {
    "活期": "current",
    "定期": "time",
    "大额存单": "certificate",
    "理财": "wealth",
    "基金": "fund",
    "保险": "insurance",
    "国债": "bond",
    "贵金属": "metal",
    "个人养老金": "pension",
    "信用卡": "card",
    "贷款": "loan",
}
CATEGORY_WORDS = {
    "代发工资": "salary",
    "工资": "salary",
    "养老金": "pension",
    "经营收入": "business",
    "代发": "payroll",
    "转账": "transfer",
    "现金": "cash",
    "消费": "card",
    "储蓄": "saving",
    "购汇": "fx",
    "结汇": "fx",
    "房租": "rent",
    "学费": "tuition",
    "保费": "insurance",
    "还款": "loan",
    "放款": "lending",
    "手续费": "fee",
    "利息": "interest",
}
MONEY_CHANNEL_WORDS = {"柜面": "counter", "柜台": "counter", "手机银行": "mobile", "网银": "web", "电话银行": "phone"}
YES_WORDS = {
    "yes": "true",
    "y": "true",
    "1": "true",
    "true": "true",
    "是": "true",
    "no": "false",
    "n": "false",
    "0": "false",
    "false": "false",
    "否": "false",
}
REPAYMENT_WORDS = {"正常": "current", "逾期": "overdue", "结清": "paid", "核销": "defaulted"}
