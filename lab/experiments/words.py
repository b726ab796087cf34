"""The language of what is said, chosen as the programs of the laboratory choose
theirs (lab/comun/programa.c). SPDX-License-Identifier: BSD-2-Clause"""

import os
import re

LANGUAGES = ("es", "en")
# For the programs: their words in that language, libc's as they are where nothing
# is installed.
LOCALE = {"es": "es", "en": "C"}


def language(env=os.environ):
    """The first of these variables that is set and not empty names the locale."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if env.get(variable):
            return "es" if re.match(r"es([_.@]|$)", env[variable]) else "en"
    return "en"


def say(pair, tongue):
    """One text of a pair (Spanish, English)."""
    return pair[LANGUAGES.index(tongue)]


def number(n):
    """A number as each language writes it."""
    return f"{n:,}".replace(",", " "), f"{n:,}"
