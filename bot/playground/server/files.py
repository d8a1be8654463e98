"""Files: what bots upload and what people's invented photos, voice notes and documents consist of."""

from typing import Any

from bot.playground.server.errors import Refused
from bot.playground.server.snapshots import Json
from bot.playground.server.world import StoredFile, World

# What a message of each kind says about an invented file, and the ending of its path.
INVENTED: dict[str, tuple[Json, str]] = {
    "photo": ({"width": 1280, "height": 960}, "jpg"),
    "voice": ({"duration": 7, "mime_type": "audio/ogg"}, "oga"),
    "video": ({"width": 1280, "height": 720, "duration": 12, "mime_type": "video/mp4"}, "mp4"),
    "video_note": ({"length": 384, "duration": 9}, "mp4"),
    "audio": ({"duration": 180, "mime_type": "audio/mpeg"}, "mp3"),
    "animation": ({"width": 320, "height": 240, "duration": 3, "mime_type": "video/mp4"}, "mp4"),
    "document": ({"file_name": "notes.pdf", "mime_type": "application/pdf"}, "pdf"),
    "sticker": (
        {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "👋"},
        "webp",
    ),
}
CAPTIONED = frozenset({"photo", "voice", "video", "audio", "animation", "document"})
SMALL_PHOTO = {"width": 320, "height": 240}


def store(world: World, kind: str, content: bytes, details: Json, *, ending: str) -> StoredFile:
    """Keep a file and give it ids."""
    number = sum(1 for file in world.files.values() if file.kind == kind)
    file_id = f"{kind}-{world.token(24)}"
    file = StoredFile(file_id, world.token(12), f"{kind}s/file_{number}.{ending}", content, kind, details)
    world.files[file_id] = file
    return file


def describe(file: StoredFile) -> Json:
    """The file as a message shows it: ids, size and what is known of its kind."""
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.content),
        **file.details,
    }


def message_part(world: World, file: StoredFile) -> Json:
    """The field(s) a message with this file has. Photos come in two sizes; animations are documents too."""
    if file.kind == "photo":
        if file.small is None:
            part = file.content[: max(1, len(file.content) // 4)]
            file.small = store(world, "photo", part, SMALL_PHOTO, ending="jpg")
        return {"photo": [describe(file.small), describe(file)]}
    if file.kind == "animation":
        document = {name: part for name, part in describe(file).items() if name in DOCUMENT_FIELDS}
        return {"animation": describe(file), "document": document}
    return {file.kind: describe(file)}


DOCUMENT_FIELDS = ("file_id", "file_unique_id", "file_size", "file_name", "mime_type")


def point(kind: str, **details: Any) -> Json:
    """Message fields of a venue or a location from the map: latitude, longitude; a venue's title and address.

    A location may have what the specification names besides (live_period of a live one, ...). Raises Refused.
    """
    of_venue = {name: details.pop(name) for name in VENUE_FIELDS if name in details} if kind == "venue" else {}
    if not {"latitude", "longitude"} <= details.keys() <= LOCATION_FIELDS:
        raise Refused(f"a location has latitude and longitude, and of others only {', '.join(sorted(LOCATION_FIELDS))}")
    if not (-90 <= details["latitude"] <= 90 and -180 <= details["longitude"] <= 180):
        raise Refused("there is no such place on earth")
    if kind == "location":
        return {"location": details}
    if not {"title", "address"} <= of_venue.keys():
        raise Refused("a venue has a title and an address")
    # Clients of old know a venue by its location.
    return {"venue": {"location": details, **of_venue}, "location": details}


POINTS = ("location", "venue")
LOCATION_FIELDS = {
    "latitude",
    "longitude",
    "horizontal_accuracy",
    "live_period",
    "heading",
    "proximity_alert_radius",
}
VENUE_FIELDS = ("title", "address", "foursquare_id", "foursquare_type", "google_place_id", "google_place_type")


def invent(world: World, kind: str, **details: Any) -> Json:
    """Message fields with a made-up file of a kind. Raises Refused for a kind without files."""
    if kind not in INVENTED:
        raise Refused(f"there is no media {kind}; there are {', '.join(sorted(INVENTED))}")
    usual, ending = INVENTED[kind]
    content = world.random.randbytes(64)
    return message_part(world, store(world, kind, content, {**usual, **details}, ending=ending))
