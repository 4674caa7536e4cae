"""`make test-faults`: every fault injection in full; figures go to build/faults.json."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.flips import flip_bits
from tests.faults.harness import OLD, write_inputs
from tests.faults.hostile import fuzz, write_hostile
from tests.faults.interrupts import interrupt_everywhere
from tests.faults.kills import kill_everywhere
from tests.faults.lines import interrupt_lines
from tests.faults.power import lose_power

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data" / "html" / "pages.tar.xz"
DAU = [sys.executable, "-c", "from search.cli import main; main()"]


def hostile(folder: Path) -> tuple[int, list[str]]:
    """Rebuild with all hostile inputs; return how many there are and what went wrong."""
    names = write_hostile(folder / "inputs")
    write_inputs(folder / "inputs" / "good", OLD)
    command = [*DAU, "rebuild", folder / "inputs", "--index", folder / "index", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1800)
    if done.returncode not in (0, 1):
        return len(names), [done.stderr]
    report = json.loads(done.stdout)
    failures = [f"{item['path']}: {item['reason']}" for item in report["rejected"]
                if "crashed" in item["reason"] or "failed" in item["reason"] or "/good/" in item["path"]]
    if report["indexed"] + report["duplicate"] + len(report["rejected"]) != report["documents"]:
        failures.append("documents are not accounted for")
    return len(names), failures


def main() -> int:
    """Run everything; return 1 if anything was lost."""
    figures: dict[str, int] = {}
    notes: list[str] = []
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("kills", "power", "interrupts", "lines", "flips", "hostile", "pages"):
            (folder / part).mkdir()
        bench, died = kill_everywhere(folder / "kills", 200)
        figures |= {"kills": bench.trials, "kills_lost": len(bench.lost)}
        notes += [f"kills by stage {dict(died)}, states {bench.states}", *bench.lost]
        bench, cut = lose_power(folder / "power", 120)
        figures |= {"power_losses": bench.trials, "power_losses_lost": len(bench.lost)}
        notes += [f"power losses by stage {dict(cut)}, states {bench.states}", *bench.lost]
        cut_off = interrupt_everywhere(folder / "interrupts", 300)
        figures |= {"interrupts": cut_off.trials, "interrupts_lost": len(cut_off.lost), "orphans": cut_off.orphans}
        notes += [f"interrupts by signal and stage {dict(cut_off.died)}", *cut_off.lost]
        lines = interrupt_lines(folder / "lines", 1_000)
        figures |= {"interrupted_lines": lines.trials, "interrupted_lines_lost": len(lines.broken)}
        notes += lines.broken
        found, missed = flip_bits(folder / "flips", 600)
        figures |= {"bit_flips": 600, "bit_flips_found": found}
        notes += missed
        count, failures = hostile(folder / "hostile")
        if SHARED.is_file():
            subprocess.run(["tar", "xJf", SHARED, "-C", folder / "pages"], check=True)
            pages = [path.read_bytes() for path in sorted((folder / "pages").rglob("*.html"))[::5]]
            failures += fuzz(pages, 1000)
            notes.append("fuzz: 1000 mutated real pages")
        else:
            notes.append(f"fuzz: not run, {SHARED} is absent")
        figures |= {"hostile_inputs": count, "hostile_failures": len(failures)}
        notes += failures
    target = ROOT / "build" / "faults.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(figures, indent=1) + "\n")
    print(*notes, json.dumps(figures, indent=1), f"{time.perf_counter() - started:.0f} s", sep="\n")
    lost = figures["kills_lost"] + figures["interrupts_lost"] + figures["power_losses_lost"]
    return int(bool(lost or failures or found < 600))


if __name__ == "__main__":
    sys.exit(main())
