#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A page of this folder as gi-docgen wants it: make-page.py SOURCE OUTPUT.

The sources are plain Markdown, to be read as they are: the first heading is their title, and links go to
other sources. gi-docgen takes a title from a line of its own, and links go to what it makes.
"""
import re
import sys

LINK = re.compile(r"\]\(([\w-]+)\.md(#[\w-]+)?\)")


def convert(text):
    heading, _, rest = text.partition("\n")
    if not heading.startswith("# "):
        raise SystemExit("the page does not begin with its title")
    return "Title: %s\n\n%s\n%s" % (heading[2:], heading, LINK.sub(r"](\1.html\2)", rest))


def main(source, output):
    with open(source, encoding="utf-8") as file:
        text = convert(file.read())
    with open(output, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
