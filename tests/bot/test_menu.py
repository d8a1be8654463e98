from __future__ import annotations

import json

from bot.menu import SCOPES, publish_menus
from tests.stage import TEXTS, Stage


async def test_menus_reach_every_audience_in_both_languages(stage: Stage) -> None:
    await publish_menus(stage.host.services.ask_telegram, TEXTS)

    calls = [call.params for call in stage.telegram.calls if call.method == "setMyCommands"]
    assert len(calls) == len(SCOPES) * 2
    chinese = [json.loads(call["commands"]) for call in calls if call.get("language_code") == "zh"]
    assert {"command": "events", "description": "即将举行的活动"} in chinese[0]
