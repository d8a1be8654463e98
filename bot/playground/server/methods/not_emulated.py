"""What Bot API 10.3 has and this server refuses aloud; a test keeps both lists equal to the specification."""

METHODS_NOT_EMULATED: frozenset[str] = frozenset()

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
}
