"""Usage, help and the language of the messages, of every laboratory program.
SPDX-License-Identifier: BSD-2-Clause"""

import functools
import os


def programs(lab):
    return sorted(n for n in os.listdir(lab)
                  if os.path.isfile(os.path.join(lab, n)) and
                  os.access(os.path.join(lab, n), os.X_OK))


AT_ONCE = 8  # programs that are asked together


def help_and_usage(locale, word, few, world):
    """few: only some programs, as all of them choose the language in one place."""
    world.env["LC_ALL"] = locale
    names = programs(world.lab)
    assert len(names) > 50, names
    if few:
        names = names[:few]
    for first in range(0, len(names), AT_ONCE):
        asked = [(name, [world.start(name, *more) for more in (["--help"], ["--no-such"], [])])
                 for name in names[first:first + AT_ONCE]]
        for name, (told, bad, none) in asked:
            assert told.wait() == 0 and told.errors == "", (name, told.errors)
            form, what = told.output.decode().splitlines()
            assert form.startswith(f"{word}: {name} ") and len(what) > 10, (form, what)
            assert bad.wait() == 2 and bad.output == b"", (name, bad.output)
            assert bad.errors.splitlines()[1] == form, (name, bad.errors)
            assert none.wait() == 2 and none.errors == form + "\n", (name, none.errors)
            world.tell(f"{form} {what}")


def bad_numbers(world):
    for bad in ("65536", "-1", "", "http", "99999999999999999999", "1x"):
        server = world.start("acepta", bad, "2")
        assert server.wait() == 2, (bad, server.errors)
        world.tell(server.errors)


SCENARIOS = [
    ("spanish", functools.partial(help_and_usage, "es_ES.UTF-8", "uso", None)),
    ("plain_spanish", functools.partial(help_and_usage, "es", "uso", 2)),
    ("english", functools.partial(help_and_usage, "en_GB.UTF-8", "usage", None)),
    ("c", functools.partial(help_and_usage, "C", "usage", 2)),
    ("estonian", functools.partial(help_and_usage, "est_EE", "usage", 2)),
    ("bad_numbers", bad_numbers),
]
