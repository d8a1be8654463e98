import pytest

from models.reading.questions import is_question
from models.reading.text_kinds import TextKind, kind

KINDS = [
    ("Does anyone know a small factory for sensors", TextKind.QUESTION),  # no question mark needed
    ("what would you charge for this?", TextKind.QUESTION),
    ("求推荐靠谱的律师", TextKind.QUESTION),  # asks without a mark
    ("这个方案大家觉得可行吗", TextKind.QUESTION),  # ends in a question particle
    ("Demo night this Friday 19:00, 20 seats, join us", TextKind.EVENT_NOTICE),
    ("周五晚7点线下沙龙，欢迎报名", TextKind.EVENT_NOTICE),
    ("Hi all, I'm Mia, founder of a logistics startup, new here", TextKind.INTRODUCTION),
    ("大家好，我是做硬件的，刚搬到柏林", TextKind.INTRODUCTION),
    ("Hello! Kofi here, new in town. I work on solar chargers", TextKind.INTRODUCTION),
    ("嗨，赵雨晴，朋友介绍来的。我们做给小店用的智能客服", TextKind.INTRODUCTION),
    ("欢迎欢迎，下次活动见", TextKind.GREETING),
    ("We just launched our beta, feedback welcome", TextKind.PRODUCT),
    ("我们刚上线了新版本，欢迎试用", TextKind.PRODUCT),
    ("Acme raises $5m seed", TextKind.NEWS),
    ("某公司宣布完成A轮融资", TextKind.NEWS),
    ("good guide on term sheets https://example.org/guide", TextKind.RESOURCE),
    ("整理了一份融投资料合集", TextKind.RESOURCE),
    # What is to be had is no question, although it asks who wants it.
    ("We have space for four pallets in our Berlin warehouse until March. At cost for people here.", TextKind.RESOURCE),
    ("Our lawyer has a free hour on Thursday. Shall I put somebody down?", TextKind.RESOURCE),
    ("I have two spare desks left over", TextKind.RESOURCE),
    ("上一批剩下四十个传感器，做样机的朋友可以来拿", TextKind.RESOURCE),
    ("多了一台打印机，谁要？", TextKind.RESOURCE),
    ("Do you have space for a pallet?", TextKind.QUESTION),
    ("Is there a free tool for invoices?", TextKind.QUESTION),
    ("谁要去深圳？", TextKind.QUESTION),
    ("haha true", TextKind.AGREEMENT),
    ("haha", TextKind.SMALL_TALK),
    ("Thanks Mia, that helps a lot!", TextKind.THANKS),
    ("Huge congratulations! 🎉", TextKind.CONGRATULATION),
    ("早上好", TextKind.GREETING),
    ("谢谢小雨", TextKind.THANKS),
    ("Decided: demo night moves to Thursdays", TextKind.DECISION),
    ("thanks! which lawyer was it?", TextKind.QUESTION),  # more than a courtesy
    ("好的，明天见", TextKind.GREETING),  # a time alone is no event
    ("see https://example.org/?q=1", TextKind.RESOURCE),  # a question mark inside a link asks nothing
]


@pytest.mark.parametrize(("text", "expected"), KINDS)
def test_a_text_has_a_kind(text, expected):
    assert kind(text) == expected


def test_a_question_mark_in_code_asks_nothing():
    assert not is_question("use `(empty? list)` there")


def test_a_very_long_text_has_a_kind_too():
    # A pattern that looks back again and again would not come to an end here.
    assert kind("a? b: 19:00 " * 5_000) == kind("a? b: 19:00 " * 50)


ASKS = """
any tips for cold outreach
Looking for a lawyer, any recommendations
I wonder if someone here has used Deel
有人知道怎么注册香港公司么
今晚谁来
anyone up for lunch near Kottbusser Tor
who's coming tonight
we're looking for a freelance designer with fintech experience
does somebody have a contact at the customs office
Need a bookkeeper who speaks German
curious what you all use for payroll
wondering whether a UG is enough for investors
recommendations for a good notary please
can anyone recommend a dentist
Hi all, has anyone here shipped batteries to Brazil
how much do you pay for coworking
which CRM do you use
where do you rent desks in Berlin
is it normal that the bank wants a utility bill
should we incorporate in Delaware or Estonia
do you guys have experience with Stripe Atlas
could someone check our landing page
any good accountant in Lisbon
what's a fair equity split for a late co-founder
ISO a ceramics studio
anybody know why DHL keeps returning our parcels
looking for recommendations: patent attorney
has someone tried the new Revolut business plan
who can help with a visa
so how do you handle refunds
why is everyone moving to Postgres
when is the next meetup
still looking for a flat in Neukölln
where to buy cheap lab equipment
we need someone who knows embedded Rust
请问哪里有小批量代工
有没有做跨境电商的
求推荐靠谱的会计
大家一般怎么收款
谁认识做模具的工厂
想问一下注册公司要多久
这个价格合理吗
有朋友做过德国VAT吗
深圳有没有适合路演的场地
找一个懂小程序的技术合伙人
哪家银行开户快
吃了没
明天你们去不
有人一起去展会嘛
怎么看特拉华架构
请教各位，期权池留多少合适
为什么我的广告一直不过审
哪位大佬用过这个云服务器
能不能推荐个猎头
求助：货卡在海关了
在找懂锂电池、做过巴西线的货代
我们在找靠谱的模具厂
求购一款中文网页字体的授权
什么时候有下一场活动
""".strip().splitlines()

TELLS = """
How to raise a seed round: our new article
请问一下，已经解决了
Why we moved off Kubernetes, a blog post: https://example.org/why
I wrote about how we price
Solved, thanks! The bank wanted a utility bill
Found one, thank you all
we use Pipedrive and like it
Looking forward to Thursday
I know somebody who did that
You can find the slides here
the carrier says it takes three weeks
We doubled activation by removing the product tour
what a night
I'd take ten for our demo devices
Never mind, I found it
Ran it on our prompt: 71 percent
Same experience here as Fatima
We pushed back once, politely, and it was gone in an hour
No idea, sorry
Tell them what you told me
It depends on who leads the round
There is a makerspace in Wedding
I can help with that, write to me
Half a day at the lab for 900 euros
we are not looking for funding right now
搞定了，多谢大家
我们用的是这家，挺好的
他们三周就办好了
不客气
没问题
差不多就这样吧
我认识一个做模具的
这是上次活动的资料
明天见
我们刚上线了新版本
律师说两周能办完
价格比去年低了
已经找到会计了，谢谢各位
那家不错，就是贵
我在找房子的时候发现很多坑
还在找投资人，别急
在找了，别催
""".strip().splitlines()


@pytest.mark.parametrize("text", ASKS)
def test_who_asks_is_heard_with_and_without_a_mark(text):
    assert is_question(text)


@pytest.mark.parametrize("text", TELLS)
def test_who_tells_asks_nothing(text):
    assert not is_question(text)
