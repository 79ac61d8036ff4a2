"""The tables of docs/GROWTH.md, between its markers, and the figures."""

import datetime

import plot
from inputs import ROOT

PAGE = ROOT / "docs/GROWTH.md"
IMAGES = ROOT / "docs/images"
BEGIN, END = "<!-- growth: begin -->", "<!-- growth: end -->"


def size(series, point):
    if series.unit == "bytes":
        return f"{point.size / 1e6:,.0f} MB"
    return f"{point.size:,}"


def seconds(value):
    return f"{value:,.3f}" if value < 1 else f"{value:,.2f}" if value < 10 else f"{value:,.1f}"


def steepest(series):
    steps = [point for point in series.points if point.exponent is not None]
    if not steps:
        return "–", "–"
    worst = max(steps, key=lambda point: point.exponent - point.allowed)
    mark = " **steeper**" if worst.steep else ""
    return f"{worst.exponent:.2f}{mark}", f"{worst.allowed:.2f}"


def tables(done, start, machine):
    day = datetime.date.today().isoformat()
    out = [
        f"{day}, {machine}. Starting a process takes {seconds(start)} s, which exponents leave out.",
        "",
        "| what | from | to | seconds | steepest step | n log n | memory, MB |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for series in done:
        first, last = series.points[0], series.points[-1]
        unit = "" if series.unit == "bytes" else f" {series.unit}"
        out.append(
            f"| {series.name} | {size(series, first)} | {size(series, last)}{unit} "
            f"| {seconds(first.seconds)} → {seconds(last.seconds)} | {' | '.join(steepest(series))} "
            f"| {first.megabytes:,.0f} → {last.megabytes:,.0f} |"
        )
    out += ["", "Every point:", "", "| what | size | seconds | exponent | memory, MB |", "| --- | ---: | ---: | ---: | ---: |"]
    for series in done:
        for point in series.points:
            exponent = "" if point.exponent is None else f"{point.exponent:.2f}"
            unit = "" if series.unit == "bytes" else f" {series.unit}"
            out.append(
                f"| {series.name} | {size(series, point)}{unit} | {seconds(point.seconds)} | {exponent} | {point.megabytes:,.1f} |"
            )
    return "\n".join(out)


def write(done, start, machine):
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    PAGE.write_text(f"{before}{BEGIN}\n\n{tables(done, start, machine)}\n\n{END}{after}", encoding="utf-8")
    IMAGES.mkdir(exist_ok=True)
    plot.draw(
        IMAGES / "growth-time.svg",
        "Processor seconds by size of the input",
        "Both axes logarithmic; the dashed line is proportional to the size.",
        done,
        lambda point: point.seconds,
        "seconds",
        True,
    )
    plot.draw(
        IMAGES / "growth-memory.svg",
        "Peak memory in MB by size of the input",
        "Both axes logarithmic; streams of rows and lines stay flat.",
        done,
        lambda point: point.megabytes,
        "MB",
        False,
    )
