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
    pictured: bool  # a picture of its packets says something
    needs: tuple  # commands beside the laboratory's


def experiment(programs, watched=False, pictured=True, needs=()):
    """Decorator: the function's name is the experiment's."""
    def made(play):
        return Experiment(play.__name__.replace("_", "-"), play,
                          play.__module__.rsplit(".", 1)[-1], tuple(programs.split()),
                          watched, pictured, tuple(needs))
    return made
