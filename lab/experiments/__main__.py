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
       enchufe lab NAME... [--on kernel|enchufe|both] [--picture FILE.svg|.html|.txt]
       enchufe lab all [--on kernel|enchufe|both] [--book DIR]"""


def arguments():
    parser = argparse.ArgumentParser(prog="enchufe lab", usage=USAGE, add_help=False)
    parser.add_argument("names", nargs="+")
    parser.add_argument("--enchufe", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--on", choices=(*stage.PLACES, "both"), default="both")
    parser.add_argument("--picture")
    parser.add_argument("--book")
    args = parser.parse_args()
    if args.picture and "list" in args.names:
        parser.error("--picture: of one experiment")
    if args.book and args.names != ["all"]:
        parser.error("--book: of all")
    if len(args.names) > 1 and "list" in args.names:
        parser.error("list: alone")
    return args


def chosen(names):
    """The experiments of these names, of the groups of these names or all, in order;
    the first name that is none."""
    every = groups.experiments()
    known = {"all", *(e.name for e in every), *(e.group for e in every)}
    wrong = [name for name in names if name not in known]
    return [e for e in every if "all" in names or e.name in names or e.group in names], \
        wrong[:1]


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
                picture.draw(played.enchufe, source, title, drawn, played.tongue)
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
    if args.names == ["list"]:
        show_list(tongue)
        return 0
    wanted, wrong = chosen(args.names)
    if wrong:
        print("enchufe: " + say(("no hay experimento", "no experiment"), tongue) +
              f" {wrong[0]} (enchufe lab list)", file=sys.stderr)
        return 2
    end_well()
    places = stage.PLACES if args.on == "both" else (args.on,)
    played = stage.Stage(LAB, args.enchufe, tongue)
    if args.picture:
        if len(wanted) > 1:
            print("enchufe: --picture: " + say(("de un experimento", "of one experiment"),
                                               tongue), file=sys.stderr)
            return 2
        return pictured(played, wanted[0], places, args.picture)
    rows = []
    for experiment in wanted:
        outcomes = [played.play(experiment, place) for place in places]
        stage.compare(outcomes)
        rows.append((experiment, outcomes))
        narrate.tell(experiment, outcomes, tongue)
        print(flush=True)
    if len(wanted) > 1:
        print("\n".join(narrate.table(rows, places, tongue)))
    if args.book:
        try:
            book.write(played, rows, args.book)
        except (OSError, picture.Unpictured) as why:
            print(f"enchufe: {why}", file=sys.stderr)
            return 1
    return status(rows)


sys.exit(main())
