"""What an experiment is: a function over a scene, its programs, its name and its
story. SPDX-License-Identifier: BSD-2-Clause"""

import dataclasses
import typing


@dataclasses.dataclass
class Experiment:
    name: str
    play: typing.Callable
    group: str  # the module, without its package
    programs: tuple  # of the laboratory, whose listings explain it
    watched: bool  # it counts packets: on the kernel in a namespace of its own
    needs: tuple  # commands beside the laboratory's


def experiment(programs, watched=False, needs=()):
    """Decorator: the function's name is the experiment's."""
    def made(play):
        return Experiment(play.__name__.replace("_", "-"), play,
                          play.__module__.rsplit(".", 1)[-1], tuple(programs.split()),
                          watched, tuple(needs))
    return made
