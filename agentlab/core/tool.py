"""Tools: named, typed, metered calls; the only way out of the sandbox.

An episode marks its methods with `@tool`. The type hints are the schema: arguments are validated
on the trusted side before the method runs, so a method may rely on them.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar, overload

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError, create_model

from agentlab.core.value import Value
from agentlab.errors import ToolError

__all__ = ["Tool", "ToolResult", "Tools", "tool"]


class ToolResult(Value):
    """A tool's answer where it spent something; a plain value will do where it did not."""

    value: JsonValue
    """What the candidate gets."""

    prompt_tokens: int = 0
    """Tokens sent to a language model for this call."""

    completion_tokens: int = 0
    """Tokens that it answered."""

    cost_usd: float = 0.0
    """Money spent on this call, US dollars."""


Method = TypeVar("Method", bound=Callable[..., Any])
_MARK = "_agentlab_tool_is_step"


@overload
def tool(method: Method) -> Method: ...
@overload
def tool(*, step: bool = True) -> Callable[[Method], Method]: ...
def tool(method: Method | None = None, *, step: bool = True) -> Any:
    """Marks an episode's method as a tool.

    Args:
        method: The method; every parameter but `self` needs a type hint that pydantic understands.
        step: Whether a call counts in `Usage.steps`.
    """

    def mark(method: Method) -> Method:
        setattr(method, _MARK, step)
        return method

    return mark if method is None else mark(method)


class Tool:
    """One callable of an episode, with its validated arguments."""

    def __init__(self, name: str, method: Callable[..., Any], *, is_step: bool) -> None:
        self.name = name
        self.is_step = is_step
        self._method = method
        self._arguments = _arguments_model(getattr(method, "__func__", method))

    @property
    def description(self) -> str:
        """The first paragraph of the method's docstring."""
        return (inspect.getdoc(self._method) or "").split("\n\n")[0]

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the arguments, in their order."""
        return tuple(self._arguments.model_fields)

    @property
    def schema(self) -> dict[str, JsonValue]:
        """JSON schema of the arguments."""
        return self._arguments.model_json_schema()

    def call(self, arguments: Mapping[str, JsonValue]) -> ToolResult:
        """Validates the arguments and runs the tool.

        Raises:
            ToolError: kind `bad_arguments`, or whatever the tool itself answers.
        """
        try:
            checked = self._arguments.model_validate(arguments, strict=False)
        except ValidationError as error:
            raise ToolError("bad_arguments", _first_problem(self.name, error)) from error
        result = self._method(**vars(checked))
        return (
            result if isinstance(result, ToolResult) else ToolResult.model_construct(value=result)
        )


class Tools(Mapping[str, Tool]):
    """The tools of one episode, by name, in the order of their definition."""

    def __init__(self, tools: Mapping[str, Tool]) -> None:
        self._tools = dict(tools)

    @classmethod
    def of(cls, episode: Any) -> Tools:  # Any: whoever has marked methods
        """Returns the methods of an episode that are marked with `@tool`."""
        return cls(
            {
                name: Tool(name, getattr(episode, name), is_step=is_step)
                for name, is_step in _marked(type(episode))  # type: ignore[arg-type]
            }
        )

    def __getitem__(self, name: str) -> Tool:
        return self._tools[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tools)

    def __len__(self) -> int:
        return len(self._tools)


@functools.cache
def _marked(episode_class: type) -> tuple[tuple[str, bool], ...]:
    names: dict[str, bool] = {}
    for base in reversed(episode_class.__mro__):
        for name, member in vars(base).items():
            if hasattr(member, _MARK):
                names[name] = getattr(member, _MARK)
    return tuple(names.items())


@functools.cache
def _arguments_model(function: Callable[..., Any]) -> type[BaseModel]:
    signature = inspect.signature(function, eval_str=True)
    fields: dict[str, Any] = {
        parameter.name: (
            parameter.annotation,
            ... if parameter.default is parameter.empty else parameter.default,
        )
        for parameter in signature.parameters.values()
        if parameter.name != "self"
    }
    return create_model(function.__name__, __config__=ConfigDict(extra="forbid"), **fields)


def _first_problem(name: str, error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in problem["loc"])
    return f"{name}({where}): {problem['msg']}"
