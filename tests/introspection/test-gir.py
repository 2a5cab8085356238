# SPDX-License-Identifier: LGPL-2.1-or-later
"""Walks the GIR: what bindings are told must be complete, and no name may hide another."""
import os
import re
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ElementTree

from gi.repository import GObject

sys.path.insert(0, os.path.join(os.environ["SMB_TEST_SRCDIR"], "support"))
import tap  # noqa: E402

CORE = "{http://www.gtk.org/introspection/core/1.0}"
C = "{http://www.gtk.org/introspection/c/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"
CALLABLES = ("function", "method", "constructor", "virtual-method")
CONTAINERS = ("GLib.PtrArray", "GLib.Array", "GLib.List", "GLib.SList", "GLib.HashTable")
# For C only: they give bytes into memory of the caller's.
FOR_C = re.compile("smb_open_file_read_into(_async|_finish)?$")

namespace = ElementTree.parse(os.environ["SMB_TEST_GIR"]).getroot().find(CORE + "namespace")


def tag(element):
    return element.tag.rpartition("}")[2]


def name(element):
    return element.get(C + "identifier") or element.get(C + "type") or element.get("name")


def find_all(kind, start=namespace):
    return list(start.iter(CORE + kind))


def is_private(element):
    return element.get(GLIB + "is-gtype-struct-for") is not None


def callables():
    for kind in CALLABLES:
        for element in find_all(kind):
            if element.get("moved-to") is None:
                yield element


def parameters(element):
    return element.findall("%sparameters/%sparameter" % (CORE, CORE))


def typed(element):
    """What has a type: the return value and the parameters."""
    return element.findall(CORE + "return-value") + parameters(element)


