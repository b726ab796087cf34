"""What a segment costs in the core alone: two stacks in one process on a wire that
only hands frames over, in virtual time. No kernel to compare with.

SPDX-License-Identifier: BSD-2-Clause
"""

import json
import os

from pairs import Figure, run


def core(key, *args):
    def take(bench, _side, _prefix):
        return json.loads(run([os.path.join(bench.build, "bench", "corebench"),
                               *args]))[key]
    return take


FIGURES = [
    Figure("core-segment", "ns", "less", core("ns_per_segment", "200000000"),
           sides=("enchufe",), title="A segment of 1,448 bytes, both stacks"),
    Figure("core-copies", "bytes copied a byte", "less",
           core("copied_per_byte", "200000000"), sides=("enchufe",),
           title="Copies of each byte within the core and its wire"),
]
