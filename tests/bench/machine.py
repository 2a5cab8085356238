# SPDX-License-Identifier: LGPL-2.1-or-later
"""What it was measured on and with."""
import json
import os
import platform
import re
import subprocess
import time


def output(argv):
    try:
        return subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              check=True, encoding="utf-8", errors="replace").stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read()
    except OSError:
        return ""


def cpu_model():
    found = re.search(r"^model name\s*: (.*)$", read("/proc/cpuinfo"), re.MULTILINE)
    return found[1] if found else platform.machine()


def system():
    found = re.search(r'^PRETTY_NAME="(.*)"$', read("/etc/os-release"), re.MULTILINE)
    return found[1] if found else platform.system()


def samba_version():
    return output(["/usr/sbin/smbd", "--version"]).replace("Version ", "") or "?"


def meson_info(folder, name, default):
    text = read(os.path.join(folder, "meson-info", name + ".json"))
    return json.loads(text) if text else default


def build(folder):
    """Version of the library, and how it was built if that is not how programs are released."""
    project, options = meson_info(folder, "intro-projectinfo", {}), meson_info(folder, "intro-buildoptions", [])
    options = {o["name"]: o["value"] for o in options}
    text = "smb-glib " + project.get("version", "?")
    source = meson_info(folder, "meson-info", {}).get("directories", {}).get("source", "/")
    commit = output(["git", "-C", source, "rev-parse", "--short", "HEAD"])
    if commit:
        changed = output(["git", "-C", source, "status", "--porcelain", "--untracked-files=no"])
        text += " (%s%s)" % (commit, ", changed" if changed else "")
    if options.get("buildtype") != "release" or options.get("b_sanitize", "none") != "none":
        text += ", NOT a release build: %s, sanitizers %s" % (options.get("buildtype"), options.get("b_sanitize"))
    return text


def describe(folder):
    return "%s, %d cores, Linux %s, %s; Samba %s; %s; %s; load when it began %.1f" % (
        cpu_model(), len(os.sched_getaffinity(0)), platform.release(), system(), samba_version(), build(folder),
        time.strftime("%Y-%m-%d"), os.getloadavg()[0])
