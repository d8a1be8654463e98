"""Small messages without files: locations, venues, contacts, dice."""

from bot.playground.server.errors import bad_request
from bot.playground.server.methods.parameters import CHAT, FLOAT, STRING
from bot.playground.server.methods.registry import Call, method
from bot.playground.server.methods.sending import SENDING, deliver
from bot.playground.server.methods.targets import find_writable_chat
from bot.playground.server.snapshots import Json, Message

POINT = {"chat_id": CHAT, "latitude": FLOAT, "longitude": FLOAT}
DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}
VENUE_IDS = ("foursquare_id", "foursquare_type", "google_place_id", "google_place_type")


def _location(call: Call) -> Json:
    latitude, longitude = call["latitude"], call["longitude"]
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("wrong latitude or longitude specified")
    accuracy = {"horizontal_accuracy": call["horizontal_accuracy"]} if "horizontal_accuracy" in call else {}
    return {"latitude": latitude, "longitude": longitude, **accuracy}


@method("sendLocation", "Message", required_parameters=POINT, optional={**SENDING, "horizontal_accuracy": FLOAT})
def send_location(call: Call) -> Message:
    """Send a point on the map; live locations are not emulated."""
    chat = find_writable_chat(call, "location")
    return deliver(call, chat, {"location": _location(call)})


@method(
    "sendVenue",
    "Message",
    required_parameters={**POINT, "title": STRING, "address": STRING},
    optional={**SENDING, **dict.fromkeys(VENUE_IDS, STRING)},
)
def send_venue(call: Call) -> Message:
    """Send a place with a name and an address; clients of old also see its location."""
    chat = find_writable_chat(call, "venue")
    location = _location(call)
    names = {name: call[name] for name in ("title", "address", *VENUE_IDS) if name in call}
    return deliver(call, chat, {"venue": {"location": location, **names}, "location": location})


@method(
    "sendContact",
    "Message",
    required_parameters={"chat_id": CHAT, "phone_number": STRING, "first_name": STRING},
    optional={**SENDING, "last_name": STRING, "vcard": STRING},
)
def send_contact(call: Call) -> Message:
    """Send a phone number."""
    chat = find_writable_chat(call, "contact")
    if not call["phone_number"] or not call["first_name"]:
        raise bad_request("phone number and first name of a contact must be non-empty")
    names = ("phone_number", "first_name", "last_name", "vcard")
    return deliver(call, chat, {"contact": {name: call[name] for name in names if call.get(name)}})


@method("sendDice", "Message", required_parameters={"chat_id": CHAT}, optional={**SENDING, "emoji": STRING})
def send_dice(call: Call) -> Message:
    """Roll: the value comes from the server's random generator."""
    chat, emoji = find_writable_chat(call, "dice"), call.get("emoji", "🎲")
    if emoji not in DICE:
        raise bad_request("DICE_EMOJI_INVALID")
    return deliver(call, chat, {"dice": {"emoji": emoji, "value": call.world.random.randint(1, DICE[emoji])}})
