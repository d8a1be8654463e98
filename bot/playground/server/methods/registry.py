"""The table of methods: name, parameters, what it returns, and the function that does it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.playground.server.errors import ApiError, bad_request, not_emulated
from bot.playground.server.methods.not_emulated import METHODS_NOT_EMULATED, PARAMETERS_NOT_EMULATED
from bot.playground.server.methods.parameters import Parameter, Upload
from bot.playground.server.snapshots import Json
from bot.playground.server.world import Bot, World

if TYPE_CHECKING:
    from bot.playground.server.webhooks import WebhookSettings


@dataclass(slots=True)
class Call:
    """One request of a bot: who asks, for what, with which arguments (already of the right types)."""

    world: World
    bot: Bot
    method: str
    args: Json
    files: Mapping[str, Upload]
    webhooks: "WebhookSettings"

    def __getitem__(self, name: str) -> Any:
        return self.args[name]

    def __contains__(self, name: str) -> bool:
        return name in self.args

    def get(self, name: str, default: Any = None) -> Any:
        """An optional argument."""
        return self.args.get(name, default)


Handler = Callable[[Call], Any | Awaitable[Any]]
Parameters = Mapping[str, Parameter]


@dataclass(frozen=True)
class Method:
    """One method of the Bot API as this server accepts it."""

    name: str
    returns: tuple[str, ...]
    required_parameters: Parameters
    optional: Parameters
    handle: Handler

    def parse(self, values: Mapping[str, Any]) -> Json:
        """The arguments in their types. Raises ApiError for a missing, unknown or ill-typed one."""
        parameters = {**self.required_parameters, **self.optional}
        args: Json = {}
        for name, value in values.items():
            if value is None:
                continue
            if name not in parameters:
                raise self._unknown(name)
            args[name] = _parse_one(name, parameters[name], value)
        for name in self.required_parameters:
            if name not in args:
                raise bad_request(f'parameter "{name}" of {self.name} is missing')
        return args

    def _unknown(self, name: str) -> ApiError:
        if name in PARAMETERS_NOT_EMULATED.get(self.name, frozenset()) | PARAMETERS_NOT_EMULATED["*"]:
            return not_emulated(f'parameter "{name}" of {self.name}')
        return bad_request(f'{self.name} has no parameter "{name}"')


METHODS: dict[str, Method] = {}


def method(
    name: str, *returns: str, required_parameters: Parameters | None = None, optional: Parameters | None = None
) -> Callable[[Handler], Handler]:
    """Register the decorated function as this method of the Bot API."""

    def register(handle: Handler) -> Handler:
        METHODS[name.lower()] = Method(name, returns, required_parameters or {}, optional or {}, handle)
        return handle

    return register


def find_method(name: str) -> Method:
    """The method of this name in any case, as Telegram does. Raises ApiError 404 or 501."""
    method_found = METHODS.get(name.lower())
    if method_found is not None:
        return method_found
    for name_known in METHODS_NOT_EMULATED:
        if name_known.lower() == name.lower():
            raise not_emulated(f"method {name_known}")
    raise ApiError(404, "Not Found: method not found")


def _parse_one(name: str, parameter: Parameter, value: Any) -> Any:
    try:
        return parameter.parse(value)
    except ValueError:
        raise bad_request(f'parameter "{name}" must be {" or ".join(parameter.types)}') from None
