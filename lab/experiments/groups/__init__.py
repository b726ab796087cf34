"""The experiments, group by group, in the order of the documents.
SPDX-License-Identifier: BSD-2-Clause"""

from experiment import Experiment

from . import connections, sending, pieces, receiving, servers, dgram, options

GROUPS = (connections, sending, pieces, receiving, servers, dgram, options)


def experiments():
    return [e for group in GROUPS for e in vars(group).values()
            if isinstance(e, Experiment)]
