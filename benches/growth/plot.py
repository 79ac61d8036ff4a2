"""Small multiples on logarithmic axes as one SVG, for light and dark."""

import math
from xml.sax.saxutils import escape

WIDTH, COLUMNS = 960, 3
PANEL_HEIGHT, HEAD = 232, 64
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 30, 46
STYLE = """
svg { background: #ffffff; font: 12px system-ui, "Helvetica Neue", Arial, sans-serif; }
text { fill: #1c1c1c; } .soft { fill: #595959; } .name { font-weight: 600; font-size: 13px; }
.title { font-weight: 600; font-size: 16px; }
.grid { stroke: #e2e2e2; stroke-width: 1; fill: none; } .frame { stroke: #8a8a8a; stroke-width: 1; fill: none; }
.guide { stroke: #767676; stroke-width: 1.2; stroke-dasharray: 4 4; fill: none; }
.line { stroke: #0072b2; stroke-width: 2; fill: none; } .dot { fill: #0072b2; }
.steep { fill: #d55e00; }
@media (prefers-color-scheme: dark) {
  svg { background: #16181c; }
  text { fill: #ececec; } .soft { fill: #b4b4b4; }
  .grid { stroke: #33363c; } .frame { stroke: #85888e; } .guide { stroke: #9a9da3; }
  .line { stroke: #6cc0ff; } .dot { fill: #6cc0ff; } .steep { fill: #ff9d57; }
}
"""


def short(value):
    """A number as an axis shows it."""
    for unit, name in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= unit:
            return f"{value / unit:g}{name}"
    return f"{value:g}"


class Axis:
    """A logarithmic scale, with ticks at whole decades where there are three, else between them as well."""

    def __init__(self, low, high, start, end):
        self.low, self.high = math.log10(low), math.log10(high)
        if self.high - self.low < 0.3:
            middle = (self.high + self.low) / 2
            self.low, self.high = middle - 0.15, middle + 0.15
        room = (self.high - self.low) * 0.06
        self.low, self.high = self.low - room, self.high + room
        self.start, self.end = start, end

    def at(self, value):
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def holds(self, value):
        return self.low <= math.log10(value) <= self.high

    def ticks(self):
        decades = range(math.floor(self.low), math.ceil(self.high) + 1)
        for steps in ((1,), (1, 3), (1, 2, 5), tuple(range(1, 10))):
            found = [step * 10.0**decade for decade in decades for step in steps]
            found = [value for value in found if self.holds(value)]
            if len(found) >= 3:
                break
        while len(found) > 6:
            found = found[::2]
        return found


def panel(out, left, top, width, series, value, unit, guide):
    """One series: its points and, where asked for, a line of slope 1 through the last."""
    points = [(point.size, value(point), point.steep) for point in series.points]
    right, bottom = left + width - RIGHT, top + PANEL_HEIGHT - BOTTOM
    left, top = left + LEFT, top + TOP
    x = Axis(min(p[0] for p in points), max(p[0] for p in points), left, right)
    y = Axis(min(p[1] for p in points), max(p[1] for p in points), bottom, top)
    out.append(f'<text class="name" x="{left}" y="{top - 10}">{escape(series.name)}</text>')
    for tick in x.ticks():
        at = x.at(tick)
        out.append(f'<path class="grid" d="M{at:.1f} {top}V{bottom}"/>')
        out.append(f'<text class="soft" x="{at:.1f}" y="{bottom + 15}" text-anchor="middle">{short(tick)}</text>')
    for tick in y.ticks():
        at = y.at(tick)
        out.append(f'<path class="grid" d="M{left} {at:.1f}H{right}"/>')
        out.append(f'<text class="soft" x="{left - 6}" y="{at + 4:.1f}" text-anchor="end">{short(tick)}</text>')
    out.append(f'<text class="soft" x="{left + 6}" y="{top + 10}">{escape(unit)}</text>')
    out.append(f'<path class="frame" d="M{left} {top}V{bottom}H{right}"/>')
    out.append(f'<text class="soft" x="{(left + right) / 2}" y="{bottom + 33}" text-anchor="middle">{escape(series.unit)}</text>')
    if guide:
        # Through the last point, back to where it leaves the frame.
        size, last, _ = points[-1]
        begin = max(points[0][0], size * 10**y.low / last)
        out.append(
            f'<path class="guide" d="M{x.at(begin):.1f} {y.at(last * begin / size):.1f}L{x.at(size):.1f} {y.at(last):.1f}"/>'
        )
    line = "L".join(f"{x.at(size):.1f} {y.at(taken):.1f}" for size, taken, _ in points)
    out.append(f'<path class="line" d="M{line}"/>')
    for size, taken, steep in points:
        mark = "dot steep" if steep else "dot"
        out.append(
            f'<circle class="{mark}" cx="{x.at(size):.1f}" cy="{y.at(taken):.1f}" r="4">'
            f"<title>{short(size)} {escape(series.unit)}: {taken:.3g}</title></circle>"
        )


def draw(path, title, note, all_series, value, unit, guide):
    """Writes the figure: of each series, the value of its points by their size."""
    rows = math.ceil(len(all_series) / COLUMNS)
    height = HEAD + rows * PANEL_HEIGHT
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{STYLE}</style>",
        f'<text class="title" x="16" y="26">{escape(title)}</text>',
        f'<text class="soft" x="16" y="46">{escape(note)}</text>',
    ]
    width = WIDTH / COLUMNS
    for number, series in enumerate(all_series):
        row, column = divmod(number, COLUMNS)
        panel(out, column * width, HEAD + row * PANEL_HEIGHT, width, series, value, unit, guide)
    out.append("</svg>")
    path.write_text("\n".join(out) + "\n", encoding="utf-8")
