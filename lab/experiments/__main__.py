"""enchufe lab: the documents' experiments, on the kernel and on enchufe. The command
calls it with --enchufe; the programs lie in the folder around this one.
SPDX-License-Identifier: BSD-2-Clause"""

import argparse
import os
import signal
import sys

import groups
import narrate
import stage
import story
import words
from words import say

LAB = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
USAGE = """enchufe lab list
       enchufe lab NAME|all [--on kernel|enchufe|both]"""


def arguments():
    parser = argparse.ArgumentParser(prog="enchufe lab", usage=USAGE, add_help=False)
    parser.add_argument("name")
    parser.add_argument("--enchufe", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--on", choices=(*stage.PLACES, "both"), default="both")
    return parser.parse_args()


def end_well():
    """Whatever ends us, the programs that we have started end before."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def leave(number, _):
        for other in signals:
            signal.signal(other, signal.SIG_IGN)
        sys.exit(128 + number)
    for number in signals:
        signal.signal(number, leave)


def show_list(tongue):
    for group in groups.GROUPS:
        title, stories = story.group(group.__name__.rsplit(".", 1)[-1], tongue)
        print(title.splitlines()[0].lstrip("# "))
        for name, told in stories.items():
            print(f"  {name:<28} {told.title}")


def status(rows):
    """0: as stated wherever it could be done, and it could be done somewhere."""
    for _, outcomes in rows:
        states = [o.state for o in outcomes]
        if stage.FAILED in states or stage.PASSED not in states:
            return 1
    return 0


def main():
    args = arguments()
    tongue = words.language()
    known = {e.name: e for e in groups.experiments()}
    if args.name == "list":
        show_list(tongue)
        return 0
    if args.name != "all" and args.name not in known:
        print("enchufe: " + say(("no hay experimento", "no experiment"), tongue) +
              f" {args.name} (enchufe lab list)", file=sys.stderr)
        return 2
    end_well()
    wanted = list(known.values()) if args.name == "all" else [known[args.name]]
    places = stage.PLACES if args.on == "both" else (args.on,)
    played = stage.Stage(LAB, args.enchufe, tongue)
    rows = []
    for experiment in wanted:
        outcomes = [played.play(experiment, place) for place in places]
        stage.compare(outcomes)
        rows.append((experiment.name, outcomes))
        narrate.tell(experiment, outcomes, tongue)
        print(flush=True)
    if args.name == "all":
        print("\n".join(narrate.table(rows, places, tongue)))
    return status(rows)


sys.exit(main())
