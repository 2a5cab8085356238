# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests in Python begin with: the library as it was built, its overrides, a private Samba."""
import os
import sys

import gi
import gi.overrides

gi.overrides.__path__.insert(0, os.environ["SMB_TEST_OVERRIDES"])
gi.require_version("Smb", "1.0")
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ["SMB_TEST_SRCDIR"], "support"))

from gi.repository import Gio, GLib, GObject, Smb  # noqa: E402,F401
from private_samba import Samba  # noqa: E402,F401
import tap  # noqa: E402,F401
