"""What an experiment file may say: every key with its type, unit and default."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator

from agentlab.core.candidate import TargetSpec
from agentlab.core.components import REST
from agentlab.core.environment import EnvironmentSpec
from agentlab.core.limits import Limits
from agentlab.core.objective import Objective
from agentlab.core.value import EachOnce, Value
from agentlab.errors import nearest
from agentlab.llm.patience import Patience
from agentlab.llm.prices import Price
from agentlab.meta.command.registry import CLIS, CliName, line_problem
from agentlab.search.budget import Budget
from agentlab.search.strategies.strategy import StrategyName

__all__ = [
    "Acceptable",
    "BackendConfig",
    "BaselineName",
    "CanaryConfig",
    "CodingConfig",
    "CommandConfig",
    "CrossoverConfig",
    "ExecutorConfig",
    "Experiment",
    "IdeasConfig",
    "McpConfig",
    "MeasureConfig",
    "MetaConfig",
    "ModelsConfig",
    "MutationConfig",
    "NumericConfig",
    "RoundConfig",
    "SearchConfig",
    "TargetConfig",
]


ComponentName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,31}$")]
"""Letters, digits, `_` and `-`, at most 32."""


class _Config(Value):
    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True
    )


class TargetConfig(_Config):
    """The agent being optimised."""

    path: str
    """Folder of the target; a run copies it and never edits it."""

    entry: str = "agent.py:solve"
    """`file.py:function`, called as `solve(goal, tools)`."""

    prepare: str | None = None
    """`file.py:function`, called once per candidate before its trials."""

    editable: Annotated[tuple[str, ...], EachOnce] = ("*.py",)
    """Patterns of the files that may be rewritten; all others are frozen."""

    packages: Annotated[tuple[str, ...], EachOnce] = ()
    """Distributions that the target imports; nothing else is shown to it."""

    components: dict[ComponentName, tuple[str, ...]] | None = None
    """Parts that rounds open one by one: patterns of editable files, by name. What none of them
    names is the component `rest`."""

    def spec(self) -> TargetSpec:
        """Returns what travels of it."""
        return TargetSpec(
            entry=self.entry,
            prepare=self.prepare,
            editable=self.editable,
            packages=self.packages,
        )


class RoundConfig(_Config):
    """One round: a search with some components open, from the best so far."""

    name: str | None = Field(default=None, min_length=1, max_length=64)
    """What it is called; the components that it is about, if not given."""

    open: Annotated[tuple[str, ...], EachOnce] = Field(min_length=1)
    """Components that it is about; `rest` is every editable file that no component names."""

    earlier: Literal["frozen", "open"] = "frozen"
    """Whether components that earlier rounds opened may be changed beside them: `open` tunes them
    together."""

    proposals: int | None = Field(default=None, ge=1)
    """Proposals that it may make; without, up to its equal share of the run's budget."""

    coupling_blocks: int = Field(default=12, ge=0)
    """Fresh seeds per validation task that may be spent on a 2x2 test of its components and those
    that were changed before, at the end of the round; 0: none. Rules without a test make none."""


class BackendConfig(_Config):
    """Who answers questions to language models, and what that may cost."""

    backend: Literal["openai-compatible", "litellm"] = "openai-compatible"
    """`openai-compatible`: a server that speaks the OpenAI protocol, at `url`. `litellm`: whatever
    provider LiteLLM knows, by its names."""

    url: str | None = None
    """Where the protocol begins, such as `http://127.0.0.1:8000/v1`."""

    key_variable: str | None = None
    """Environment variable that holds the key; only the gateway's process reads it."""

    stream: bool = False
    """Whether the backend is asked for answers piece by piece, for what cuts silent connections."""

    prices: dict[str, Price] = Field(default_factory=dict)
    """US dollars per million tokens by the backend's name, `{prompt, completion}`; they win over
    the built-in table, and a model that neither has is refused."""

    cost_usd: float | None = Field(default=None, ge=0)
    """US dollars that all calls of the run may cost; the one that might pass it is not made."""

    tokens: int | None = Field(default=None, ge=0)
    """Tokens to and from the models, likewise."""

    patience: Patience = Patience()
    """What is done about a model that is slow, busy or broken."""


