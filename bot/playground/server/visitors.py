"""Who may use the control API, which has no password: programs and pages of this machine only."""

from urllib.parse import urlsplit

from starlette.requests import Request

OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


def why_not(request: Request) -> str:
    """Why a request under /playground/ is refused; empty when it is welcome.

    The Host must be one of this machine's own names (no rebound domain), an Origin must be that same host, and a
    browser's fetch metadata must not say that another site asks.
    """
    host = request.headers.get("host", "")
    if urlsplit(f"//{host}").hostname not in OWN_NAMES:
        return "only requests to this machine's own names are answered"
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != host:
        return "another web site may not ask"
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return "another web site may not ask"
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if request.method == "POST" and kind != "application/json":
        return "only application/json is taken"
    return ""
