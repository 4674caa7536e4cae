"""`dau check`: is every byte of every generation as it was written?"""

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.publish import generations as publishing
from index.publish import holding
from index.publish.locking import rebuild_lock
from search.archive import manifest as manifests
from search.archive.building import ENGINE
from search.archive.generations import ARCHIVE, GENERATIONS, current_id, generation_ids, older_ids
from search.engines import port
from search.errors import EngineUnavailable, IndexDamaged, IndexMissing, IndexOutdated

#: States of generations that are not set aside: whole ones, and those that can't be told to be damaged.
_NOT_DAMAGED = ("ok", "outdated", "unavailable")


@dataclass(frozen=True, slots=True)
class Findings:
    """State per generation, newest first (`ok`, or what is wrong); `problem` is about the index as a whole."""

    current: str
    states: dict[str, str]
    problem: str = ""
    repaired: str = ""

    @property
    def sound(self) -> bool:
        """Return whether nothing is wrong, or no longer."""
        return not self.problem and all(state == "ok" for state in self.states.values())

    def as_json(self) -> dict[str, Any]:
        """Return the object of `--json`."""
        return {"sound": self.sound, "current": self.current, "generations": self.states, "problem": self.problem,
                "repaired": self.repaired}

    def lines(self) -> list[str]:
        """Return lines for people."""
        current = {self.current: " (current)"}
        states = [f"{name}{current.get(name, '')}: {state}" for name, state in self.states.items()]
        return [*states, *([self.problem] if self.problem else []), *([self.repaired] if self.repaired else [])]


def check_all(index: Path, *, repair: bool = False) -> Findings:
    """Check everything; with `repair` set damaged generations aside and point to the newest whole one.

    Raises IndexMissing if there is no index, RebuildRunning if one is being repaired while another is built.
    """
    if not (index / GENERATIONS).is_dir():
        current_id(index)
        raise IndexMissing(f"{index} holds no generations; build one with `dau rebuild ARTICLES --index {index}`.")
    with rebuild_lock(index, 0) if repair else nullcontext():
        findings = _look(index)
        return _repair(index, findings) if repair and not findings.sound else findings


def _look(index: Path) -> Findings:
    states = {name: _state(index / GENERATIONS / name, name) for name in generation_ids(index)}
    try:
        current = current_id(index)
    except (IndexDamaged, IndexMissing) as error:
        return Findings("", states, str(error))
    if current not in states:
        return Findings(current, states, f"CURRENT names {current}, which is not there; run `dau check --repair`.")
    return Findings(current, states)


def _state(directory: Path, name: str) -> str:
    try:
        manifest = manifests.read(directory)
        if manifest.generation != name:
            return f"holds the manifest of {manifest.generation}"
        manifests.check_full(directory, manifest)
        _check_no_more(directory, manifest)
        manifests.check_rules(directory, manifest)
        port.verify(directory / ARCHIVE / ENGINE)
    except IndexOutdated as error:
        return f"outdated: {error}"
    except EngineUnavailable as error:
        return f"unavailable: {error}"
    except (IndexDamaged, IndexMissing) as error:
        return f"damaged: {error}"
    return "ok"


def _check_no_more(directory: Path, manifest: manifests.Manifest) -> None:
    found = {path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()}
    if extra := found - set(manifest.files) - {manifests.FILE_NAME}:
        raise IndexDamaged(f"{directory} holds a file that is not in its manifest: {sorted(extra)[0]}")


def _repair(index: Path, findings: Findings) -> Findings:
    rest = {name: state for name, state in findings.states.items() if state.startswith(_NOT_DAMAGED)}
    for name in findings.states.keys() - rest.keys():
        publishing.set_aside(index, name)
    if findings.current in rest:
        return Findings(findings.current, rest, repaired="Damaged generations were set aside.")
    older = older_ids(index, findings.current) if findings.current else list(rest)
    target = next((name for name in older if rest.get(name) == "ok"), None)
    if target is None:
        return Findings("", rest, problem="No whole generation is left; run `dau rebuild`.")
    publishing.point_to(index, target)
    if holding.held(index):
        holding.hold(index, target)
    return Findings(target, rest, repaired=f"Damaged generations were set aside; {target} is served.")
