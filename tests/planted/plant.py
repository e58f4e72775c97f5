#!/usr/bin/env python3
"""Makes the changed sources of nym-sim-planted from those of the engine and tests/planted/bugs.py.

    plant.py SOURCE OUT FOLDER...   copies SOURCE/engine/FOLDER/*.cc to OUT/engine/FOLDER, bugs planted
    plant.py --names                the names of all bugs
"""
import re
import sys
from pathlib import Path

from bugs import BUGS

HEADER = '#include "tests/planted/planted.h"\n'


def planted_text(name, text):
    """The file with all bugs that have a place in it."""
    original = text
    for bug in BUGS:
        for edit in bug.edits:
            if edit.file != name:
                continue
            count = original.count(edit.find)
            if count != 1 or edit.find not in text:
                sys.exit(f"bug {bug.name}: engine/{name} has {count} places like this instead of one:\n{edit.find}\n"
                         "put the new text into tests/planted/bugs.py")
            question = f'nym::planted::is_on("{bug.name}")'
            text = text.replace(edit.find, re.sub(r"(?<!::)\bon\b", question, edit.replace))
    return text if text == original else HEADER + text


def write_if_changed(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def plant(source, out, folders):
    planted = set()
    for folder in folders:
        for path in sorted((source / "engine" / folder).glob("*.cc")):
            name = f"{folder}/{path.name}"
            write_if_changed(out / "engine" / name, planted_text(name, path.read_text()))
            planted.add(name)
    missing = {edit.file for bug in BUGS for edit in bug.edits} - planted
    if missing:
        sys.exit(f"not among the copied sources (tests/planted/CMakeLists.txt): {', '.join(sorted(missing))}")


if __name__ == "__main__":
    if sys.argv[1:] == ["--names"]:
        print(";".join(bug.name for bug in BUGS), end="")
    elif len(sys.argv) > 3:
        plant(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
    else:
        sys.exit(__doc__)
