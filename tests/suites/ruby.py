"""Ruby's own tests of its sockets and of what stands on them, from Debian's source
package, by the ruby that is installed. SPDX-License-Identifier: BSD-2-Clause"""

import re
import shutil

import source

WHAT = ("test/socket", "test/net", "test/drb", "test/fiber", "test/io", "test/rinda",
        "test/openssl/test_ssl.rb")
STATE = {}


def prepare(folder):
    if not shutil.which("ruby"):
        return "ruby is not installed"
    STATE["source"], why = source.fetch(folder, "ruby3.1")
    return why


def run(side):
    _, out = side.run("ruby", "-I", "tool/lib", "-I", "test/lib", "test/runner.rb",
                      "--ruby=ruby", "-v", *WHAT, cwd=STATE["source"], limit=1200)
    results = {m: "pass" for m in re.findall(r"^\[ *\d+/\d+\] ([\w:]+#\w+)", out, re.M)}
    if not re.search(r"^\d+ tests, \d+ assertions", out, re.M):
        return {t: "hangs" for t in results}
    for kind, test in re.findall(r"^ *\d+\) (\w+):\n([\w:]+#\w+)", out, re.M):
        results[test] = "skip" if kind == "Skipped" else "fail"
    return results
