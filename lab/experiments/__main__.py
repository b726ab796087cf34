"""enchufe lab: the documents' experiments, on the kernel and on enchufe. The command
calls it with --enchufe; the programs lie in the folder around this one.
SPDX-License-Identifier: BSD-2-Clause"""

import argparse
import os
import signal
import sys

import book
import groups
import narrate
import picture
import stage
import story
import words
from words import say
from world import Folder

LAB = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
USAGE = """enchufe lab list
       enchufe lab NAME [--on kernel|enchufe|both] [--picture FILE.svg|.html|.txt]
       enchufe lab all [--on kernel|enchufe|both] [--book DIR]"""


def arguments():
    parser = argparse.ArgumentParser(prog="enchufe lab", usage=USAGE, add_help=False)
    parser.add_argument("name")
    parser.add_argument("--enchufe", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--on", choices=(*stage.PLACES, "both"), default="both")
    parser.add_argument("--picture")
    parser.add_argument("--book")
    args = parser.parse_args()
    if args.picture and args.name in ("all", "list"):
        parser.error("--picture: of one experiment")
    if args.book and args.name != "all":
        parser.error("--book: of all")
    return args


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


def pictured(played, experiment, places, file):
    """One experiment while its packets are written down, and the ladder of them."""
    outcomes = []
    with Folder() as folder:
        for place in places:
            source = os.path.join(folder, place)
            outcomes.append(played.play(experiment, place, source))
            title = f"{story.of(experiment, played.tongue).title} ({place})"
            if outcomes[-1].state == stage.SKIPPED:
                continue
            drawn = picture.named(file, place, len(places) > 1)
            try:
                picture.draw(played.enchufe, source, title, drawn)
            except picture.Unpictured as why:
                print(why, file=sys.stderr)
                return 1
    stage.compare(outcomes)
    narrate.tell(experiment, outcomes, played.tongue)
    return status([(experiment, outcomes)])


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
    places = stage.PLACES if args.on == "both" else (args.on,)
    played = stage.Stage(LAB, args.enchufe, tongue)
    if args.picture:
        return pictured(played, known[args.name], places, args.picture)
    rows = []
    for experiment in known.values() if args.name == "all" else [known[args.name]]:
        outcomes = [played.play(experiment, place) for place in places]
        stage.compare(outcomes)
        rows.append((experiment, outcomes))
        narrate.tell(experiment, outcomes, tongue)
        print(flush=True)
    if args.name == "all":
        print("\n".join(narrate.table(rows, places, tongue)))
    if args.book:
        try:
            book.write(played, rows, args.book)
        except (OSError, picture.Unpictured) as why:
            print(f"enchufe: {why}", file=sys.stderr)
            return 1
    return status(rows)


sys.exit(main())
