#!/usr/bin/env python3
"""Shows that sweeps find planted bugs and that what they find shrinks to next to nothing.

    planted_test.py NYM-SIM NYM-SIM-PLANTED [BUG...]   all bugs, or those named; `none`: that nothing else is changed
"""
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from bugs import BUGS

SEEDS = 500
CHUNK = 25
SHRINK_BUDGET = "60s"
SAME_SEEDS = 100
LEFT = re.compile(r"left: (\d+) clients?, (\d+) messages?(?: and drawn ones)?, (\d+) faults?")


class Failed(Exception):
    pass


def run(program, bug, *arguments):
    environment = {key: value for key, value in os.environ.items() if key != "NYM_PLANT"}
    if bug:
        environment["NYM_PLANT"] = bug
    return subprocess.run([program, *arguments], env=environment, capture_output=True, text=True)


def sweep(program, bug, first, last):
    """The records of these seeds, in their order."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "runs.jsonl"
        done = run(program, bug, "sweep", "--profile", "swarm", "--seeds", f"{first}..{last}", "--jobs", "1",
                   "--run-limit", "30s", "--out", str(out))
        if done.returncode not in (0, 2, 3, 4):
            raise Failed(f"the sweep ended with {done.returncode}: {done.stderr}")
        records = [json.loads(line) for line in out.read_text().splitlines() if line.startswith("{")]
    return sorted((one for one in records if "seed" in one), key=lambda one: one["seed"])


def outcome(record):
    return record["verdict"], record["fingerprint"]


def find(planted, bug):
    for first in range(1, SEEDS + 1, CHUNK):
        last = min(first + CHUNK - 1, SEEDS)
        failed = [one for one in sweep(planted, bug, first, last) if one["verdict"] != "pass"]
        yield from sorted(failed, key=lambda one: one["wall_ms"])  # what runs fast shrinks fast


def shrink(planted, bug, seed):
    done = run(planted, bug, "shrink", "--profile", "swarm", "--seed", str(seed), "--budget", SHRINK_BUDGET)
    found = LEFT.search(done.stdout)
    if not found:
        raise Failed(f"seed {seed} could not be shrunk: {done.stdout}{done.stderr}")
    return tuple(int(number) for number in found.groups()), done.stdout


def check_bug(normal, planted, bug):
    """One row of the table."""
    tried = []
    for record in find(planted, bug.name):
        seed = record["seed"]
        true_run = sweep(normal, None, seed, seed)[0]
        if true_run["verdict"] != "pass":
            continue  # not the planted bug's doing
        same_run = sweep(planted, None, seed, seed)[0]
        if outcome(same_run) != outcome(true_run):
            raise Failed(f"without a bug seed {seed} comes out differently: {outcome(same_run)}, {outcome(true_run)}")
        left, plan = shrink(planted, bug.name, seed)
        if max(left) <= 2:
            clients, messages, faults = left
            return (f"{bug.name:20} seed {seed:3}  {record['verdict']:8}  {record['violations'][0]['text']}; left: "
                    f"{clients} clients, {messages} messages, {faults} faults")
        tried.append(f"seed {seed} left {left}:\n{plan}")
        if len(tried) == 3:
            raise Failed("what is left is too much: " + "\n".join(tried))
    raise Failed("\n".join(["no run fails for it", *tried]))


def check_none(normal, planted):
    true_runs = sweep(normal, None, 1, SAME_SEEDS)
    same_runs = sweep(planted, None, 1, SAME_SEEDS)
    if list(map(outcome, true_runs)) != list(map(outcome, same_runs)):
        raise Failed("without a bug the planted build differs from the true one")
    if any(one["verdict"] != "pass" for one in true_runs):
        raise Failed("the true build fails: " + ", ".join(str(one["seed"]) for one in true_runs if one["verdict"] != "pass"))
    return f"{'none':20} seeds 1..{SAME_SEEDS} pass, fingerprints as in the true build"


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    normal, planted, *chosen = sys.argv[1:]
    bugs = {bug.name: bug for bug in BUGS}
    failures = 0
    for name in chosen or ["none", *bugs]:
        try:
            row = check_none(normal, planted) if name == "none" else check_bug(normal, planted, bugs[name])
            print(row, flush=True)
        except Failed as failed:
            failures += 1
            print(f"{name:20} {failed}", flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
