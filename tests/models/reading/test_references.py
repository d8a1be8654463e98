from __future__ import annotations

import pytest

from models.reading.references import judges, refers_back

LEANS = """
Do you have a contact for that?
Is it heated? We have batteries
Which one did you take?
and what did they charge?
Same here, which lab was it?
How long did it take them?
What revision are they?
那家怎么样？
这个多少钱
他们收多少？
楼上说的哪家？
所以你们最后用了哪个
We could use some for the workshop, happy to bring coffee
Do you have any left?
We'd take two, if nobody else wants them
Does the lab do that for startups?
Did it work out with the landlord?
Does the term sheet guide count?
Is the debug port still enabled? It cost us two weeks of battery life
Have they asked for the CE papers? For us it was exactly that
调试口关了吗？我们因为这个多耗了两周的电
Did retention hold? Ours dipped after the same change
Trial week or interviews? People will ask
留存还好吗？我们改完掉了一点
Could the third step have a sensible default instead?
Congratulations! What did you pay for the tool?
Very kind. Can I pick up five on Thursday?
Fantastic, exactly what we need. Licence?
谢谢！请问周四可以来拿吗
投资条款手册算吗？
需要带电脑吗？
""".strip().splitlines()

STANDS = """
Is it normal that a bank wants a utility bill?
Is it worth going to Web Summit?
Is there a good customs broker in Gdańsk?
Who is free this week for a demo?
Does anyone know a lawyer that speaks German?
We have a lab in Wedding. Who wants to share it?
Which CRM do you use?
Looking for a designer
上海附近有没有接小批量的仓库？
这个月谁去展会？
求推荐能打样五十块电路板的小厂，不要求起订量的那种
Is SEO still worth it for a local product, or should we put it all into the newsletter?
Visa for our new engineer from Brazil: who went through it recently, how long did it take?
Anyone tested their product for accessibility with real screen reader users?
Our landlord wants to sell the building, can he end our lease before it runs out?
Who has some experience with customs in Norway?
How do you do firmware updates in the field for 500 devices? Ours bricked two units last night.
Great news! We moved demo night to Thursdays
Did Product Hunt bring you anything that stayed?
HubSpot or Pipedrive as a first CRM?
找一个懂小程序的技术合伙人
可以远程注册公司吗？
""".strip().splitlines()


@pytest.mark.parametrize("text", LEANS)
def test_what_points_back_leans_on_what_was_said(text: str) -> None:
    assert refers_back(text)


@pytest.mark.parametrize("text", STANDS)
def test_what_can_be_understood_alone_does_not(text: str) -> None:
    assert not refers_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "The draft angles look right, I'd lead with the customer story",
        "Your numbers look fine to me",
        "The second slide is too full, I'd cut it",
        "第二页有点满",
    ],
)
def test_who_judges_a_thing_was_shown_it_before(text: str) -> None:
    assert judges(text)


@pytest.mark.parametrize(
    "text",
    ["The new version is live: faster search", "The office moves to Kreuzberg in March", "Our numbers for May are out"],
)
def test_news_is_no_judgement(text: str) -> None:
    assert not judges(text)
