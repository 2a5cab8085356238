# SPDX-License-Identifier: LGPL-2.1-or-later
"""smb-glib for Python: defaults for what is seldom given, and calls that can be awaited.

    await factory.open_connection_async("nas")
    for file in await factory.list_path_async("docs", "letters", timeout_msec=5000):
        print(file.props.filename)

An asynchronous call without a callback, made while an asyncio event loop runs, gives something to await;
cancelling that cancels the call.  The event loop has to run GLib's main context.
"""
import asyncio
import functools

from gi.module import get_introspection_module
from gi.repository import Gio

Smb = get_introspection_module("Smb")

__all__ = []

DEFAULTS = {
    "address": None,
    "attributes": Smb.FileAttributes.NORMAL,
    "callback": None,
    "cancellable": None,
    "delete_matching_folders": False,
    "fields": Smb.FileInfoFields.ALL,
    "max_length": -1,
    "pattern": None,
    "port": 0,
    "progress": None,
    "progress_data": None,
    "ready": None,
    "search": Smb.FileAttributeMask.DEFAULT,
    "suffix": Smb.NAME_SUFFIX_SERVER,
    "timeout_msec": -1,
    "truncate": False,
}
# What these names mean in some methods has no default.
NO_DEFAULT = {
    "delete_files": {"pattern"},
    "query_ip_for_name": {"address"},
    "reset_file_attributes": {"pattern"},
}
CALLBACKS = ("callback", "ready")


def parameter_names(info):
    """Of what is passed in, in order, without the user data of callbacks at the end, which has no limit."""
    names = [a.get_name() for a in info.get_arguments() if a.get_direction() != 1]  # GI_DIRECTION_OUT
    return [n for n in names if n != "user_data" and not n.endswith("_destroy")]


def without_data(progress):
    """PyGObject has a third argument, None, where no user data is given."""
    return lambda current, total, _data: progress(current, total)


class Parameters:
    """What a method is called with."""

    def __init__(self, info):
        self.method = info.get_name()
        self.names = parameter_names(info)
        plain_name = self.method[:-len("_async")] if self.method.endswith("_async") else self.method
        self.defaults = {n: v for n, v in DEFAULTS.items() if n not in NO_DEFAULT.get(plain_name, ())}

    def bind(self, args, kwargs):
        """All values in order; what is left of args is user data."""
        user_data = args[len(self.names):]
        if user_data and "callback" not in self.names:
            raise TypeError("%s() takes %d arguments" % (self.method, len(self.names)))
        values = dict(zip(self.names, args))
        for name, value in kwargs.items():
            if name == "user_data":
                user_data = (value,)
            elif name not in self.names or name in values:
                raise TypeError("%s() has no argument '%s', or has it twice" % (self.method, name))
            else:
                values[name] = value
        for name in self.names:
            if name not in values and name not in self.defaults:
                raise TypeError("%s() needs the argument '%s'" % (self.method, name))
        progress = values.get("progress")
        if "progress_data" in self.names and "progress_data" not in values and callable(progress):
            values["progress"] = without_data(progress)
        return {n: values[n] if n in values else self.defaults[n] for n in self.names}, user_data


def running_loop():
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def linked_cancellable(cancellable, future):
    """Cancelled with the caller's own, and when the future is."""
    linked = Gio.Cancellable()
    handler = 0 if cancellable is None else cancellable.connect(lambda _: linked.cancel())

    def done(_):
        if future.cancelled():
            linked.cancel()
        if handler:
            cancellable.disconnect(handler)

    future.add_done_callback(done)
    return linked


def settle(future, finish, result):
    """A future that was cancelled is no longer interested."""
    try:
        value, error = finish(result), None
    except Exception as e:  # what the operation failed with
        value, error = None, e
    if future.done():
        return
    if error is None:
        future.set_result(value)
    else:
        future.set_exception(error)


def with_defaults(method, info):
    parameters = Parameters(info)

    @functools.wraps(method)
    def call(self, *args, **kwargs):
        values, user_data = parameters.bind(args, kwargs)
        return method(self, *values.values(), *user_data)

    return call


def awaitable(method, info, finish_name):
    parameters = Parameters(info)
    callback_name = parameters.names[-1]

    @functools.wraps(method)
    def call(self, *args, **kwargs):
        values, user_data = parameters.bind(args, kwargs)
        loop = running_loop() if values[callback_name] is None else None
        future = None
        if loop is not None:
            future = loop.create_future()
            values["cancellable"] = linked_cancellable(values["cancellable"], future)
            finish = getattr(self, finish_name)
            values[callback_name] = lambda _source, result, *_: settle(future, finish, result)
        elif values[callback_name] is None and callback_name == "ready":
            values[callback_name] = lambda *_: None
        method(self, *values.values(), *user_data)
        return future

    return call


def is_ours(names):
    return "timeout_msec" in names


def override_class(cls):
    methods = {m.get_name(): m for m in cls.__info__.get_methods()}
    for name, info in methods.items():
        names = parameter_names(info)
        if not is_ours(names):
            continue
        method = getattr(cls, name)
        finish_name = name.replace("_async", "_finish")
        if names[-1] in CALLBACKS and finish_name in methods:
            setattr(cls, name, awaitable(method, info, finish_name))
        else:
            setattr(cls, name, with_defaults(method, info))


PAGE = 256


def iterate(self):
    """for file in enumerator: …"""
    while True:
        page = self.next(PAGE)
        if not page:
            return
        yield from page


async def iterate_async(self):
    """async for file in enumerator: …"""
    while True:
        page = await self.next_async(PAGE)
        if not page:
            return
        for file in page:
            yield file


for _cls in (Smb.ProtocolFactory, Smb.OpenFile, Smb.Enumerator, Smb.NameService):
    override_class(_cls)
Smb.Enumerator.__iter__ = iterate
Smb.Enumerator.__aiter__ = iterate_async