class ModelsConfig(BackendConfig):
    """Language models that the target may ask by its vendor's SDK, `openai` or `anthropic`."""

    names: dict[str, str] = Field(min_length=1)
    """What the target calls a model, to what the backend does; a list where both say the same."""

    @field_validator("names", mode="before")
    @classmethod
    def _as_they_are(cls, given: Any) -> Any:  # Any: whatever the file holds
        is_list = isinstance(given, list | tuple) and all(isinstance(name, str) for name in given)
        return {name: name for name in given} if is_list else given


class MutationConfig(_Config):
    """Typed edits of the source; needs no model."""

    kind: Literal["mutation"]
    """Which meta-agent."""


class IdeasConfig(_Config):
    """A bank of recorded proposals; needs no model."""

    kind: Literal["ideas"]
    """Which meta-agent."""

    folder: str
    """Folder of ideas, or of patches."""


class NumericConfig(_Config):
    """Other numbers, several at once, by how far earlier moves got; needs no model."""

    kind: Literal["numeric"]
    """Which meta-agent."""


class CrossoverConfig(_Config):
    """What two proposals brought, in one: of those that were kept, and of promising ones."""

    kind: Literal["crossover"]
    """Which meta-agent; it needs others beside it."""


class CodingConfig(BackendConfig):
    """A language model with the lab's tools: it reads, edits, tries on train, submits."""

    kind: Literal["coding"]
    """Which meta-agent; needs the extra `llm`."""

    models: Annotated[tuple[str, ...], EachOnce] = Field(min_length=1)
    """Names of models; several are dealt the proposals by what they gain for what they cost."""

    guidance: tuple[str, ...] = ()
    """What to try, in words, the most important first."""

    turns: int = Field(default=30, ge=1)
    """Questions to the model for one proposal, at most."""

    trials: int = Field(default=24, ge=0)
    """New train trials that one proposal may ask for; they count in the run's budget."""

    probes: int = Field(default=3, ge=0)
    """Diagnostic scripts that one proposal may run; each counts as a trial."""

    max_tokens: int = Field(default=8192, ge=1)
    """Of one answer."""

    temperature: float | None = Field(default=None, ge=0)
    """None is left to the model."""

    brief_tokens: int = Field(default=12_000, ge=1000)
    """Size of the brief, by our own count."""


class CanaryConfig(_Config):
    """Copies of the target that change nothing on average: an A/A, as `agentlab aa` runs it."""

    kind: Literal["canary"]
    """Which meta-agent; it stands alone."""


class McpConfig(_Config):
    """Whatever client a person uses, over the Model Context Protocol: `agentlab serve --mcp`."""

    kind: Literal["mcp"]
    """Which meta-agent; it stands alone."""


