from __future__ import annotations

import json

from bot.menu import SCOPES, publish_menus
from bot.texts.languages import LANGUAGES
from tests.stage import TEXTS, Stage


async def test_menus_reach_every_audience_in_every_language(stage: Stage) -> None:
    await publish_menus(stage.host.services.ask_telegram, TEXTS)

    calls = [call.params for call in stage.telegram.calls if call.method == "setMyCommands"]
    assert len(calls) == len(SCOPES) * len(LANGUAGES)
    chinese = [json.loads(call["commands"]) for call in calls if call.get("language_code") == "zh"]
    assert {"command": "events", "description": "即将举行的活动"} in chinese[0]
