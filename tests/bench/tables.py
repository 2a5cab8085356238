# SPDX-License-Identifier: LGPL-2.1-or-later
"""The results in Markdown."""
import statistics

from figures import OURS, SERVER, Figures
from workloads import DIALECTS

COLUMNS = ("workload", "client", "wall s, median (min–max)", "rate", "CPU s", "RSS MiB", "÷ " + OURS, "÷ best")
EXPLANATION = """\
Wall time and CPU are those of the whole process, from its start over login to its end; CPU (user and system) and peak
RSS are the client's, not the server's. Ratios are those of wall times within one turn, and of these the median: 2.00
is twice as long. A row of dashes: the client has no command for that. The fastest is bold.
"""


def row(cells):
    return "| %s |\n" % " | ".join(cells)


def ratio(figures, client, base):
    ratios = figures.ratios(client, base)
    return "%.2f" % statistics.median(ratios) if ratios else "–"


def number(value):
    return "%.1f" % value if value < 100 else format(round(value), ",")


def client_row(figures, client, title):
    if client in figures.failures:
        return row([title, client, "failed: " + figures.failures[client].replace("|", "/")] + ["–"] * 5)
    if client not in figures.runs:
        return row([title, client] + ["–"] * 6)
    walls, best = figures.values(client, "wall"), figures.best()
    wall = "%.3f (%.3f–%.3f)" % (figures.median(client, "wall"), min(walls), max(walls))
    return row([title, "**%s**" % client if client == best else client, wall,
                "%s %s" % (number(figures.rate(client)), figures.task.workload.unit),
                "%.2f" % figures.median(client, "cpu"), "%.0f" % figures.median(client, "rss_mib"),
                ratio(figures, client, OURS), ratio(figures, client, best)])


def task_rows(figures, clients):
    names = [SERVER] if SERVER in figures.failures else clients
    return "".join(client_row(figures, client, figures.task.title if i == 0 else "") for i, client in enumerate(names))


def dialect_section(results, dialect, clients, plot):
    text = "### %s\n\n" % DIALECTS[dialect][0]
    if plot is not None:
        text += "![How long the others take, in times of smb-glib, with %s](%s)\n\n" % (DIALECTS[dialect][0], plot)
    text += row(COLUMNS) + row(["---"] * 2 + ["--:"] * 6)
    return text + "".join(task_rows(Figures(results, task), clients) for task in results.sorted_tasks(dialect))


def markdown(results, clients, machine, command, plots):
    """`plots` has the name of the plot of each dialect."""
    text = "%s\n\n```\n%s\n```\n\n%s" % (machine, command, EXPLANATION)
    for dialect in results.dialects():
        text += "\n" + dialect_section(results, dialect, clients, plots.get(dialect))
    return text
