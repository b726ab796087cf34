"""An experiment in words: what was expected, what was seen in each place, and why.
SPDX-License-Identifier: BSD-2-Clause"""

import shutil
import textwrap

import stage
import story
from words import say

PLACE = {"kernel": ("En el núcleo", "On the kernel"),
         "enchufe": ("En enchufe", "On enchufe")}
VERDICT = {stage.PASSED: ("como se esperaba", "as expected"),
           stage.FAILED: ("NO COMO SE ESPERABA", "NOT AS EXPECTED"),
           stage.SKIPPED: ("no se ha podido hacer", "could not be done")}
WIDTH = 88
TABLE_NAME = 24  # columns for an experiment's name


def _print(text, indent=2, mark=""):
    width = min(WIDTH, shutil.get_terminal_size().columns)
    pad = " " * indent
    for paragraph in text.split("\n\n"):
        print(textwrap.fill(" ".join(paragraph.split()), max(40, width),
                            initial_indent=pad + mark,
                            subsequent_indent=pad + " " * len(mark),
                            break_long_words=False, break_on_hyphens=False))


def _outcome(outcome, tongue):
    print(f"  {say(PLACE[outcome.place], tongue)}: {say(VERDICT[outcome.state], tongue)}")
    for fact in outcome.facts:
        _print(say(fact, tongue), 4, "- ")
    for note in outcome.notes:
        _print(say(note, tongue), 4, "~ ")
    if outcome.why:
        print(textwrap.indent(say(outcome.why, tongue), "    ! "))
    if outcome.report:
        print(outcome.report)


def tell(experiment, outcomes, tongue):
    told = story.of(experiment, tongue)
    marks = story.MARKS[tongue]
    print(f"{experiment.name}: {told.title}")
    _print(told.text)
    _print(f"{marks['expected']}: {told.expected}")
    for outcome in outcomes:
        _outcome(outcome, tongue)
    _print(f"{marks['why']}: {told.why}")
    if told.today:
        _print(f"{marks['today']}: {told.today}")


def table(rows, places, tongue):
    """rows: (experiment, outcomes). The table of all, by experiment and place."""
    width = TABLE_NAME
    head = say(("experimento", "experiment"), tongue)
    yield f"{head:<{width}}  " + "  ".join(f"{p:<20}" for p in places).rstrip()
    for experiment, outcomes in rows:
        states = {o.place: say(VERDICT[o.state], tongue) for o in outcomes}
        yield f"{experiment.name:<{width}}  " + "  ".join(
            f"{states.get(p, '-'):<20}" for p in places).rstrip()
