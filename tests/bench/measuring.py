# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs of clients, turn by turn, and what they took."""
import json
import os
import signal
import subprocess
import sys

from figures import SERVER
from server import Failure, SambaError, serving
from workloads import DIALECTS, MODES, WORKLOADS, modes_of, tasks


def progress(line):
    print(line, file=sys.stderr, flush=True)


def last_line(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "said nothing"


def run_job(options, job, folder):
    """({"wall", "cpu", "rss_kib"}, output); the program and all that it starts end in time."""
    result = os.path.join(folder, "result")
    argv = [os.path.join(options.build, "tests", "bench", "measure"), result, str(job.times)] + job.argv
    environment = dict(os.environ, HOME=folder, LC_ALL="C.UTF-8", **job.environment)
    with subprocess.Popen(argv, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, errors="replace",
                          stderr=subprocess.STDOUT, encoding="utf-8", start_new_session=True) as process:
        try:
            output = process.communicate(job.text, timeout=options.timeout)[0]
        except subprocess.TimeoutExpired:
            raise Failure("not done within %d s" % options.timeout) from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode != 0:
        raise Failure("status %d: %s" % (process.returncode, last_line(output)))
    with open(result, encoding="utf-8") as f:
        return json.load(f), output


def check_told(task, told, output):
    for key, value in task.expected().items():
        if told.get(key) != value:
            raise Failure("%s %s, not %d: %s" % (told.get(key, "no"), key, value, last_line(output)))


def measure(options, client, task, server, place):
    """One run; None if the client cannot do that."""
    job = client.job(task, place)
    if job is None:
        return None
    server.prepare(task)
    figures, output = run_job(options, job, place.local)
    told = client.told(task, output)
    check_told(task, told, output)
    server.check(task)
    return {"wall": figures["wall"], "cpu": figures["cpu"], "rss_mib": figures["rss_kib"] / 1024,
            "inner": told.get("inner")}


class Results:
    """Every run, and every failure, in the order in which they came."""

    def __init__(self):
        self.tasks, self.runs, self.failures = [], [], []

    def sorted_tasks(self, dialect):
        """For people: the modes of a workload beside each other."""
        return sorted((task for task in self.tasks if task.dialect == dialect),
                      key=lambda task: (list(WORKLOADS).index(task.workload.name), MODES.index(task.mode)))

    def dialects(self):
        return [dialect for dialect in DIALECTS if any(task.dialect == dialect for task in self.tasks)]

    def add(self, task, client, number, figures):
        self.runs.append(dict(dialect=task.dialect, mode=task.mode, workload=task.workload.name, client=client,
                              run=number, **figures))

    def fail(self, where, client, reason):
        self.failures.append({"dialect": where.dialect, "mode": where.mode, "workload": where.workload.name,
                              "client": client, "reason": reason})
        progress("SMB %s, %s, %s: failed: %s" % (where.dialect, where.title, client, reason))


def compare(options, clients, task, server, place, results):
    """All clients in turn, another one first each time. The first turn warms up and does not count."""
    able = list(clients)
    progress("SMB %s, %s" % (task.dialect, task.title))
    results.tasks.append(task)
    for turn in range(options.runs + 1):
        first = turn % len(clients)
        for client in clients[first:] + clients[:first]:
            if client not in able:
                continue
            try:
                figures = measure(options, client, task, server, place)
            except (Failure, SambaError, OSError) as error:
                results.fail(task, client.name, str(error))
                figures = None
            if figures is None:
                able.remove(client)
            elif turn > 0:
                results.add(task, client.name, turn, figures)


def measure_group(options, clients, dialect, mode, results):
    """The workloads that share a server."""
    todo = tasks(options, dialect, mode)
    if not todo:
        return
    try:
        with serving(options, dialect, mode, todo) as (server, place):
            for task in todo:
                compare(options, clients, task, server, place, results)
    except (Failure, SambaError, OSError) as error:
        for task in todo:
            if task not in results.tasks:
                results.tasks.append(task)
                results.fail(task, SERVER, str(error))


def measure_all(options, clients, results):
    for dialect in options.dialects:
        for mode in modes_of(dialect):
            if mode in options.modes:
                measure_group(options, clients, dialect, mode, results)
