# SPDX-License-Identifier: LGPL-2.1-or-later
"""Options that more than one of the programs here has."""
import argparse

AMOUNTS = (("size", 1024, "MiB of the large file"), ("files", 2000, "small files"),
           ("entries", 100000, "entries to list"), ("calls", 10000, "stats and random reads"),
           ("connects", 100, "connections"), ("timeout", 300, "seconds that a client may take for a workload"))


def choice_of(known):
    """The type of an option that takes some of these, separated by commas."""
    def parse(text):
        names = text.split(",")
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError("no '%s' in %s" % (name, ",".join(known)))
        return names
    return parse


def positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("%d is too few" % number)
    return number


def add_amounts(parser):
    """How much there is to do, for workloads.tasks(), and how long it may take."""
    for name, default, what in AMOUNTS:
        parser.add_argument("--" + name, metavar="N", type=positive, default=default,
                            help="%s (default %%(default)s)" % what)
