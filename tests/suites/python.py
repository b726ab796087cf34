"""CPython's own tests of sockets and of what stands on them, from Debian's
libpython3.11-testsuite. inside.py runs them and tells each result; a test that does
not end is ended, and the rest goes on in a new process.
SPDX-License-Identifier: BSD-2-Clause"""

import json
import os

PYTHON = "/usr/bin/python3.11"
TESTS = "/usr/lib/python3.11/test/test_socket.py"
INSIDE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "inside.py")

MODULES = """test_socket test_selectors test_asyncio test_socketserver test_httpservers
test_httplib test_ftplib test_asyncore test_asynchat test_ssl test_poll test_epoll
test_select test_urllib test_urllib2 test_urllib2_localnet test_smtplib test_smtpd
test_poplib test_imaplib test_nntplib test_telnetlib test_xmlrpc test_docxmlrpc
test_wsgiref test_os test_logging
test_multiprocessing_fork test_multiprocessing_spawn""".split()
HANGS = 8  # tests of a module that may be ended


def prepare(_folder):
    for needed in (PYTHON, TESTS):
        if not os.path.exists(needed):
            return f"no {needed}"
    return ""


def module(side, name):
    """{test: result} of one module."""
    log = side.path(name + ".jsonl")
    done = {}
    for _ in range(HANGS):
        with open(log, "w", encoding="utf-8"):
            pass
        status, _ = side.run(PYTHON, INSIDE, name, log, *done, limit=900,
                             PYTHONDONTWRITEBYTECODE="1")
        running = None
        with open(log, encoding="utf-8") as f:
            for line in f:
                event = json.loads(line)
                running = event["test"] if event["result"] == "start" else None
                if not running:
                    done[event["test"]] = event["result"]
        if status == 0:
            break
        if running is None:
            done[name + " as a whole"] = "fail"
            break
        done[running] = "hangs"
    return done


def run(side):
    results = {}
    for name in MODULES:
        for test, result in module(side, name).items():
            results[test] = result
    return results
