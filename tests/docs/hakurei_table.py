#!/usr/bin/env python3
"""Holds docs/hakurei.md to what it claims: every name of tests/data/hakurei-names.txt stands in its tables once, with a key and a test that exists, or with
the reason why it is not applicable. `hakurei_table.py SOURCE_DIRECTORY`; with --self-check it plants each kind of gap and fails where one goes unseen."""
import os
import re
import sys

# What a reference to a test begins with, and the file that has to be there.
TESTS = {
    "e2e": "tests/e2e/{}.sh",
    "golden": "tests/golden/check/{}.toml",
    "unit": "tests/unit/{}.cc",
    "runtime": "tests/runtime/{}.cc",
}
NOT_APPLICABLE = "not applicable: "


def rows(table):
    """(line number, names, key, tests) of each row of a table that begins with `name | key | test`."""
    inside = False
    for number, line in enumerate(table.splitlines(), 1):
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells == ["name", "key", "test"]:
            inside = True
        elif inside and not set(line) <= set("|- "):
            yield number, cells


def gaps(table, names, exists):
    """Every fault of the table, as text."""
    seen = {}
    for number, cells in rows(table):
        if len(cells) != 3:
            yield f"line {number}: {len(cells)} cells instead of 3"
            continue
        own, key, tests = re.findall(r"`([^`]+)`", cells[0]), cells[1], re.findall(r"`([^`]+)`", cells[2])
        if not own:
            yield f"line {number}: a row without a name"
        for name in own:
            if name not in names:
                yield f"line {number}: {name} is not a name of hakurei's"
            if name in seen:
                yield f"line {number}: {name} stands in line {seen[name]} already"
            seen[name] = number
        if not key or key == NOT_APPLICABLE.strip():
            yield f"line {number}: neither a key nor a reason"
        if not tests and not key.startswith(NOT_APPLICABLE):
            yield f"line {number}: no test"
        for test in tests:
            kind, _, rest = test.partition("/")
            if kind not in TESTS or not exists(TESTS[kind].format(rest)):
                yield f"line {number}: there is no test {test}"
    for name in sorted(names - seen.keys()):
        yield f"{name} is missing"


def self_check(table, names, exists):
    """Each kind of gap, planted into the table as it is. Returns those that went unseen."""
    row = next(cells for _, cells in rows(table) if cells[2])
    line = next(text for text in table.splitlines() if text.startswith(f"| {row[0]} |"))
    unseen = []
    for what, planted, all_names in [
        ("a row taken out", table.replace(line + "\n", ""), names),
        ("a row twice", table.replace(line, line + "\n" + line), names),
        ("a test that does not exist", table.replace(line, line.replace(row[2], "`e2e/no_such_test`")), names),
        ("a kind of test that does not exist", table.replace(line, line.replace(row[2], "`felt/fine`")), names),
        ("no test", table.replace(line, line.replace(row[2], "")), names),
        ("no key", table.replace(line, line.replace(row[1], "")), names),
        ("a reason that is none", table.replace(line, f"| {row[0]} | {NOT_APPLICABLE} | |"), names),
        ("a name of nobody's", table.replace(line, line.replace("`", "`Un", 1)), names),
        ("a new name of hakurei's", table, names | {"BrandNew"}),
        ("a table without its head", table.replace("| name | key | test |", "| a | b | c |"), names),
    ]:
        if planted == table and all_names == names or not list(gaps(planted, all_names, exists)):
            unseen.append(what)
    return unseen


def main():
    source = sys.argv[-1]
    with open(os.path.join(source, "docs/hakurei.md"), encoding="utf-8") as file:
        table = file.read()
    with open(os.path.join(source, "tests/data/hakurei-names.txt"), encoding="utf-8") as file:
        names = {line.strip() for line in file if line.strip() and not line.startswith("#")}
    exists = lambda path: os.path.isfile(os.path.join(source, path))
    found = list(gaps(table, names, exists))
    if "--self-check" in sys.argv:
        found += [f"self-check: not seen: {what}" for what in self_check(table, names, exists)]
    for fault in found:
        print("docs/hakurei.md:", fault, file=sys.stderr)
    sys.exit(1 if found else 0)


main()