def gjs_names():
    """The members that every object has in gjs."""
    program = """
        const {GObject} = imports.gi;
        const names = [];
        for (let o = GObject.Object.prototype; o !== null; o = Object.getPrototypeOf(o))
          names.push(...Object.getOwnPropertyNames(o));
        print(names.join(' '));
    """
    done = subprocess.run(["gjs", "-c", program], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.split()


class Names(unittest.TestCase):
    def methods(self):
        for cls in find_all("class"):
            for method in cls.findall(CORE + "method"):
                yield cls, method.get("name")

    def test_no_method_hides_a_property_or_signal(self):
        for cls, method in self.methods():
            members = [p.get("name") for p in cls.findall(CORE + "property")]
            members += [s.get("name") for s in cls.findall(GLIB + "signal")]
            self.assertNotIn(method, [m.replace("-", "_") for m in members], cls.get("name"))

    def test_no_method_hides_a_member_of_every_object(self):
        taken = set(dir(GObject.Object)) | set(gjs_names())
        self.assertIn("connect", taken)
        for cls, method in self.methods():
            self.assertNotIn(method, taken, cls.get("name"))

    def test_no_property_hides_a_member_of_every_object(self):
        for cls in find_all("class"):
            for element in cls.findall(CORE + "property"):
                self.assertNotIn(element.get("name"), ("props", "constructor", "ref-count"))

    def test_three_forms(self):
        for cls in find_all("class"):
            names = {m.get("name") for m in cls.findall(CORE + "method")}
            for method in names:
                if method.endswith("_async"):
                    self.assertIn(method[:-len("_async")], names)
                    self.assertIn(method[:-len("_async")] + "_finish", names)

    def test_timeout_and_cancellable(self):
        """Where there is a timeout there is a cancellable, in this order, behind what the call is about."""
        for element in callables():
            names = [p.get("name") for p in parameters(element)]
            if "timeout_msec" in names:
                i = names.index("timeout_msec")
                self.assertEqual(names[i + 1], "cancellable", name(element))
                behind = {"callback", "user_data", "ready", "bytes", "bytes_read", "bytes_written"}
                self.assertLessEqual(set(names[i + 2:]), behind, name(element))


class Documentation(unittest.TestCase):
    def assert_documented(self, element, what):
        doc = element.find(CORE + "doc")
        self.assertTrue(doc is not None and (doc.text or "").strip(), "%s is not documented" % what)

    def test_types(self):
        for kind in ("class", "enumeration", "bitfield", "record", "interface", "callback"):
            for element in namespace.findall(CORE + kind):
                if not is_private(element):
                    self.assert_documented(element, name(element))

    def test_members(self):
        for element in find_all("member"):
            self.assert_documented(element, name(element))

    def test_properties_and_signals(self):
        for cls in find_all("class"):
            for element in cls.findall(CORE + "property") + cls.findall(GLIB + "signal"):
                self.assert_documented(element, "%s:%s" % (cls.get("name"), element.get("name")))

    def test_callables(self):
        for element in callables():
            if name(element) == "smb_error_quark" or tag(element) == "virtual-method":
                continue
            self.assert_documented(element, name(element))
            for parameter in parameters(element):
                self.assert_documented(parameter, "%s of %s" % (parameter.get("name"), name(element)))
            value = element.find(CORE + "return-value")
            if value.find(CORE + "type") is None or value.find(CORE + "type").get("name") != "none":
                self.assert_documented(value, "what %s returns" % name(element))

    def test_constants(self):
        for element in find_all("constant"):
            self.assert_documented(element, name(element))


class Types(unittest.TestCase):
    def test_containers_name_their_elements(self):
        for element in callables():
            for value in typed(element):
                container = value.find(CORE + "type")
                if container is not None and container.get("name") in CONTAINERS:
                    inner = container.find(CORE + "type")
                    self.assertIsNotNone(inner, name(element))
                    self.assertNotIn(inner.get("name"), ("gpointer", "gconstpointer"), name(element))

    def test_returned_arrays_own_their_elements(self):
        """The elements go with the array: `full` would have bindings free them twice."""
        for element in callables():
            value = element.find(CORE + "return-value")
            container = value.find(CORE + "type")
            if container is not None and container.get("name") == "GLib.PtrArray":
                self.assertIn(value.get("transfer-ownership"), ("container", "none"), name(element))

    def test_c_arrays_have_a_length(self):
        for element in callables():
            for value in typed(element):
                array = value.find(CORE + "array")
                if array is not None:
                    self.assertTrue(array.get("length") or array.get("fixed-size") or
                                    array.get("zero-terminated") != "0", name(element))
                    self.assertIsNotNone(array.find(CORE + "type"), name(element))

    def test_callbacks_say_how_long_they_live(self):
        for element in callables():
            for value in parameters(element):
                inner = value.find(CORE + "type")
                if inner is not None and inner.get("name", "").endswith("Callback"):
                    self.assertIsNotNone(value.get("scope"), name(element))

    def test_everything_can_be_bound(self):
        for element in callables():
            shadowed = element.get("shadowed-by") is not None
            if element.get("introspectable") == "0" and not shadowed:
                self.assertRegex(name(element), FOR_C)


class Headers(unittest.TestCase):
    def test_every_function_is_in_the_gir(self):
        folder = os.environ["SMB_TEST_HEADERS"]
        known = {name(e) for e in callables()} | {e.get(C + "identifier") for e in find_all("function")}
        known |= {e.get(GLIB + "get-type") for e in namespace}
        for header in os.environ["SMB_TEST_API_HEADERS"].split():
            with open(os.path.join(folder, header), encoding="utf-8") as f:
                text = f.read()
            for symbol in re.findall(r"\b(smb_[a-z0-9_]+) +\(", text):
                if not symbol.endswith("get_type"):
                    self.assertIn(symbol, known, header)

    def test_nothing_private_is_in_the_gir(self):
        for element in callables():
            for word in ("_connection_new", "_call_", "_plan_", "_reader_", "_writer_", "_secret_"):
                self.assertNotIn("smb" + word, name(element))


if __name__ == "__main__":
    tap.main()
