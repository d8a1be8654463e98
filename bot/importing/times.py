"""When things happened: exports tell unix seconds, or only the local time of the computer that made them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

# Telegram began in August 2013; a clock a day ahead is possible, more is an error of the file.
TELEGRAM_BEGAN_AT = datetime(2013, 8, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)


class Times:
    """Turns exported dates into instants. `zone`: where the export was made; None: as the messages themselves tell."""

    def __init__(self, zone: ZoneInfo | None, *, now: datetime) -> None:
        self.zone, self.latest_at = zone, now + AHEAD
        # True once a date had to be read as UTC because nothing told its zone.
        self.has_guessed = False

    def of(self, raw: dict[str, Any], field: str = "date") -> datetime:
        """The instant of a message's date. Raises KeyError, ValueError, TypeError, OverflowError when there is none."""
        seconds = raw.get(f"{field}_unixtime")
        at = datetime.fromtimestamp(int(seconds), UTC) if seconds is not None else self._local(raw[field], None)
        if not TELEGRAM_BEGAN_AT <= at <= self.latest_at:
            raise ValueError("a date before Telegram or after today")
        return at

    def beside(self, local: str, raw: dict[str, Any], sent_at: datetime) -> datetime:
        """The instant of a local time told beside a message: reactions have no unix seconds.

        The message's own two dates tell how far its zone was from UTC; summer time may have begun in between, so an hour
        of error is possible unless the zone is given. Never earlier than the message.
        """
        offset = None
        if raw.get("date_unixtime") is not None and isinstance(raw.get("date"), str):
            offset = datetime.fromisoformat(raw["date"]).replace(tzinfo=UTC) - sent_at
        return min(max(self._local(local, offset), sent_at), self.latest_at)

    def _local(self, text: str, offset: timedelta | None) -> datetime:
        naive = datetime.fromisoformat(text)
        if naive.tzinfo is not None:
            return naive.astimezone(UTC)
        if self.zone is not None:
            return naive.replace(tzinfo=self.zone).astimezone(UTC)
        if offset is not None:
            return naive.replace(tzinfo=UTC) - offset
        self.has_guessed = True
        return naive.replace(tzinfo=UTC)
