"""`qualification: when changed`: where a lead that is as it was may be spared, and where that cannot be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lustrum.contracts.ports import Calls
from lustrum.planning.actions import Waiting
from lustrum.planning.bindings import StepCall
from lustrum.planning.campaign_tree import Campaign, Entry
from lustrum.planning.findings import Findings

_EVERY_TIME = "write qualification: every time"


def check_incremental(roots: Sequence[Campaign], elsewhen: Sequence[Campaign], findings: Findings) -> None:
    """Find campaigns that ask to be spared leads where nobody can tell whether an answer still holds.

    `elsewhen` are the same campaigns, planned for another start: what differs reads the clock.
    """
    for root in roots:
        for child in root.tree():
            if child is not root and child.qualification.when_changed:
                what = f"qualification: when changed is for campaigns that run by themselves; here {root.name} calls it"
                findings.wrong(child.place, what, _EVERY_TIME)
    sparing = [root for root in roots if root.qualification.when_changed]
    if not sparing:
        return
    others = {root.path: root for root in elsewhen}
    for root in roots:
        if root not in sparing:
            what = f"{root.name} runs with {sparing[0].name}, which takes leads when they change, and it does not"
            findings.wrong(root.place, what, "give both the same qualification")
        elif reason := next(_unknowable(root), None):
            findings.wrong(root.place, f"qualification: when changed cannot be told: {reason}", _EVERY_TIME)
        elif root.qualification.holds is None and (reason := next(_passing(root, others.get(root.path)), None)):
            what = f"qualification: when changed cannot be told: {reason}"
            findings.wrong(root.place, what, "say how long an answer holds, as in holds: 1 day")


def _unknowable(root: Campaign) -> Iterator[str]:
    """Say why the source alone does not tell whether a lead is due."""
    if root.trigger:
        yield "it is a trigger campaign, which activities set off"
    for campaign in root.tree():
        if any(check.activities for check in campaign.checks):
            yield f"{campaign.path} asks for activities"
    for entry in root.walk():
        if any(isinstance(variant.action, Waiting) for variant in entry.variants):
            yield f"{entry.path} waits"


def _passing(root: Campaign, other: Campaign | None) -> Iterator[str]:
    """Say what may give another answer although a lead has not changed."""
    gates = [(each.path, each.gate) for each in root.tree() if each.gate]
    other_gates = [each.gate for each in other.tree() if each.gate] if other else []
    for (path, gate), then in zip(gates, other_gates, strict=True):
        if gate.expression.meta != then.expression:
            yield f"the smart list of {path} reads the clock"
    for entry, later in zip(root.walk(), other.walk() if other else (), strict=True):
        if _reads_clock(entry, later):
            yield f"{entry.path} reads the clock"
        if entry.repeat.every is not None and entry.adds_up:
            yield f"{entry.path} happens again after a time"
        if any(Calls in call.step.signature.injected.values() for call in entry.calls):
            yield f"{entry.path} asks another system"


def _reads_clock(entry: Entry, then: Entry) -> bool:
    checks = zip(entry.checks, then.checks, strict=True)
    calls = zip(entry.calls, then.calls, strict=True)
    return any(one.expression.meta != other.expression for one, other in checks) or any(
        _differs(one, other) for one, other in calls
    )


def _differs(call: StepCall, then: StepCall) -> bool:
    rendered = zip(call.rendered, then.rendered, strict=True)
    return call.digest != then.digest or any(one.expression.meta != other.expression for one, other in rendered)
