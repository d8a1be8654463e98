from __future__ import annotations

import pytest

from models.reading.references import refers_back

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
找一个懂小程序的技术合伙人
""".strip().splitlines()


@pytest.mark.parametrize("text", LEANS)
def test_what_points_back_leans_on_what_was_said(text: str) -> None:
    assert refers_back(text)


@pytest.mark.parametrize("text", STANDS)
def test_what_can_be_understood_alone_does_not(text: str) -> None:
    assert not refers_back(text)
