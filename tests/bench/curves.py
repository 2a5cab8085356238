# SPDX-License-Identifier: LGPL-2.1-or-later
"""Curves with both axes logarithmic, as one SVG, and the slope of such a curve."""
import html
import math

WIDTH, HEIGHT, COLUMNS = 430, 300, 2
LEFT, RIGHT, TOP, BOTTOM = 64, 30, 34, 46
COLOURS = ("#1f6fb4", "#d1495b", "#3a7d44", "#8d5a97", "#b5761c", "#4a4e69")
STYLE = ("text { font: 11px sans-serif; fill: #333 } .title { font-weight: bold; font-size: 13px }"
         " .grid { stroke: #ddd } .frame { stroke: #888; fill: none } .curve { fill: none; stroke-width: 1.8 }")


def slope(points):
    """Of the logarithms, by least squares: the exponent e of y = c·x^e. None if there are not two points."""
    logs = [(math.log(x), math.log(y)) for x, y in points if x > 0 and y > 0]
    if len({x for x, _ in logs}) < 2:
        return None
    mean_x = sum(x for x, _ in logs) / len(logs)
    mean_y = sum(y for _, y in logs) / len(logs)
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs)


def upper_half(points):
    """The larger half of a series by the number of its points, the middle one included."""
    return sorted(points)[(len(points) - 1) // 2:]


class Axis:
    """Whole powers of the base around the values, onto pixels."""

    def __init__(self, values, base, begin, end):
        self.base, self.begin, self.end = base, begin, end
        self.low = math.floor(math.log(min(values), base) + 1e-9)
        self.high = max(math.ceil(math.log(max(values), base) - 1e-9), self.low + 1)

    def place(self, value):
        return self.begin + (math.log(value, self.base) - self.low) / (self.high - self.low) * (self.end - self.begin)

    def ticks(self):
        step = math.ceil((self.high - self.low) / 7)
        return [self.base ** i for i in range(self.low, self.high + 1, step)]


def text(x, y, string, anchor="middle", **attributes):
    more = "".join(' %s="%s"' % (k.rstrip("_"), v) for k, v in attributes.items())
    return '<text x="%.1f" y="%.1f" text-anchor="%s"%s>%s</text>' % (x, y, anchor, more, html.escape(string))


def line(x1, y1, x2, y2):
    return '<line class="grid" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>' % (x1, y1, x2, y2)


class Panel:
    """One diagram: `series` are pairs of a name and its points; `format_x` and `format_y` word the numbers."""

    def __init__(self, title, x_label, y_label, series, format_x=str, format_y=str, base_x=10):
        self.title, self.x_label, self.y_label = title, x_label, y_label
        self.series = [(name, sorted(points)) for name, points in series if points]
        self.format_x, self.format_y = format_x, format_y
        points = [p for _, some in self.series for p in some]
        self.x = Axis([p[0] for p in points], base_x, LEFT, WIDTH - RIGHT)
        self.y = Axis([p[1] for p in points], 10, HEIGHT - BOTTOM, TOP)

    def frame(self):
        yield '<rect class="frame" x="%d" y="%d" width="%d" height="%d"/>' % (
            LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM)
        yield text(LEFT, 20, self.title, "start", class_="title")
        yield text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, self.x_label)
        middle = (TOP + HEIGHT - BOTTOM) / 2
        yield text(14, middle, self.y_label, transform="rotate(-90 14 %.1f)" % middle)

    def grid(self):
        for value in self.x.ticks():
            yield line(self.x.place(value), TOP, self.x.place(value), HEIGHT - BOTTOM)
            yield text(self.x.place(value), HEIGHT - BOTTOM + 15, self.format_x(value))
        for value in self.y.ticks():
            yield line(LEFT, self.y.place(value), WIDTH - RIGHT, self.y.place(value))
            yield text(LEFT - 6, self.y.place(value) + 4, self.format_y(value), "end")

    def curves(self):
        for i, (name, points) in enumerate(self.series):
            colour = COLOURS[i % len(COLOURS)]
            places = [(self.x.place(x), self.y.place(y)) for x, y in points]
            yield '<polyline class="curve" stroke="%s" points="%s"/>' % (
                colour, " ".join("%.1f,%.1f" % p for p in places))
            yield from ('<circle cx="%.1f" cy="%.1f" r="2.6" fill="%s"/>' % (x, y, colour) for x, y in places)
            yield text(WIDTH - RIGHT - 8, TOP + 16 + 14 * i, name, "end", style="fill: " + colour)

    def draw(self):
        return "\n".join([*self.grid(), *self.frame(), *self.curves()])


def draw(panels):
    """The SVG's text."""
    rows = math.ceil(len(panels) / COLUMNS)
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">'
           % (WIDTH * COLUMNS, HEIGHT * rows, WIDTH * COLUMNS, HEIGHT * rows),
           "<style>%s</style>" % STYLE, '<rect width="100%" height="100%" fill="white"/>']
    for i, panel in enumerate(panels):
        out.append('<g transform="translate(%d %d)">' % (i % COLUMNS * WIDTH, i // COLUMNS * HEIGHT))
        out += [panel.draw(), "</g>"]
    return "\n".join(out + ["</svg>\n"])
