#!/usr/bin/env python3
"""named_tests.py SOURCE TESTS PAGE...: every promise in the tables of these pages names the tests that hold it, and each of them exists.

TESTS is what `ctest -N` prints. In a table whose last column is "held by", each row's last cell names at least one test in backquotes: e2e.SCRIPT, probe.NAME, unit.SENTENCE
or ctest.NAME. A planted gap of each kind is looked for first, so that this cannot pass by finding nothing.
"""
import pathlib
import re
import sys


def known_tests(source, listed):
    known = {"ctest." + name for name in re.findall(r"Test +#\d+: (\S+)", listed)}
    known |= {"e2e." + path.stem for path in (source / "tests/e2e").glob("*.sh")}
    known |= {"probe." + name for name in re.findall(r'^\{"([^"]+)"', (source / "tests/probes/probes.def").read_text(), re.M)}
    for path in [*(source / "tests/unit").glob("*.cc"), *(source / "tests/runtime").glob("*.cc")]:
        known |= {"unit." + name for name in re.findall(r'^TEST_CASE\("([^"]+)"', path.read_text(), re.M)}
    return known


def problems(text, known):
    """What is wrong with a page, and how many rows it has."""
    found, rows, inside = [], 0, False
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[-1] == "held by":
            inside = True
        elif inside and not set(line) <= set("|-: "):
            rows += 1
            names = re.findall(r"`([^`]+)`", cells[-1])
            if not names:
                found.append(f"line {number}: no test holds `{cells[0]}`")
            found += [f"line {number}: there is no test `{name}`" for name in names if name not in known]
    return found, rows


def main():
    source = pathlib.Path(sys.argv[1])
    known = known_tests(source, pathlib.Path(sys.argv[2]).read_text())
    header = "| promise | held by |\n|---|---|\n"
    for gap in ("| nothing | |\n", "| a test | `e2e.there_is_none` |\n", "| no prefix | `load` |\n"):
        assert problems(header + gap, known) != ([], 1), f"a planted gap is not found: {gap}"
    wrong = []
    for page in sys.argv[3:]:
        found, rows = problems((source / page).read_text(), known)
        print(f"{page}: {rows} promises")
        if rows == 0:
            found.append("no promise at all")
        wrong += [f"{page}: {problem}" for problem in found]
    if wrong:
        sys.exit("\n".join(wrong))


main()
