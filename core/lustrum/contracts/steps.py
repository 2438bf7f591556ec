"""What a step is, and the decorator that makes one from a typed function."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Generic, ParamSpec, cast

import polars as pl
from typing_extensions import ParamSpec as DefaultedParamSpec
from typing_extensions import TypeVar

from lustrum.contracts.learning import Learning
from lustrum.contracts.options import Options, OptionValues
from lustrum.contracts.signature import Parameter, Signature, StepContractError, read_signature
from lustrum.words.fields import FieldType
from lustrum.words.outcomes import Attempt, Fact
from lustrum.words.places import Place

P = DefaultedParamSpec("P", default=...)
R_co = TypeVar("R_co", covariant=True, default=object)
Q = ParamSpec("Q")
S = TypeVar("S")

Reads = Iterable[str] | Mapping[str, bool]
"""Fields that options decide to read; as a mapping, whether each is needed (refuses an empty or unsettled value)."""
Writes = Iterable[str] | Mapping[str, FieldType]
"""Fields that options decide to write; as a mapping, the type of each."""
Flag = bool | Callable[[OptionValues], bool]
Vectorised = Callable[..., pl.DataFrame]
"""What a value step's function says, about many inputs at once: `vectorised(inputs, **options)`.

`inputs` has a column for each parameter, none of them empty where the parameter needs a value; the options are those
of the function, an `Attempt` included. The answer has as many rows, in the same order: `_claimed` (Boolean, default all
true), and for the rows claimed exactly what the function says: the value in a column named `value`, or one column for
each attribute of its result (with `_keep_ATTRIBUTE`, Boolean, where `KEEP` stands), an `Answer`'s `_reason`, a
`Failed`'s `_code` and `_message`, the `_candidates` of either (lists of texts), a `Skip`'s `_skipped`. Rows that are
not claimed are asked of the function, and so are few rows, for which it is quicker.
"""


class Step(Generic[P, R_co]):
    """A typed function with a name, registered through the `lustrum_steps` hook; still a plain callable.

    `strategies` are tried one more per attempt. `adds_up` marks what must happen once per lead and reason (a moment,
    a score of `+5`); `deferred` what does not finish within the call and is refused in executable campaigns; with
    `remembers` what it writes depends on what it wrote before (a stage and its stamps). What it `learns` of the whole
    source it is given as a `Fact`. `vectorised` says the same as the function, faster.
    """

    def __init__(
        self,
        name: str,
        function: Callable[P, R_co],
        *,
        strategies: Sequence[str] = (),
        reads: Reads | Callable[[OptionValues], Reads] | None = None,
        writes: Writes | Callable[[OptionValues], Writes] | None = None,
        adds_up: Flag = False,
        deferred: bool = False,
        remembers: bool = False,
        learns: Learning | None = None,
        vectorised: Vectorised | None = None,
    ) -> None:
        self.name = name
        self.function = function
        self.signature: Signature = read_signature(function)
        self.strategies = tuple(strategies)
        self.reads = reads
        self.writes = writes
        self.deferred = deferred
        self.remembers = remembers
        self.learns = learns
        self.vectorised = vectorised
        self._adds_up: Flag = adds_up
        functools.update_wrapper(self, function)
        self._check()

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co:
        return self.function(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<step {self.name}>"

    def __reduce__(self) -> str:
        return self.function.__qualname__

    @property
    def options(self) -> Options:
        """The keyword-only parameters."""
        return self.signature.options

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The positional parameters: the fields read, unless `reads=` names them."""
        return self.signature.parameters

    @property
    def place(self) -> Place:
        """Where the function stands."""
        code = inspect.unwrap(self.function).__code__
        return Place(Path(code.co_filename).name, code.co_firstlineno)

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0]

    def adds_up(self, options: OptionValues) -> bool:
        """Say whether the step, with these options, adds up and must therefore happen once."""
        return self.signature.effect is not None or (
            self._adds_up(options) if callable(self._adds_up) else self._adds_up
        )

    def fields_read(self, options: OptionValues) -> Mapping[str, bool] | None:
        """Name the fields that the options decide to read, or None where all parameters are.

        Of a step that has parameters it names those that count with these options; the others are given None.
        Each comes with whether it is needed: as the options say, else as `*values` is annotated.
        """
        if self.reads is None:
            return None
        named = self.reads(options) if callable(self.reads) else self.reads
        variadic = self.signature.variadic
        if isinstance(named, Mapping):
            return cast("Mapping[str, bool]", named)
        return dict.fromkeys(named, variadic is not None and variadic.needed)

    def fields_written(self, options: OptionValues) -> Mapping[str, FieldType | None] | None:
        """Name the fields that the options decide to write, or None where the result says it.

        Each comes with its type: as the options say, else that of the result, else None: whatever the field has.
        """
        if self.writes is None:
            return None
        named = self.writes(options) if callable(self.writes) else self.writes
        value = self.signature.value
        own = None if value is FieldType.TEXT else value
        if isinstance(named, Mapping):
            return dict(cast("Mapping[str, FieldType]", named))
        return dict.fromkeys(named, own)

    def respelled(self, options: OptionValues) -> frozenset[str]:
        """Name the text parameters that the step standardises, as it writes them: for these aliases are read."""
        own = self.fields_written(options)
        value = self.parameters[:1] if self.signature.value and own is None else ()
        results = own if own is not None else {result.name: None for result in self.signature.results}
        texts = {parameter.name for parameter in self.parameters if parameter.type is FieldType.TEXT}
        return frozenset(texts & {*results, *(parameter.name for parameter in value)})

    def _check(self) -> None:
        where = f"step {self.name}"
        by_options = self.signature.batch or self.signature.variadic is not None
        if by_options and self.reads is None:
            raise StepContractError(f"{where} takes a frame or *values: say with reads= which fields")
        if (self.signature.batch or self.signature.mapping) and self.writes is None:
            raise StepContractError(f"{where} answers with a frame or mapping: say with writes= which fields")
        if self.signature.batch and (Attempt in self.signature.injected.values() or self.options.templates):
            raise StepContractError(f"{where} takes a frame: it gets no Attempt and no Template")
        if (Fact in self.signature.injected.values()) != (self.learns is not None):
            raise StepContractError(f"{where} asks for a Fact where it learns one, with learns=, and nowhere else")
        if self.vectorised and (self.signature.batch or self.signature.variadic or self.signature.effect):
            raise StepContractError(f"{where} is no value step with parameters: it has nothing to be vectorised")
        if self.signature.value and self.writes is None and not self.parameters:
            raise StepContractError(f"{where} reads no field: say with writes= which field it writes")


def step(
    name: str,
    *,
    strategies: Sequence[str] = (),
    reads: Reads | Callable[[OptionValues], Reads] | None = None,
    writes: Writes | Callable[[OptionValues], Writes] | None = None,
    adds_up: Flag = False,
    deferred: bool = False,
    remembers: bool = False,
    learns: Learning | None = None,
    vectorised: Vectorised | None = None,
) -> Callable[[Callable[Q, S]], Step[Q, S]]:
    """Make a step from a typed function.

    >>> @step("acme.shout")
    ... def shout(company: str, *, mark: str = "!") -> str:
    ...     return company.upper() + mark
    >>> shout("acme"), shout.name, shout.parameters[0].needed
    ('ACME!', 'acme.shout', True)
    """

    def make(function: Callable[Q, S]) -> Step[Q, S]:
        return Step(
            name,
            function,
            strategies=strategies,
            reads=reads,
            writes=writes,
            adds_up=adds_up,
            deferred=deferred,
            remembers=remembers,
            learns=learns,
            vectorised=vectorised,
        )

    return make
