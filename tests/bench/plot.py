# SPDX-License-Identifier: LGPL-2.1-or-later
"""A bar chart in SVG: how long the other clients take for each workload, in times of ours."""
import math
import statistics
from xml.sax.saxutils import escape

from figures import OURS, SERVER, Figures
from workloads import DIALECTS

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 900, 290, 70, 84, 56
BAR, GAP = 14, 12
COLOURS = {"smbclient": "#3b6fb6", "libsmbclient": "#d9822b"}
INK, FAINT, GRID = "#222222", "#666666", "#dddddd"
FONT = "font-family=\"'DejaVu Sans', Verdana, Arial, sans-serif\""


class Scale:
    """Logarithmic, from a power of two to another; ours is at 1, and always seen."""

    def __init__(self, values):
        self.low = min(-1, math.floor(math.log2(min(values, default=1))))
        self.high = max(2, math.ceil(math.log2(max(values, default=1))))

    def x(self, value):
        part = (math.log2(value) - self.low) / (self.high - self.low)
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    def ticks(self):
        step = 1 + (self.high - self.low) // 10
        return [2.0 ** i for i in range(self.low, self.high + 1) if i % step == 0]


def text(x, y, what, anchor="start", size=12, colour=INK, weight="normal"):
    return '<text x="%.1f" y="%.1f" text-anchor="%s" font-size="%d" font-weight="%s" fill="%s">%s</text>\n' % (
        x, y, anchor, size, weight, colour, escape(what))


def line(x1, y1, x2, y2, colour, width=1.0):
    return '<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" stroke-width="%.1f"/>\n' % (
        x1, y1, x2, y2, colour, width)


def rectangle(x, y, width, height, colour):
    return '<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>\n' % (x, y, width, height, colour)


def tick_name(value):
    return "%d×" % value if value >= 1 else "1/%d×" % round(1 / value)


def axis(scale, bottom):
    svg = ""
    for value in scale.ticks():
        svg += line(scale.x(value), TOP - 6, scale.x(value), bottom, GRID)
        svg += text(scale.x(value), bottom + 16, tick_name(value), "middle", 11, FAINT)
    middle = (LEFT + WIDTH - RIGHT) / 2
    return svg + text(middle, bottom + 38, "wall time ÷ wall time of %s (logarithmic; right of 1×: %s is faster)" % (
        OURS, OURS), "middle", 11, FAINT)


def legend(clients):
    svg, x = "", LEFT
    for client in clients:
        svg += rectangle(x, 50, 12, 12, COLOURS[client]) + text(x + 18, 61, client)
        x += 130
    svg += line(x, 48, x, 64, INK, 1.5) + text(x + 8, 61, OURS + " = 1×")
    return svg + line(x + 120, 57, x + 145, 57, INK) + text(x + 152, 61, "least to greatest")


def no_bar(figures, client):
    if client in figures.failures or SERVER in figures.failures:
        return "failed"
    return "no ratio" if client in figures.runs else "has no command for this"


def bar(scale, figures, client, y):
    """From 1 to the median ratio, with a whisker from the least to the greatest; or why there is none."""
    ratios = figures.ratios(client, OURS)
    if not ratios:
        return text(scale.x(1) + 6, y + BAR - 3, client + ": " + no_bar(figures, client), size=10, colour=FAINT)
    median, middle = statistics.median(ratios), y + BAR / 2
    left, right = sorted((scale.x(1), scale.x(median)))
    svg = rectangle(left, y, right - left, BAR - 2, COLOURS[client])
    svg += line(scale.x(min(ratios)), middle - 1, scale.x(max(ratios)), middle - 1, INK)
    return svg + text(max(scale.x(max(ratios)), scale.x(1)) + 6, y + BAR - 3, "%.2f×" % median, size=11)


def group(scale, figures, clients, y):
    height = BAR * len(clients)
    title = figures.task.title + (" (failed)" if OURS in figures.failures else "")
    svg = text(LEFT - 12, y + height / 2 + 4, title, "end")
    return svg + "".join(bar(scale, figures, client, y + i * BAR) for i, client in enumerate(clients))


def plot(results, dialect, clients):
    """The SVG of one dialect; None if there is nothing to compare ours with."""
    others = [client for client in clients if client != OURS]
    if not others or OURS not in clients:
        return None
    tasks = [Figures(results, task) for task in results.sorted_tasks(dialect)]
    scale = Scale([r for f in tasks for client in others for r in f.ratios(client, OURS)])
    step = BAR * len(others) + GAP
    bottom = TOP + step * len(tasks)
    name = DIALECTS[dialect][0]
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" %s>\n' % (
        WIDTH, bottom + BOTTOM, WIDTH, bottom + BOTTOM, FONT)
    svg += "<title>%s: times of other clients in those of %s</title>\n" % (name, OURS)
    svg += rectangle(0, 0, WIDTH, bottom + BOTTOM, "#ffffff")
    svg += text(LEFT, 30, "Time of other clients with %s, in times of %s" % (name, OURS), size=16, weight="bold")
    svg += legend(others) + axis(scale, bottom)
    svg += "".join(group(scale, f, others, TOP + i * step) for i, f in enumerate(tasks))
    return svg + line(scale.x(1), TOP - 6, scale.x(1), bottom, INK, 1.5) + "</svg>\n"
