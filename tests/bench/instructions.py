#!/usr/bin/env python3
"""Counts the instructions of a packet's steps with callgrind and compares them with what is recorded.

    instructions.py PROGRAM                 fails when a step takes 3 % more or less than in instructions.json
    instructions.py PROGRAM --record        writes instructions.json
    instructions.py PROGRAM --json          prints the counts alone

    tests/bench/instructions.py build/release/bin/instructions --record

Noise does not change these counts, but other compilers, libraries and processors do: the record names what it was made
with. Callgrind does not know AVX-512, so what it counts are the ways without vectors. Exit codes: 0 as recorded, 1 not,
77 no valgrind here, or another compiler or processor than the record's.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

RECORD = Path(__file__).resolve().parent / "instructions.json"
TOLERANCE = 0.03
SKIPPED = 77


def output_of(command):
    ran = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if ran.returncode != 0:
        sys.exit(f"instructions: {command[0]} failed: {ran.stderr.strip()[-2000:]}")
    return ran.stdout


def count(program, step):
    """Instructions of one packet."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "callgrind.out"
        packets = int(output_of(["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={out}",
                                 "--toggle-collect=measured", program, step]))
        total = re.search(r"^(?:totals|summary): (\d+)", out.read_text(), re.M)
    if not total or int(total.group(1)) == 0:
        sys.exit(f"instructions: callgrind counted nothing in {step}")
    return round(int(total.group(1)) / packets)


def surroundings(program):
    """What the counts depend on besides our code: the compiler, libraries and what valgrind knows of the processor."""
    compiler = re.search(r"GCC: \([^)]*\) [\d.]+|clang version [\d.]+", output_of(["strings", "-n", "8", program]))
    libraries = re.findall(r"lib(?:crypto|sodium|c)\.so\S* => (\S+)", output_of(["ldd", program]))
    flags = set(re.search(r"^flags\s*:(.*)", Path("/proc/cpuinfo").read_text(), re.M).group(1).split())
    return {"compiler": compiler.group(0) if compiler else "another",
            "libraries": sorted(Path(library).resolve().name for library in libraries),
            "processor": [flag for flag in ("aes", "avx2", "adx", "bmi2") if flag in flags],
            "valgrind": output_of(["valgrind", "--version"]).strip()}


def compare(counts, record):
    """The steps that are not as recorded."""
    wrong = []
    for step, now in counts.items():
        then = record.get(step)
        change = (now - then) / then if then else 0
        good = then is not None and abs(change) <= TOLERANCE
        print(f"{step:<16} {now:>10,}  recorded {then if then is None else format(then, ','):>10}  {change:+.2%}"
              + ("" if good else "  CHANGED"))
        if not good:
            wrong.append(step)
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--record", action="store_true", help="write what was counted")
    mode.add_argument("--json", action="store_true", help="print the counts and compare nothing")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        print("instructions: left out, valgrind is not installed", file=sys.stderr)
        sys.exit(SKIPPED)
    program = options.program.resolve()
    around = surroundings(program)
    record = json.loads(RECORD.read_text()) if RECORD.exists() else None
    if not options.record and not options.json and (record is None or record["made_with"] != around):
        print(f"instructions: left out, the record was made with {record and record['made_with']}, here is {around}",
              file=sys.stderr)
        sys.exit(SKIPPED)
    counts = {step: count(program, step) for step in output_of([program, "--list"]).split()}
    if options.json:
        return print(json.dumps(counts))
    if options.record:
        RECORD.write_text(json.dumps({"made_with": around, "instructions_a_packet": counts}, indent=2) + "\n")
        return print(f"{os.path.relpath(RECORD)} is written")
    if wrong := compare(counts, record["instructions_a_packet"]):
        sys.exit(f"instructions: more than {TOLERANCE:.0%} away from the record: {', '.join(wrong)}; where that is wanted,\n"
                 f"  {Path(__file__).name} {options.program} --record")


if __name__ == "__main__":
    main()
