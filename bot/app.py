"""build_application(): every handler registered here, in order, with the request object injectable."""

from __future__ import annotations

from typing import Any

from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    ExtBot,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest

from bot.callbacks import (
    AgreeButton,
    AskedButton,
    CalendarButton,
    CheckInButton,
    ClockButton,
    CommunityButton,
    ConsentButton,
    ControlButton,
    CreatorsButton,
    EventButton,
    EventHourButton,
    EventLineButton,
    EventListButton,
    EventZoneButton,
    FirstStepButton,
    ForgetButton,
    HelpedButton,
    HostWordsButton,
    InquiryButton,
    KeepButton,
    LanguageButton,
    ListingButton,
    MetButton,
    OutcomeButton,
    PairButton,
    PauseButton,
    PickButton,
    ProfileButton,
    ProposalButton,
    RatingButton,
    RoundButton,
    RsvpButton,
    SettingsButton,
    SetupButton,
    SkipButton,
    ThanksButton,
    WhomButton,
)
from bot.config import Telegram
from bot.handlers import (
    between_us,
    calendars,
    check_ins,
    clocks,
    community_settings,
    dialogues,
    digests,
    event_lines,
    event_lists,
    event_ratings,
    event_zones,
    events,
    finding,
    follow_ups,
    greetings,
    host_words,
    inquiries,
    introductions,
    listing_thanks,
    listings,
    pair_rules,
    personal_data,
    preferences,
    privacy,
    profiles,
    proposals,
    push_controls,
    rounds,
    rsvp_commands,
    rsvps,
    setup,
    start,
    stats,
)
from bot.request import Request
from bot.scene.context import BotContext

AnyApplication = Application[Any, Any, Any, Any, Any, Any]

# Connections kept open to Telegram: for handlers that ask it (32 at once), what the door sends (8) and answers to presses.
POOL_SIZE = 64


def build_bot(
    telegram: Telegram, *, request: BaseRequest | None = None, polling: BaseRequest | None = None
) -> ExtBot[None]:
    """The client. Requests are injectable, so that tests speak to a local Telegram without a network."""
    return ExtBot(
        token=telegram.token,
        base_url=f"{telegram.api_base_url.rstrip('/')}/bot",
        base_file_url=f"{telegram.api_base_url.rstrip('/')}/file/bot",
        request=request or Request(connection_pool_size=POOL_SIZE),
        get_updates_request=polling or Request(connection_pool_size=1),
    )


def build_application(bot: ExtBot[None]) -> AnyApplication:
    """Handlers in order; the first that matches handles the update. The updater and the job queue are our own."""
    application = (
        Application.builder()
        .bot(bot)
        .updater(None)
        .job_queue(None)
        .context_types(ContextTypes(context=BotContext))
        .build()
    )
    _register(application)
    return application


