#!/usr/bin/env python3
"""How time and memory grow with the input: measures the release binary over sizes, fits the exponent of each
step, and writes the tables of docs/GROWTH.md and the figures beside it.

    cargo build --release
    benches/growth/run.py                 measure all, write the page and the figures
    benches/growth/run.py --only train    measure the series whose names hold "train"; the page keeps the others
    benches/growth/run.py --quick         only the smaller sizes, write nothing

What was measured is kept in target/growth.json, for the same binary: a run that was stopped goes on with
--resume. Exit code 1 where a step is steeper than n log n or the memory of a stream grows. It takes Python
3.9 or later and nothing besides, 2.5 GB of disk and about 15 minutes.
"""

import argparse
import functools
import hashlib
import json
import platform
import shutil
import subprocess
import sys
from multiprocessing import get_context
from pathlib import Path

import measure
import page
from inputs import ROOT
import inputs

BYTES, MB = "bytes", 1_000_000


class Series:
    """What is grown, and how it is measured."""

    def __init__(self, name, unit, sizes, make, command, ending="", sizer=None, stream=False):
        self.name, self.unit, self.sizes = name, unit, sizes
        self.make, self.command, self.ending, self.sizer = make, command, ending, sizer
        # Whether memory must not grow with the input.
        self.stream = stream
        self.points = []

    def grows(self):
        """Whether memory still grows by a fifth after the third size, when all buffers are full."""
        memory = [point.megabytes for point in self.points[2:]]
        return bool(memory) and max(memory) > 1.2 * memory[0]


def everything(binary, work):
    """All series. Each has a maker of its input, and the command that is measured."""
    streams = [1 * MB, 10 * MB, 100 * MB, 500 * MB, 2000 * MB]
    articles = [100, 1000, 10_000, 30_000]
    one_page = [10, 100, 1000, 10_000, 100_000]
    classify = lambda *options: lambda binary, file: [binary, "classify", file, "-j1", *options]
    to_jsonl = classify("--format", "jsonl")
    output = work / "output.copydesk"

    def features(binary, file):
        """How many features a model has in the end."""
        info = subprocess.run([binary, "info", file, "--format", "json"], capture_output=True, check=True)
        return json.loads(info.stdout)["features"]

    grown = [1000, 3000, 10_000, 30_000, 100_000, 300_000]
    trained = functools.partial(inputs.model, binary)
    yield Series("classify: rows", BYTES, streams, inputs.rows_of_paragraphs, to_jsonl, ending=".jsonl", stream=True)
    yield Series(
        "classify: plain lines",
        BYTES,
        streams,
        inputs.plain_lines,
        classify("--from", "lines", "--format", "labels"),
        ending=".txt",
        stream=True,
    )
    yield Series(
        "classify: articles as rows",
        "articles",
        [100, 1000, 10_000, 100_000],
        inputs.rows_of_articles,
        to_jsonl,
        ending=".jsonl",
        stream=True,
    )
    yield Series("classify: pages in a folder", "pages", [100, 1000, 10_000], inputs.folder_of_pages, to_jsonl)
    yield Series("classify: one page of text", "paragraphs", one_page, inputs.one_text, to_jsonl, ending=".txt")
    yield Series("classify: one page of HTML", "paragraphs", one_page, inputs.one_html, to_jsonl, ending=".html")
    yield Series(
        "classify: one page, to HTML", "paragraphs", one_page, inputs.one_text, classify("--format", "html"), ending=".txt"
    )
    yield Series(
        "classify: one page, to a table", "paragraphs", one_page, inputs.one_text, classify("--format", "table"), ending=".txt"
    )
    yield Series(
        "split: one page",
        "paragraphs",
        one_page,
        inputs.one_text,
        lambda binary, file: [binary, "split", file, "--news", "-"],
        ending=".txt",
    )
    yield Series(
        "explain: one page", "paragraphs", one_page, inputs.one_text, lambda binary, file: [binary, "explain", file], ending=".txt"
    )
    yield Series(
        "classify: 10 MB by model",
        "features",
        grown,
        trained,
        lambda binary, file: [binary, "classify", work / "sample.jsonl", "--format", "jsonl", "-j1", "--model", file],
        ending=".copydesk",
        sizer=features,
    )
    yield Series(
        "loading a model",
        "features",
        grown,
        trained,
        lambda binary, file: [binary, "info", file],
        ending=".copydesk",
        sizer=features,
    )
    yield Series(
        "train",
        "articles",
        articles,
        inputs.labelled,
        lambda binary, file: [binary, "train", file, "--folds", "0", "-j1", "-o", output],
        ending=".jsonl",
    )
    yield Series(
        "train: features words",
        "articles",
        articles,
        inputs.labelled,
        lambda binary, file: [binary, "train", file, "--features", "words", "--folds", "0", "-j1", "-o", output],
        ending=".jsonl",
    )
    for name, options in (
        ("check", ["--no-training"]),
        ("evaluate", []),
        ("share", []),
    ):
        yield Series(
            name,
            "articles",
            articles,
            inputs.labelled,
            lambda binary, file, name=name, options=options: [binary, name, file, "-j1", *options],
            ending=".jsonl",
        )
    yield Series(
        "compare",
        "articles",
        articles,
        inputs.labelled,
        lambda binary, file: [binary, "compare", "built-in", ROOT / "models/default.copydesk", file, "-j1"],
        ending=".jsonl",
    )
    yield Series(
        "agree",
        "articles",
        articles,
        inputs.labelled,
        lambda binary, file: [binary, "agree", file, second(file)],
        ending=".jsonl",
    )


