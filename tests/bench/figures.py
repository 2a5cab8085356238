# SPDX-License-Identifier: LGPL-2.1-or-later
"""Medians and ratios of the runs of one task."""
import statistics

OURS = "smb-glib"
SERVER = "server"  # in place of a client, where there was none to connect to


class Figures:
    def __init__(self, results, task):
        self.task = task
        self.runs = {}  # of each client by the number of the turn
        key = (task.dialect, task.mode, task.workload.name)
        for run in results.runs:
            if (run["dialect"], run["mode"], run["workload"]) == key:
                self.runs.setdefault(run["client"], {})[run["run"]] = run
        self.failures = {f["client"]: f["reason"] for f in results.failures
                         if (f["dialect"], f["mode"], f["workload"]) == key}
        for client in self.failures:  # some runs of one that fails now and then say nothing
            self.runs.pop(client, None)

    def values(self, client, what):
        return [run[what] for run in self.runs[client].values()]

    def median(self, client, what):
        return statistics.median(self.values(client, what))

    def best(self):
        return min(self.runs, key=lambda client: self.median(client, "wall"), default=None)

    def ratios(self, client, base):
        """Times of a client in those of another, turn by turn; empty if one of them is not there."""
        mine, others = self.runs.get(client, {}), self.runs.get(base, {})
        return [run["wall"] / others[number]["wall"] for number, run in mine.items() if number in others]

    def rate(self, client):
        return self.task.amount / self.median(client, "wall")
