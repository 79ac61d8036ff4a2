#!/usr/bin/env python3
"""Writes the tables of docs/SPEED.md from what run.sh measured.

    report.py RESULTS DATA PAGE [wall | processor]

Of the page, only what stands between the two markers is replaced. Times are medians of hyperfine's runs, or,
with `processor`, the mean processor time of a run (user and system), for a machine that others use.
"""

import datetime
import json
import math
import platform
import re
import statistics
import subprocess
import sys
from importlib import metadata
from pathlib import Path

START = "<!-- measured: begin (benches/rivals/run.sh writes what follows) -->"
END = "<!-- measured: end -->"
ROWS = {
    "copydesk": "copydesk",
    "copydesk-2": "copydesk, two threads",
    "copydesk-compact": "copydesk, compact model",
    "copydesk-json": "copydesk, JSON lines in and out",
    "fasttext-pairs": "fastText, words and pairs",
    "fasttext-words": "fastText, words",
    "vw": "Vowpal Wabbit",
    "liblinear": "LIBLINEAR",
    "sklearn": "scikit-learn",
}
NAMES = {"reporting": 1, "quotation": 2, "commentary": 3, "call_to_action": 4}
PACKAGES = ["vowpalwabbit", "liblinear-official", "scikit-learn", "numpy", "scipy"]


class Results:
    """The files that run.sh left, by measure and tool."""

    def __init__(self, folder, data, processor):
        self.folder, self.data, self.processor = Path(folder), Path(data), processor

    def read(self, name):
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.exists() else None

    def timing(self, measure, tool):
        text = self.read(f"{measure}-{tool}.json")
        return json.loads(text)["results"][0] if text else None

    def seconds(self, measure, tool):
        timing = self.timing(measure, tool)
        if timing is None:
            return None
        return timing["user"] + timing["system"] if self.processor else statistics.median(timing["times"])

    def whole(self, tool):
        """Seconds for the big file; of tools that got the cut alone, scaled up, the start counted once."""
        cut = self.seconds("cut", tool)
        if cut is None:
            return self.seconds("big", tool)
        start = self.seconds("cold", tool)
        return start + (cut - start) * lines(self.data / "big.txt") / lines(self.data / "cut.txt")

    def peak(self, tool):
        text = self.read(f"peak-{tool}.txt")
        found = re.search(r"Maximum resident set size \(kbytes\): (\d+)", text or "")
        return int(found[1]) * 1024 / 1e6 if found else None

    def bytes(self, tool):
        text = self.read(f"bytes-{tool}.txt")
        return int(text) / 1e6 if text else None


def lines(path):
    with open(path, "rb") as source:
        return sum(piece.count(b"\n") for piece in iter(lambda: source.read(1 << 20), b""))


def probabilities(line):
    """Label numbers to probabilities, of a line in any tool's form."""
    if line.startswith("{"):
        return {NAMES[name]: value for name, value in json.loads(line)["probabilities"].items()}
    words = re.split(r"[\s:]+", line.strip())
    names = (NAMES.get(word) or int(word.removeprefix("__label__")) for word in words[::2])
    return dict(zip(names, map(float, words[1::2])))


def agreement(results, tool, truth):
    """Accuracy of the labels written, and the log-loss of all probabilities (each at least 1e-6)."""
    given = results.read(f"labels-{tool}.txt")
    if given is None:
        return None, None
    given = [probabilities(line) for line in given.splitlines()]
    every = [probabilities(line) for line in results.read(f"every-{tool}.txt").splitlines()]
    if not len(given) == len(every) == len(truth):
        sys.exit(f"report.py: {tool} answered {len(given)} and {len(every)} of {len(truth)} texts")
    right = sum(max(answer, key=answer.get) == label for answer, label in zip(given, truth))
    losses = (
        -math.log(max(answer.get(label, 0) / sum(answer.values()), 1e-6)) for answer, label in zip(every, truth)
    )
    return right / len(truth), math.fsum(losses) / len(truth)


def shown(value, form):
    return "–" if value is None else format(value, form)


def significant(value):
    """Three digits, or all before the point."""
    if value is None:
        return "–"
    if value == 0:
        return "0"
    return f"{value:,.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def table(head, rows):
    yield "| " + " | ".join(head) + " |"
    yield "| --- |" + " ---: |" * (len(head) - 1)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def figures(results, tool, truth):
    accuracy, loss = agreement(results, tool, truth)
    seconds = results.whole(tool)
    source = results.data / ("big.jsonl" if tool.endswith("json") else "big.txt")
    return {
        "accuracy": accuracy,
        "log-loss": loss,
        "train": results.seconds("train", tool),
        "lines": seconds and lines(source) / seconds,
        "megabytes": seconds and source.stat().st_size / 1e6 / seconds,
        "cold": results.seconds("cold", tool),
        "model": results.bytes(tool),
        "peak": results.peak(tool),
    }