EnvironmentVariable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class CommandConfig(_Config):
    """A coding agent that has a command line, in a worktree that holds the target and a brief."""

    kind: Literal["command"]
    """Which meta-agent."""

    cli: CliName
    """Which coding agent; `generic` is any, by its `line`."""

    name: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_-]{0,19}$")
    """What its proposals are called in tables; that of the coding agent, if not given."""

    line: str | None = None
    """A command line in place of the coding agent's usual one. `{brief}`, `{worktree}`, `{prompt}`
    and `{files}` are filled in; `{model:--model}` is left out where no model is given."""

    model: str | None = Field(default=None, min_length=1)
    """The language model, as the coding agent names it; its own default, if not given."""

    wall_s: float = Field(default=900, gt=0)
    """Seconds after which one attempt is ended, with all that it started."""

    cost_usd: float | None = Field(default=None, gt=0)
    """What one attempt may cost, US dollars; only for a coding agent that keeps such a limit
    itself."""

    keys: Annotated[tuple[EnvironmentVariable, ...], EachOnce] = ()
    """Environment variables of yours that it is given beside those that hold its usual keys. Their
    values are never stored."""

    variables: dict[EnvironmentVariable, str] = Field(default_factory=dict)
    """Further environment variables and their values; they are stored, so no keys."""

    mounts: Annotated[tuple[str, ...], EachOnce] = ()
    """Files and folders that it is shown beside the system and its own installation, read-only."""

    network: bool = True
    """Whether it may use the network of this machine."""

    isolated: bool = True
    """Whether it runs behind walls (bubblewrap); `false` runs it as a process of yours, which can
    do whatever you can."""

    parallel: int = Field(default=1, ge=1, le=32)
    """Attempts at one time."""

    @model_validator(mode="after")
    def _some_line(self) -> CommandConfig:
        if self.cli == "generic" and self.line is None:
            raise ValueError("generic needs a `line`, such as 'my-agent --task {brief}'")
        if self.line is not None and (problem := line_problem(self.line)) is not None:
            raise ValueError(f"line: {problem}")
        if self.cost_usd is not None and "{cost_usd" not in (self.line or CLIS[self.cli].line):
            raise ValueError(f"cost_usd: {self.cli} keeps no such limit; leave it out")
        return self


MetaConfig = Annotated[
    MutationConfig
    | IdeasConfig
    | NumericConfig
    | CrossoverConfig
    | CodingConfig
    | CommandConfig
    | McpConfig
    | CanaryConfig,
    Field(discriminator="kind"),
]


Acceptable = Literal["noise", "leaks", "cache"]
BaselineName = Literal["random", "numeric"]


class SearchConfig(_Config):
    """How the search goes about it."""

    strategy: StrategyName = "greedy"
    """`greedy`: proposals start from the incumbent. `pareto`: also from the front of success and
    context. `tree`: from it, or from whatever looked better on train, the seldom tried first.
    `islands`: from the best of one of three subpopulations, in turn."""

    patience: int | None = Field(default=None, ge=1)
    """Proposals without a keep after which the search ends."""

    canaries: float = Field(default=0.0, ge=0, lt=1)
    """Share of batches that are a canary alone: a copy of the incumbent that changes nothing on
    average goes through the gate, so that the run tells how often its own gate was wrong. Each
    costs about as many trials as a proposal that ends undecided."""


class MeasureConfig(_Config):
    """The final measurement."""

    final_blocks: int = Field(default=6, ge=1)
    """Fresh seeds per task and split on which winner and baseline are measured at the end."""

    min_clusters: int = Field(default=60, ge=2)
    """Independent clusters below which a run refuses to decide."""

    baselines: Annotated[tuple[BaselineName, ...], EachOnce] = ()
    """Simpler searches to compare with, each for as many trials as the search took: `random`,
    `numeric`. They come after the run, which then takes two or three times as long."""

    trace_share: float = Field(default=0.0, ge=0, le=1)
    """Share of all trials whose frames and pictures are kept, beside the frames of those that
    broke. Pictures of the worst and the best trial are made in any case."""

    verify_cache: float = Field(default=0.0, ge=0, le=1)
    """Share of the trials answered from the store that are run again, to see whether they agree."""


class ExecutorConfig(_Config):
    """Where trials run."""

    kind: Literal["ray", "inline", "debug"] = "ray"
    """`ray`: one process per slot, here or on a cluster. `inline`: one slot, from this process.
    `debug`: candidates in this process, without sandbox, for a debugger: measures nothing."""

    slots: int | Literal["auto"] = "auto"
    """Trials at one time; `auto` is one per processor."""

    address: str | None = None
    """A Ray cluster, `auto` or `host:port`; none starts Ray here."""

    @field_validator("slots")
    @classmethod
    def _positive(cls, slots: int | str) -> int | str:
        if isinstance(slots, int) and slots < 1:
            raise ValueError("at least 1")
        return slots


