"""The list of programs that tell something else on enchufe, on purpose.
SPDX-License-Identifier: BSD-2-Clause"""


class Differences:
    """differences.txt: lines "AREA/NAME: reason"; a reason may go on in lines that
    begin with a blank."""

    def __init__(self, path):
        self.reasons = {}
        self.used = 0
        last = None
        with open(path, encoding="utf-8") as file:
            for line in file:
                if not line.strip() or line.startswith("#"):
                    continue
                if line[0].isspace():
                    self.reasons[last] += " " + line.strip()
                    continue
                name, reason = line.split(":", 1)
                last = name.strip()
                assert last not in self.reasons, f"{last} is there twice"
                self.reasons[last] = reason.strip()

    def reason(self, name):
        """Of a program that is about to run, None if it must not differ."""
        reason = self.reasons.get(name)
        self.used += reason is not None
        return reason

    def unknown(self, areas, programs):
        """Entries of these areas that are no programs."""
        return [n for n in self.reasons
                if n.split("/")[0] in areas and n not in programs]
