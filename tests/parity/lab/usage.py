"""Usage, help and the language of the messages, of every laboratory program.
SPDX-License-Identifier: BSD-2-Clause"""

import functools
import os


def programs(lab):
    return sorted(n for n in os.listdir(lab)
                  if os.path.isfile(os.path.join(lab, n)) and
                  os.access(os.path.join(lab, n), os.X_OK))


def help_and_usage(locale, word, world):
    world.env["LC_ALL"] = locale
    names = programs(world.lab)
    assert len(names) > 8, names
    for name in names:
        told = world.start(name, "--help")
        assert told.wait() == 0 and told.errors == "", (name, told.errors)
        form, what = told.output.decode().splitlines()
        assert form.startswith(f"{word}: {name} ") and len(what) > 10, (form, what)
        bad = world.start(name, "--no-such")
        assert bad.wait() == 2 and bad.output == b"", (name, bad.output)
        assert bad.errors.splitlines()[1] == form, (name, bad.errors)
        none = world.start(name)
        assert none.wait() == 2 and none.errors == form + "\n", (name, none.errors)
        world.tell(f"{form} {what}")


def bad_numbers(world):
    for bad in ("65536", "-1", "", "http", "99999999999999999999", "1x"):
        server = world.start("acepta", bad, "2")
        assert server.wait() == 2, (bad, server.errors)
        world.tell(server.errors)


SCENARIOS = [
    ("usage.spanish", functools.partial(help_and_usage, "es_ES.UTF-8", "uso")),
    ("usage.plain_spanish", functools.partial(help_and_usage, "es", "uso")),
    ("usage.english", functools.partial(help_and_usage, "en_GB.UTF-8", "usage")),
    ("usage.c", functools.partial(help_and_usage, "C", "usage")),
    ("usage.estonian", functools.partial(help_and_usage, "est_EE", "usage")),
    ("usage.bad_numbers", bad_numbers),
]