class Experiment(_Config):
    """One experiment: environment, target, meta-agents, objective, limits, budget."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")
    """Begins the name of each run: letters, digits, `_`, `.` and `-`, at most 64."""

    environment: EnvironmentSpec
    """`environments/browser`, `package.module:Class`, or `{reference, options}`."""

    target: TargetConfig
    """A folder, or `{path, entry, editable, ...}`."""

    meta: Annotated[tuple[MetaConfig, ...], EachOnce] = Field(min_length=1)
    """Who proposes; several share the run through a bandit."""

    objective: Objective = Objective()
    """What is optimised, under which guards, by which rule."""

    models: ModelsConfig | None = None
    """Language models that the target may ask by its vendor's SDK; none is none."""

    search: SearchConfig = SearchConfig()
    """How the search goes about it."""

    measure: MeasureConfig = MeasureConfig()
    """How much the final measurement takes."""

    limits: Limits = Limits()
    """What one trial may spend."""

    budget: Budget
    """What the whole run may spend; at least one cap."""

    rounds: tuple[RoundConfig, ...] | None = Field(default=None, min_length=1)
    """Searches one after another, each with some components of the target open; none is one search
    with all of it open."""

    executor: ExecutorConfig = ExecutorConfig()
    """Where trials run."""

    sandbox: Literal["auto", "bubblewrap", "plain"] = "auto"
    """The layer to run candidates in; `auto` takes the strongest that the machine gives."""

    store: str | None = None
    """URL of a database; none is SQLite in the run's folder."""

    accept: Annotated[tuple[Acceptable, ...], EachOnce] = ()
    """What a run goes on in spite of, where it would be refused: `noise` that hides every
    improvement, and a world or a judge that is not what it says; `leaks`, tasks of different splits
    that say nearly the same; `cache`, one that hides edits from measurement, which is then not
    looked for. The result tells what was accepted."""

    seed: int = Field(default=1, ge=0)
    """Decides everything that is random in the run."""

    @field_validator("environment", mode="before")
    @classmethod
    def _short_environment(cls, given: Any) -> Any:  # Any: whatever the file holds
        return {"reference": given} if isinstance(given, str) else given

    @field_validator("target", mode="before")
    @classmethod
    def _short_target(cls, given: Any) -> Any:  # Any: whatever the file holds
        return {"path": given} if isinstance(given, str) else given

    @field_validator("meta", mode="before")
    @classmethod
    def _short_meta(cls, given: Any) -> Any:  # Any: whatever the file holds
        if isinstance(given, list | tuple):
            return [{"kind": source} if isinstance(source, str) else source for source in given]
        return given

    @field_validator("meta")
    @classmethod
    def _something_to_cross(cls, meta: tuple[MetaConfig, ...]) -> tuple[MetaConfig, ...]:
        if all(source.kind == "crossover" for source in meta):
            raise ValueError("crossover alone has nothing to merge; add mutation, numeric or ideas")
        return meta

    @field_validator("meta")
    @classmethod
    def _own_names(cls, meta: tuple[MetaConfig, ...]) -> tuple[MetaConfig, ...]:
        names = [
            one.name or one.cli if isinstance(one, CommandConfig) else one.kind for one in meta
        ]
        for name, one in zip(names, meta, strict=True):
            if isinstance(one, CommandConfig) and names.count(name) > 1:
                raise ValueError(f"two sources are called '{name}'; give one of them a `name`")
        return meta

    @field_validator("meta")
    @classmethod
    def _nothing_beside_canaries(cls, meta: tuple[MetaConfig, ...]) -> tuple[MetaConfig, ...]:
        if len(meta) > 1 and any(source.kind == "canary" for source in meta):
            raise ValueError("canary stands alone; for canaries beside a run: search.canaries")
        if len(meta) > 1 and any(source.kind == "mcp" for source in meta):
            raise ValueError("mcp stands alone: nobody else proposes while a client is waited for")
        return meta

    @field_validator("budget")
    @classmethod
    def _some_cap(cls, budget: Budget) -> Budget:
        if all(cap is None for cap in budget.model_dump().values()):
            raise ValueError(f"needs at least one of {', '.join(Budget.model_fields)}")
        return budget

    @field_validator("rounds")
    @classmethod
    def _known_components(
        cls, rounds: tuple[RoundConfig, ...] | None, info: ValidationInfo
    ) -> tuple[RoundConfig, ...] | None:
        target = info.data.get("target")
        if isinstance(target, TargetConfig) and rounds:
            known = [*(target.components or ()), REST]
            unknown = {name for one in rounds for name in one.open if name not in known}
            if unknown:
                name = min(unknown)
                raise ValueError(
                    f"no component '{name}' in target.components{nearest(name, known)} "
                    f"(there are {', '.join(known)})"
                )
        return rounds

    @model_validator(mode="after")
    def _walls_or_debugger(self) -> Experiment:
        if self.is_debug and self.sandbox == "bubblewrap":
            raise ValueError(
                "sandbox: 'bubblewrap' asks for walls and a debugger's run has none; "
                "for it, add: --set sandbox=auto"
            )
        if self.is_debug and self.models is not None:
            raise ValueError(
                "models: are asked from inside a sandbox, and a debugger's run has none"
            )
        return self

    @property
    def is_debug(self) -> bool:
        """Whether its trials are for a debugger and measure nothing."""
        return self.executor.kind == "debug"

    @property
    def is_aa(self) -> bool:
        """Whether it compares the target with itself: nothing is kept, no test looked at."""
        return self.meta[0].kind == "canary"

    @property
    def reads_traces(self) -> bool:
        """Whether somebody who proposes reads what happened in train trials."""
        return any(source.kind in ("coding", "command", "mcp") for source in self.meta)

    def for_aa(self, candidates: int) -> Experiment:
        """Returns the A/A of this experiment: its rule and its world, and so many canaries.

        Caps on money and tokens stay; those on time and trials, meant for a search, do not. Nor do
        the checks that ask whether a search could find something.
        """
        caps = {"candidates": candidates, "trials": None, "wall_s": None}
        search = {"strategy": "greedy", "patience": None, "canaries": 0.0}
        return self.model_copy(
            update={
                "name": f"{self.name[:61]}-aa",
                "meta": (CanaryConfig(kind="canary"),),
                "accept": get_args(Acceptable),
                "rounds": None,
                "search": self.search.model_copy(update=search),
                "measure": self.measure.model_copy(update={"baselines": ()}),
                "budget": self.budget.model_copy(update=caps),
            }
        )

    def for_data(self, *, is_seeded: bool) -> Experiment:
        """Returns the experiment with the keep rule that suits the data, where none was given."""
        objective = self.objective.for_data(is_seeded=is_seeded)
        return self.model_copy(update={"objective": objective})

    def accepting(self, what: Acceptable) -> Experiment:
        """Returns the experiment, going on in spite of that as well."""
        return self.model_copy(update={"accept": tuple(dict.fromkeys([*self.accept, what]))})

    @property
    def waits_for_a_client(self) -> bool:
        """Whether its proposals come from a client, which waits for what is decided of each."""
        return self.meta[0].kind == "mcp"

    def for_a_client(self) -> Experiment:
        """Returns the experiment with a client in place of its meta-agents."""
        return self.model_copy(update={"meta": (McpConfig(kind="mcp"),)})

    def with_ideas(self, folder: Path) -> Experiment:
        """Returns the experiment with another bank of ideas in place of its own."""
        others = tuple(source for source in self.meta if source.kind != "ideas")
        bank = IdeasConfig(kind="ideas", folder=str(folder))
        return self.model_copy(update={"meta": (bank, *others)})

    def with_verify_cache(self, share: float) -> Experiment:
        """Returns the experiment with another share of trials to verify."""
        measure = self.measure.model_copy(update={"verify_cache": share})
        return self.model_copy(update={"measure": measure})