def measured(results, truth):
    tools = [tool for tool in ROWS if results.read(f"labels-{tool}.txt") is not None]
    if results.processor:
        tools = [tool for tool in tools if tool != "copydesk-2"]
    found = {tool: figures(results, tool, truth) for tool in tools}

    yield from table(
        ["", "accuracy", "log-loss", "training, s", "lines/s", "MB/s", "one line, ms", "model, MB", "memory, MB"],
        (
            [
                ROWS[tool] + (" ‡" if results.timing("cut", tool) else ""),
                shown(own["accuracy"], ".4f"),
                shown(own["log-loss"], ".3f"),
                significant(own["train"]),
                shown(own["lines"], ",.0f"),
                significant(own["megabytes"]),
                significant(own["cold"] and own["cold"] * 1000),
                significant(own["model"]),
                significant(own["peak"]),
            ]
            for tool, own in found.items()
        ),
    )
    yield ""
    if any(results.timing("cut", tool) for tool in tools):
        yield (
            f"‡ measured on the first {lines(results.data / 'cut.txt'):,} lines, and scaled to the whole file with "
            "the start counted once."
        )
        yield ""

    base = found.get("copydesk")
    if base:
        ratio = {
            "training": lambda own: own["train"] and own["train"] / base["train"],
            "labelling": lambda own: own["lines"] and base["lines"] / own["lines"],
            "one line": lambda own: own["cold"] and own["cold"] / base["cold"],
            "model": lambda own: own["model"] and own["model"] / base["model"],
            "memory": lambda own: own["peak"] and own["peak"] / base["peak"],
        }
        yield "Times what copydesk takes on one core (for labelling: how many times as fast copydesk is):"
        yield ""
        yield from table(
            ["", *ratio],
            (
                [ROWS[tool], *(significant(of(own)) for of in ratio.values())]
                for tool, own in found.items()
                if tool != "copydesk"
            ),
        )
        yield ""
    yield from objectives(results)
    yield from circumstances(results, tools)


def objectives(results):
    solved = results.read("objective-sklearn.json")
    if solved:
        solved = json.loads(solved)
        over = solved["reached"] / solved["least"] - 1
        yield (
            f"Training objectives: scikit-learn's is {solved['reached']:.1f} on {solved['features']:,} features, "
            f"{over:.1e} above the least there is (found with a tolerance of 1e-7)."
        )
    card = results.read("objective-copydesk.json")
    if card:
        card = json.loads(card)
        own, gap = card["card"]["objective"], card["card"]["gap"]
        yield (
            f"copydesk's is {own:.1f} on {card['features']:,} features of its own, at most {gap / own:.1e} above "
            "the least by its certificate. The penalty is the same; the features are not, so the two do not compare by size."
        )
    if solved or card:
        yield ""


def circumstances(results, tools):
    spent = []
    for tool in tools:
        for measure in "train", "big", "cut":
            timing = results.timing(measure, tool)
            if timing and timing["mean"] > 0.2 and tool != "copydesk-2":
                spent.append((timing["user"] + timing["system"]) / timing["mean"])
    what = "mean processor time (user and system) of a run" if results.processor else "median wall time"
    yield (
        f"{datetime.date.today():%-d %B %Y}, {machine()}; {what}. "
        f"Jobs on one core got {min(spent):.0%} to {max(spent):.0%} of it"
        + ("." if min(spent) > 0.9 else ": the machine was busy with other work.")
    )
    versions = ["fastText 0.9.2 (compiled from source)"]
    versions += [f"{name} {metadata.version(name)}" for name in PACKAGES]
    yield f"{results.read('copydesk.txt').strip()}, {', '.join(versions)}, Python {platform.python_version()}."
    commands = [
        re.sub(r"\S*/", "", command.strip())
        for tool in tools
        if tool.startswith("copydesk")
        for verb in ("train", "label")
        if (command := results.read(f"command-{verb}-{tool}.txt"))
    ]
    if commands:
        yield from ("", "copydesk was told:", "", "```text", *commands, "```")


def machine():
    facts = {}
    for line in subprocess.run(["lscpu"], capture_output=True, text=True, check=True).stdout.splitlines():
        name, _, value = line.partition(":")
        facts.setdefault(name.strip(), value.strip())
    model = facts.get("Model name", "unknown processor")
    return f"{model} (family {facts.get('CPU family')}, model {facts.get('Model')}), {facts.get('CPU(s)')} cores, " \
        f"{facts.get('L2 cache', 'unknown')} of L2 cache, Linux {platform.release().split('-')[0]}"


def main():
    if len(sys.argv) not in (4, 5) or sys.argv[4:] not in ([], ["wall"], ["processor"]):
        sys.exit(__doc__)
    results = Results(sys.argv[1], sys.argv[2], sys.argv[4:] == ["processor"])
    page = Path(sys.argv[3])
    text = page.read_text(encoding="utf-8")
    if text.count(START) != 1 or text.count(END) != 1:
        sys.exit(f"report.py: {page} has not both markers, once each: {START} and {END}")
    truth = [int(number) for number in (results.data / "test.labels").read_text().split()]
    before, rest = text.split(START)
    after = rest.split(END)[1]
    block = "\n".join(measured(results, truth))
    page.write_text(f"{before}{START}\n\n{block}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