def _register(application: AnyApplication) -> None:
    private = filters.ChatType.PRIVATE
    add = application.add_handler
    add(MessageHandler(filters.UpdateType.EDITED_MESSAGE, start.hear_edit))
    add(CommandHandler("start", start.start, private))
    add(ChatMemberHandler(greetings.hear_arrival, ChatMemberHandler.MY_CHAT_MEMBER))
    add(CommandHandler("setup", setup.setup))
    add(CallbackQueryHandler(setup.check_again, SetupButton.pattern()))
    add(CallbackQueryHandler(setup.choose, FirstStepButton.pattern()))
    add(CommandHandler("help", start.help_))
    add(CommandHandler("language", start.ask_language, private))
    add(CommandHandler("privacy", privacy.privacy))
    add(CommandHandler("stop", privacy.stop, private))
    add(CommandHandler("stop", between_us.stop, filters.ChatType.GROUPS))
    add(CommandHandler(between_us.PRIVATE_ONLY, between_us.elsewhere, filters.ChatType.GROUPS))
    add(CommandHandler("mydata", personal_data.mydata, private))
    add(CommandHandler("forgetme", personal_data.forgetme, private))
    add(CallbackQueryHandler(personal_data.forget, ForgetButton.pattern()))
    add(CallbackQueryHandler(privacy.choose, ConsentButton.pattern()))
    add(CallbackQueryHandler(start.choose_language, LanguageButton.pattern()))
    add(CommandHandler("digest", digests.digest))
    add(CommandHandler("why", push_controls.why, private))
    add(CallbackQueryHandler(push_controls.control, ControlButton.pattern()))
    add(CommandHandler("settings", preferences.settings, private))
    add(CommandHandler("settings", community_settings.settings, filters.ChatType.GROUPS))
    add(CallbackQueryHandler(community_settings.choose, CommunityButton.pattern()))
    add(CallbackQueryHandler(preferences.choose, SettingsButton.pattern()))
    add(CallbackQueryHandler(clocks.answer, ClockButton.pattern()))
    add(CommandHandler("pause", preferences.pause, private))
    add(CallbackQueryHandler(preferences.choose_pause, PauseButton.pattern()))
    add(CommandHandler("event", events.create))
    add(MessageHandler(filters.UpdateType.MESSAGE & event_lines.IsEventCaption(), events.create))
    add(CommandHandler("events", event_lists.list_events))
    add(CommandHandler("rsvp", rsvp_commands.rsvp))
    add(CommandHandler("need", listings.need))
    add(CommandHandler("offer", listings.offer))
    add(CommandHandler("find", finding.find))
    add(CommandHandler("intro", inquiries.intro, private))
    add(CallbackQueryHandler(inquiries.press, InquiryButton.pattern()))
    add(CallbackQueryHandler(listings.press, ListingButton.pattern()))
    add(CallbackQueryHandler(listing_thanks.press, ThanksButton.pattern()))
    add(CallbackQueryHandler(listings.keep, KeepButton.pattern()))
    add(CommandHandler("calendar", calendars.calendar, private))
    add(CallbackQueryHandler(calendars.press, CalendarButton.pattern()))
    add(CommandHandler("checkin", check_ins.by_code, private))
    add(CallbackQueryHandler(check_ins.tick, CheckInButton.pattern()))
    add(CallbackQueryHandler(events.choose_creators, CreatorsButton.pattern()))
    add(CallbackQueryHandler(event_lists.narrow, EventListButton.pattern()))
    add(CallbackQueryHandler(event_ratings.rate, RatingButton.pattern()))
    add(CallbackQueryHandler(event_ratings.meet, MetButton.pattern()))
    add(CallbackQueryHandler(event_ratings.turn_page, WhomButton.pattern()))
    add(CallbackQueryHandler(introductions.pick, PickButton.pattern()))
    add(CallbackQueryHandler(introductions.agree, AgreeButton.pattern()))
    add(CallbackQueryHandler(introductions.answer_question, AskedButton.pattern()))
    add(CallbackQueryHandler(proposals.answer, ProposalButton.pattern()))
    add(CallbackQueryHandler(follow_ups.answer, OutcomeButton.pattern()))
    add(CallbackQueryHandler(follow_ups.note_help, HelpedButton.pattern()))
    add(CommandHandler("profile", profiles.show, private))
    add(CallbackQueryHandler(profiles.press, ProfileButton.pattern()))
    add(CommandHandler("round", rounds.show))
    add(CallbackQueryHandler(rounds.press, RoundButton.pattern()))
    add(CommandHandler("stats", stats.stats))
    add(CommandHandler("pairs", pair_rules.pairs))
    add(CallbackQueryHandler(pair_rules.press, PairButton.pattern()))
    add(CommandHandler("cancel", dialogues.cancel, private))
    add(CallbackQueryHandler(rsvps.answer, RsvpButton.pattern()))
    add(CallbackQueryHandler(events.press, EventButton.pattern()))
    add(CallbackQueryHandler(host_words.press, HostWordsButton.pattern()))
    add(CallbackQueryHandler(event_lines.answer_question, EventLineButton.pattern()))
    add(CallbackQueryHandler(event_lines.answer_question, EventHourButton.pattern()))
    add(CallbackQueryHandler(event_zones.choose, EventZoneButton.pattern()))
    add(CallbackQueryHandler(dialogues.skip, SkipButton.pattern()))
    add(CallbackQueryHandler(start.foreign_button))
    add(MessageHandler(private & filters.UpdateType.MESSAGE & filters.TEXT & ~filters.COMMAND, dialogues.hear))
    add(MessageHandler(private & filters.UpdateType.MESSAGE & (filters.PHOTO | filters.Document.IMAGE), dialogues.see))
    add(MessageHandler(private & filters.UpdateType.MESSAGE & (filters.LOCATION | filters.VENUE), dialogues.locate))
    add(MessageHandler(private & filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL, start.unknown_words))
