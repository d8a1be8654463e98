"""What the invented founders talk about: topics with words and lines in English and Chinese.

`{a}` and `{b}` in a line stand for two different words of the topic. The playground writes its members' lines with
this same data, so what the models can learn there is what is true here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """A named topic; words, opening lines and replies per language code ("en", "zh")."""

    name: str
    words: dict[str, tuple[str, ...]]
    openers: dict[str, tuple[str, ...]]
    replies: dict[str, tuple[str, ...]]


def _topic(name: str, words: tuple[str, str], openers: tuple[str, str], replies: tuple[str, str]) -> Topic:
    """Words are separated by commas, lines by line breaks: easier to read and to add to."""

    def by_language(pair: tuple[str, str], separator: str) -> dict[str, tuple[str, ...]]:
        parts = (tuple(part.strip() for part in text.split(separator) if part.strip()) for text in pair)
        return dict(zip(("en", "zh"), parts, strict=True))

    return Topic(name, by_language(words, ","), by_language(openers, "\n"), by_language(replies, "\n"))


TOPICS: tuple[Topic, ...] = (
    _topic(
        "hardware",
        (
            "firmware, PCB, sensor, enclosure, prototype, battery, "
            "antenna, microcontroller, tooling, certification, soldering, factory",
            "固件, 电路板, 传感器, 外壳, 样机, 电池, 天线, 单片机, 模具, 认证, 焊接, 打样",
        ),
        (
            "Does anyone know a small factory for {a} and {b}?\nOur {a} fails after two weeks, "
            "probably the {b}. Ideas?\n"
            "We just got our first {a} back, the {b} looks great\nHow do you test a {a} before ordering the {b}?",
            "有没有靠谱的{a}厂家推荐？最好也能做{b}\n我们的{a}用了两周就坏，怀疑是{b}的问题，怎么查？\n第一批{a}到了，{b}效果很好\n下单{b}之前大家怎么测{a}？",
        ),
        (
            "We had the same with the {a}, "
            "a better {b} fixed it\nAsk for a {a} sample first, the {b} takes three weeks\n"
            "The {b} supplier we use also does {a}\nCheck the {a} datasheet, the {b} limits are optimistic",
            "我们的{a}也遇到过，换了{b}就好了\n先要一个{a}样品，{b}要三周\n我们用的{b}供应商也做{a}\n看一下{a}的手册，{b}参数偏乐观",
        ),
    ),
    _topic(
        "fundraising",
        (
            "term sheet, valuation, angel, seed round, investor, pitch deck, "
            "dilution, cap table, SAFE, due diligence, runway, lead",
            "投资条款, 估值, 天使轮, 种子轮, 投资人, 路演材料, 稀释, 股权表, 可转债, 尽调, 资金跑道, 领投方",
        ),
        (
            "What {a} is normal for a {b} this year?\n"
            "An investor wants a lower {a} before the {b}. Would you accept?\n"
            "Sharing our {a} template, the part on {b} took a month\nHow long did your {a} take after the first {b}?",
            "今年{b}一般是什么{a}水平？\n对方希望先谈{a}再看{b}，大家会接受吗？\n分享一下我们的{a}模板，{b}部分改了一个月\n拿到{b}之后，{a}大概要多久？",
        ),
        (
            "For a {b} I would keep the {a} simple\nOur {a} closed in six weeks once the {b} was clear\n"
            "Talk to a lawyer about the {a}, the {b} matters more than you think\nHappy to look at your {a} and {b}",
            "{b}阶段{a}越简单越好\n{b}谈清楚后，我们的{a}六周就结束了\n{a}一定要问律师，{b}比想象中重要\n可以帮你看看{a}和{b}",
        ),
    ),
    _topic(
        "design",
        (
            "Figma, typography, onboarding, wireframe, user research, colour palette, "
            "usability, icon, landing page, layout, brand, accessibility",
            "交互, 字体, 新手引导, 线框图, 用户研究, 配色, 可用性, 图标, 落地页, 排版, 品牌, 无障碍",
        ),
        (
            "Could someone review our {a}? The {b} feels off\nHow do you run {a} with only five users and no {b}?\n"
            "New {a} is live, the {b} is much calmer now\nWhich tools do you use for {a} and {b}?",
            "谁能帮忙看看我们的{a}？总觉得{b}不对\n只有五个用户、没有{b}，怎么做{a}？\n新的{a}上线了，{b}清爽很多\n做{a}和{b}大家用什么工具？",
        ),
        (
            "I would simplify the {a} and drop half of the {b}\nLovely {a}, but the {b} needs more contrast\n"
            "Five interviews told us more than any {a} about the {b}\nStart from the {b}, the {a} follows",
            "{a}可以简化，{b}砍掉一半\n{a}很好看，但{b}对比度不够\n五个访谈比{a}更能说明{b}的问题\n先定{b}，{a}自然就有了",
        ),
    ),
    _topic(
        "hiring",
        (
            "recruiter, interview, equity, contractor, salary, first engineer, "
            "cofounder, job post, referral, trial week, culture, remote team",
            "招聘, 面试, 期权, 外包, 薪资, 首位工程师, 合伙人, 职位描述, 内推, 试用期, 团队文化, 远程团队",
        ),
        (
            "How much {a} did you offer your {b}?\nWe are looking for a {a}, any {b} welcome\n"
            "Is a {a} worth it before you have a {b}?\nWhat do you ask about {a} in a {b}?",
            "给{b}的{a}你们一般怎么定？\n我们在找{a}，欢迎{b}\n还没有{b}的时候，做{a}值得吗？\n{b}的时候怎么聊{a}？",
        ),
        (
            "A {a} beats any {b} for us\nWe paid less {a} and more {b}, nobody regretted it\n"
            "Write the {a} as if the {b} had already said yes\nTry a {a} first, then talk about {b}",
            "对我们来说{a}比{b}管用\n我们{a}给得少一点，{b}多一点，没人后悔\n{a}要写得像{b}已经答应了一样\n先{a}，再谈{b}",
        ),
    ),
    _topic(
        "ai",
        (
            "language model, embedding, fine-tuning, GPU, prompt, inference, "
            "agent, dataset, evaluation, hallucination, token cost, open weights",
            "大模型, 向量, 微调, 显卡, 提示词, 推理, 智能体, 数据集, 评测, 幻觉, 调用成本, 开源权重",
        ),
        (
            "Which {a} do you trust for {b} in production?\nOur {a} bill doubled after we changed the {b}. Normal?\n"
            "We open sourced our {a}, the {b} numbers are in the readme\nHow do you measure {a} without a {b}?",
            "生产环境里做{b}，大家用哪个{a}？\n换了{b}之后{a}翻倍，正常吗？\n我们把{a}开源了，{b}结果在文档里\n没有{b}怎么衡量{a}？",
        ),
        (
            "A small {a} with good {b} is enough for most things\nCache the {a}, that halves the {b}\n"
            "We wrote fifty cases by hand, that beats any {a} for {b}\nTry a smaller {a} before you touch the {b}",
            "小一点的{a}配上好的{b}基本够用\n把{a}缓存起来，{b}能省一半\n手写五十个例子，比任何{a}都适合{b}\n动{b}之前先试试小的{a}",
        ),
    ),
    _topic(
        "logistics",
        (
            "customs, warehouse, freight, last mile, supplier, shipping, "
            "inventory, container, pallet, returns, cold chain, carrier",
            "清关, 仓库, 货运, 末端配送, 供应商, 发货, 库存, 集装箱, 托盘, 退货, 冷链, 承运商",
        ),
        (
            "Who has a good contact for {a} and {b} in Europe?\nOur {a} is stuck, the {b} does not answer. What now?\n"
            "We moved our {a} to Rotterdam and the {b} got cheaper\nHow do you plan {a} when the {b} changes weekly?",
            "谁有欧洲{a}和{b}的靠谱联系人？\n我们的{a}卡住了，{b}不回复，怎么办？\n{a}搬到鹿特丹之后{b}便宜了不少\n{b}每周都变，大家怎么规划{a}？",
        ),
        (
            "A local {a} agent saved us, ask for the {b} papers\nBook the {a} early, {b} prices jump in autumn\n"
            "Our {b} partner can take small {a} volumes\nKeep two weeks of {a}, the {b} is never on time",
            "本地{a}代理救了我们，记得要{b}单据\n{a}要早订，秋天{b}会涨价\n我们的{b}伙伴可以接小批量{a}\n{a}留两周余量，{b}从来不准时",
        ),
    ),
    _topic(
        "growth",
        (
            "churn, retention, SEO, newsletter, conversion, referral loop, "
            "ads, pricing, waitlist, activation, funnel, content",
            "流失率, 留存, 搜索优化, 邮件订阅, 转化率, 裂变, 投放, 定价, 候补名单, 激活, 漏斗, 内容",
        ),
        (
            "Our {a} fell after we touched {b}. Where would you look first?\n"
            "Is {a} still worth the money without {b}?\n"
            "We doubled {a} by fixing {b}, notes inside\nWhat {a} do you see in your first month of {b}?",
            "改了{b}之后{a}下降，先查哪里？\n没有{b}的话，{a}还值得投入吗？\n把{b}修好之后{a}翻倍，记录分享\n{b}第一个月，大家的{a}是多少？",
        ),
        (
            "Look at {a} by week, the {b} hides it\nTalk to ten people who left, {a} is never about {b}\n"
            "We stopped {a} and put it into {b}, best choice of the year\n{a} first, {b} later",
            "按周看{a}，{b}会掩盖问题\n找十个离开的用户聊聊，{a}和{b}关系不大\n我们停了{a}，全部投到{b}，今年最对的决定\n先做{a}，再做{b}",
        ),
    ),
    _topic(
        "legal",
        (
            "incorporation, trademark, GDPR, contract, patent, visa, "
            "liability, privacy policy, shareholder agreement, tax, notary, licence",
            "公司注册, 商标, 数据合规, 合同, 专利, 签证, 责任条款, 隐私政策, 股东协议, 税务, 公证, 牌照",
        ),
        (
            "Do I need a {a} before I sign the {b}?\nCan anyone recommend a lawyer for {a} and {b}?\n"
            "Our {a} got approved, happy to share the {b} text\nWho has done {a} across borders with a {b}?",
            "签{b}之前需要先做{a}吗？\n求推荐懂{a}和{b}的律师\n我们的{a}通过了，{b}文本可以分享\n谁做过跨境的{a}和{b}？",
        ),
        (
            "Not legal advice, but sort the {a} before the {b}\nWe used a standard {a} and only changed the {b}\n"
            "The {a} office was quick, the {b} took months\nAsk for a fixed price on {a}, {b} is where hours go",
            "不是法律意见，不过先搞定{a}再说{b}\n我们用标准{a}，只改了{b}\n{a}很快，{b}拖了几个月\n{a}要谈固定价，{b}最花时间",
        ),
    ),
)
