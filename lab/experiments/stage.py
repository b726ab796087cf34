"""Plays an experiment: on the kernel, on enchufe, and compares what was seen.
SPDX-License-Identifier: BSD-2-Clause"""

import contextlib
import dataclasses
import os
import shutil
import subprocess
import traceback

import picture
import words
from apart import Apart, Impossible
from scene import NotAsStated, Scene
from world import LIMIT_S, Folder, free_port

KERNEL, ENCHUFE = PLACES = ("kernel", "enchufe")
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclasses.dataclass
class Outcome:
    """Of one experiment in one place. Texts are pairs of languages."""
    place: str
    state: str = PASSED
    why: tuple = ()  # not passed: what was not as stated, or is missing
    report: str = ""  # then also: what became of each program
    facts: list = dataclasses.field(default_factory=list)
    notes: list = dataclasses.field(default_factory=list)
    programs: list = dataclasses.field(default_factory=list)  # (words, status, output)


@dataclasses.dataclass
class Stage:
    """Where everything lies. lab: the compiled programs; enchufe: the command."""
    lab: str
    enchufe: str
    tongue: str

    def scene(self, stack, place, files, source, apart):
        env = dict(os.environ, LC_ALL=words.LOCALE[self.tongue])
        capture = source and source + ".lo"
        prefix, enter, traces = [], None, source and source + ".trace"
        if place == ENCHUFE:
            # A network of its own: not one that the user has up.
            env["ENCHUFE_RUNTIME_DIR"] = stack.enter_context(Folder())
            prefix = [self.enchufe, "run", *self._network(stack, env, files, apart), "--"]
        elif apart:
            enter = stack.enter_context(Apart()).enter
        return stack.enter_context(Scene(place, prefix, self.lab, free_port(), files, env,
                                         enter=enter, capture=capture, traces=traces))

    def _network(self, stack, env, files, packets):
        """Words for enchufe run. The default network does, but there packet sockets
        are root's, as on Linux; for others one is brought up where they are not."""
        if not packets or os.getuid() == 0:
            return []
        with open(os.path.join(files, "lab.yaml"), "w", encoding="ascii") as file:
            file.write("network: lab\nhosts:\n  host: {raw: all}\n")
        done = subprocess.run([self.enchufe, "up", file.name], env=env,
                              capture_output=True, text=True, timeout=LIMIT_S)
        if done.returncode:
            raise Impossible((done.stderr.strip(),) * 2)
        stack.callback(subprocess.run, [self.enchufe, "down", "lab"], env=env,
                       capture_output=True, timeout=LIMIT_S)
        return ["--net", "lab"]

    def play(self, experiment, place, source=None):
        """One experiment in one place; source: what a picture is to be made of is
        left in files whose names begin so, if wanted (picture.draw)."""
        outcome = Outcome(place)
        missing = [n for n in experiment.needs if not shutil.which(n)] + \
            [n for n in experiment.programs if not os.path.exists(f"{self.lab}/{n}")]
        if missing:
            outcome.state = SKIPPED
            outcome.why = tuple(f"{text}: {' '.join(missing)}"
                                for text in ("falta", "not there"))
            return outcome
        with contextlib.ExitStack() as stack:
            try:
                files = stack.enter_context(Folder())
                scene = self.scene(stack, place, files, source,
                                   source or experiment.watched)
                _play(experiment, scene, outcome)
                if source:
                    picture.prepare(scene, source)
            except Impossible as why:
                outcome.state, outcome.why = SKIPPED, why.args[0]
            except AssertionError as why:  # of the preparations, or of the picture
                outcome.state, outcome.why = FAILED, (str(why),) * 2
        return outcome


def _play(experiment, scene, outcome):
    try:
        experiment.play(scene)
    except NotAsStated as error:
        outcome.state, outcome.why = FAILED, error.args[0]
    except AssertionError as error:
        outcome.state, outcome.why = FAILED, (str(error), str(error))
    except (Impossible, KeyboardInterrupt):
        raise
    except Exception:  # a broken experiment has failed; the others go on
        outcome.state, outcome.why = FAILED, (traceback.format_exc(),) * 2
    if outcome.state == FAILED:
        outcome.report = scene.report()
    outcome.facts, outcome.notes = scene.facts, scene.notes
    outcome.programs = [(p.argv, p.process.poll(), p.output) for p in scene.programs
                        if p is not scene.watcher]


def compare(outcomes):
    """What was seen must be the same in both places: else both have failed."""
    passed = [o for o in outcomes if o.state == PASSED]
    if len(passed) == 2 and passed[0].facts != passed[1].facts:
        for outcome in passed:
            outcome.state = FAILED
            outcome.why = ("no se vio lo mismo en los dos",
                           "not the same was seen in both")
