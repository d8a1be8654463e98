"""What Bot API 10.3 has and this server refuses aloud; a test keeps both lists equal to the specification."""

_METHOD_WORDS = """
    addStickerToSet answerChatJoinRequestQuery answerGuestQuery answerInlineQuery answerPreCheckoutQuery
    answerShippingQuery approveSuggestedPost banChatSenderChat convertGiftToStars createChatSubscriptionInviteLink
    createInvoiceLink createNewStickerSet declineSuggestedPost deleteAllMessageReactions deleteBusinessMessages
    deleteChatPhoto deleteChatStickerSet deleteEphemeralMessage deleteMessageReaction deleteStickerFromSet
    deleteStickerSet deleteStory editChatSubscriptionInviteLink editEphemeralMessageCaption
    editEphemeralMessageMedia editEphemeralMessageReplyMarkup editEphemeralMessageText editMessageChecklist
    editMessageLiveLocation editStory editUserStarSubscription getAvailableGifts getBusinessAccountGifts
    getBusinessAccountStarBalance getBusinessConnection getChatGifts getCustomEmojiStickers
    getForumTopicIconStickers getGameHighScores getManagedBotAccessSettings getManagedBotToken getMyStarBalance
    getStarTransactions getStickerSet getUserChatBoosts getUserGifts getUserPersonalChatMessages
    getUserProfileAudios getUserProfilePhotos giftPremiumSubscription postStory readBusinessMessage
    refundStarPayment removeBusinessAccountProfilePhoto removeChatVerification removeMyProfilePhoto
    removeUserVerification replaceManagedBotToken replaceStickerInSet repostStory savePreparedInlineMessage
    savePreparedKeyboardButton sendChatJoinRequestWebApp sendChecklist sendGame sendGift sendInvoice sendLivePhoto
    sendMessageDraft sendPaidMedia sendRichMessage sendRichMessageDraft setBusinessAccountBio
    setBusinessAccountGiftSettings setBusinessAccountName setBusinessAccountProfilePhoto setBusinessAccountUsername
    setChatPhoto setChatStickerSet setCustomEmojiStickerSetThumbnail setGameScore setManagedBotAccessSettings
    setMyProfilePhoto setPassportDataErrors setStickerEmojiList setStickerKeywords setStickerMaskPosition
    setStickerPositionInSet setStickerSetThumbnail setStickerSetTitle setUserEmojiStatus stopMessageLiveLocation
    transferBusinessAccountStars transferGift unbanChatSenderChat upgradeGift uploadStickerFile verifyChat
    verifyUser
"""
METHODS_NOT_EMULATED = frozenset(_METHOD_WORDS.split())

# By method; those under "*" are refused wherever the specification has them.
PARAMETERS_NOT_EMULATED: dict[str, frozenset[str]] = {
    "*": frozenset(
        {
            "business_connection_id",
            "direct_messages_topic_id",
            "ephemeral_message_parameters",
            "message_effect_id",
            "suggested_post_parameters",
        }
    ),
    "copyMessage": frozenset({"video_start_timestamp"}),
    "editMessageText": frozenset({"rich_message"}),
    "forwardMessage": frozenset({"video_start_timestamp"}),
    "sendLocation": frozenset({"heading", "live_period", "proximity_alert_radius"}),
    "sendPoll": frozenset(
        {
            "allow_adding_options",
            "country_codes",
            "explanation_media",
            "hide_results_until_closes",
            "media",
            "shuffle_options",
        }
    ),
    "sendVideo": frozenset({"cover", "start_timestamp"}),
}
