# SPDX-License-Identifier: ISC
# Desktop notifications (https://specifications.freedesktop.org/notification-spec/) without a
# desktop: what is shown and closed is a line of JSON each; a line "ID ACTION" presses a button.
import json
import sys
import threading
from gi.repository import Gio, GLib

NAME, PATH = 'org.freedesktop.Notifications', '/org/freedesktop/Notifications'
CLOSED_BY_CALL = 3


def arguments(types, direction):
    return ''.join(f'<arg type="{t}" direction="{direction}"/>' for t in types)


def method(name, takes, returns):
    return f'<method name="{name}">{arguments(takes, "in")}{arguments(returns, "out")}</method>'


INTERFACE = f'''<node><interface name="{NAME}">
{method('GetCapabilities', [], ['as'])}
{method('GetServerInformation', [], ['s', 's', 's', 's'])}
{method('Notify', ['s', 'u', 's', 's', 's', 'as', 'a{sv}', 'i'], ['u'])}
{method('CloseNotification', ['u'], [])}
<signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
<signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
</interface></node>'''

bus = Gio.bus_get_sync(Gio.BusType.SESSION)
loop = GLib.MainLoop()
last = 0


def tell(**what):
    print(json.dumps(what), flush=True)


def signal(name, types, *values):
    bus.emit_signal(None, PATH, NAME, name, GLib.Variant(types, values))


def notify(app, replaces, _icon, title, body, actions, _hints, _timeout):
    global last
    last += 1
    number = replaces or last
    tell(id=number, app=app, title=title, body=body, actions=dict(zip(actions[1::2], actions[::2])))
    return GLib.Variant('(u)', (number,))


def close(number):
    tell(id=number, closed=True)
    signal('NotificationClosed', '(uu)', number, CLOSED_BY_CALL)


METHODS = {
    'GetCapabilities': lambda: GLib.Variant('(as)', (['actions', 'body', 'persistence'],)),
    'GetServerInformation': lambda: GLib.Variant('(ssss)', ('neon-todo', 'neon-todo', '1', '1.2')),
    'Notify': notify,
    'CloseNotification': close,
}


def called(_bus, _sender, _path, _interface, name, values, invocation):
    invocation.return_value(METHODS[name](*values.unpack()))


def press(number, action):
    signal('ActionInvoked', '(us)', number, action)


def commands():
    for line in sys.stdin:
        number, action = line.split()
        GLib.idle_add(press, int(number), action)
    GLib.idle_add(loop.quit)


def named(*_):
    print('ready', flush=True)
    threading.Thread(target=commands, daemon=True).start()


bus.set_exit_on_close(True)
bus.register_object(PATH, Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0], called, None, None)
Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.NONE, named, None)
loop.run()