def second(file):
    """The file of another annotator beside this one, made when first asked for."""
    other = file.with_name(f"second-{file.name}")
    if not other.exists():
        count = sum(1 for _ in open(file, encoding="utf-8")) // 5
        made_apart(inputs.labelled, other, count, 2)
    return other


def made_apart(make, *arguments):
    """Makes an input in a process of its own: what it takes would count as the memory of later children."""
    context = get_context("spawn")
    process = context.Process(target=make, args=arguments)
    process.start()
    process.join()
    if process.exitcode != 0:
        sys.exit(f"an input could not be made: {arguments}")


class Kept:
    """What was measured with this binary."""

    FILE = ROOT / "target/growth.json"

    def __init__(self, binary, start):
        digest = hashlib.sha256(binary.read_bytes()).hexdigest()
        self.values = {"binary": digest, "start": start, "points": {}}
        if self.FILE.exists():
            values = json.loads(self.FILE.read_text(encoding="utf-8"))
            if values["binary"] == digest:
                self.values = values
        self.points = self.values["points"]
        self.start = self.values["start"]

    def keep(self, series):
        self.points[series.name] = [[point.size, point.seconds, point.megabytes] for point in series.points]
        self.FILE.write_text(json.dumps(self.values), encoding="utf-8")

    def of(self, series):
        return [measure.Point(*values) for values in self.points.get(series.name, [])]


def grow(series, binary, work):
    """Measures a series from its smallest size up."""
    for size in series.sizes:
        file = work / f"input-{size}{series.ending}"
        made_apart(series.make, file, size)
        seconds, megabytes = measure.run(series.command(binary, file))
        real = series.sizer(binary, file) if series.sizer else size
        series.points.append(measure.Point(real, seconds, megabytes))
        print(f"{series.name:32} {real:>13,} {series.unit:10} {seconds:9.3f} s {megabytes:8.1f} MB", flush=True)
        for old in work.glob("*input-*"):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        if len(series.points) > 1 and series.points[-2].size == real:
            # There are no more features in the data.
            series.points.pop()
            break


def machine(binary):
    """One line that says what measured."""
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            model = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return f"{version}, {model}, {platform.system()} {platform.machine()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--binary", type=Path, default=ROOT / "target/release/copydesk")
    parser.add_argument("--work", type=Path, default=ROOT / "target/growth", help="folder for inputs, made and removed")
    parser.add_argument("--only", metavar="NAME", help="only the series whose names hold this")
    parser.add_argument("--resume", action="store_true", help="only what has not been measured with this binary")
    parser.add_argument("--quick", action="store_true", help="without the largest sizes; writes nothing")
    arguments = parser.parse_args()
    binary = arguments.binary.resolve()
    if not binary.exists():
        sys.exit(f"{binary} is not there: run cargo build --release")
    work = arguments.work.resolve()
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    one = work / "one.txt"
    one.write_text("The bridge was closed on Monday, the police said.\n", encoding="utf-8")
    start, _ = measure.run([binary, "classify", one, "--format", "jsonl", "-j1"])
    print(f"start of a process {start:.4f} s; memory below {measure.floor_mb():.0f} MB cannot be told")

    kept = Kept(binary, start)
    all_series = list(everything(binary, work))
    for series in all_series:
        if arguments.only and arguments.only not in series.name:
            continue
        if arguments.resume and series.name in kept.points:
            continue
        if arguments.quick:
            series.sizes = series.sizes[:-2] or series.sizes
        try:
            grow(series, binary, work)
        except measure.Failed as failed:
            print(f"{series.name}: left out: {failed}", file=sys.stderr)
            continue
        if not arguments.quick:
            kept.keep(series)
    shutil.rmtree(work)

    done = [series for series in all_series if series.points]
    if not arguments.quick:
        for series in all_series:
            series.points = series.points or kept.of(series)
        done = [series for series in all_series if series.points]
    for series in done:
        measure.judge(series.points, kept.start)
    steep = [(series, point) for series in done for point in series.points if point.steep]
    for series, point in steep:
        print(f"{series.name}: exponent {point.exponent:.2f} up to {point.size:,} {series.unit}; n log n has {point.allowed:.2f}")
    growing = [series for series in done if series.stream and series.grows()]
    for series in growing:
        print(f"{series.name}: memory grows with the stream")
    if not arguments.quick:
        page.write(done, kept.start, machine(binary))
    sys.exit(1 if steep or growing else 0)


if __name__ == "__main__":
    main()
