"""stress-ng: the stressors that use sockets or wait for descriptors, each for a few
seconds. A test passes when stress-ng says so by its exit status.
SPDX-License-Identifier: BSD-2-Clause"""

import shutil

STRESSORS = """sock sockabuse sockdiag sockfd sockmany sockpair udp udp-flood epoll
poll sendfile splice tee vm-splice rawsock rawudp rawpkt ping-sock icmp-flood netdev
netlink-task netlink-proc dup close pipe fifo eventfd dccp sctp fd-race fork vfork tun
pidfd procfs pipeherd ring-pipe sigio sigpipe sigfd timerfd spawn exec daemon pthread aio
aiol zombie kcmp exit-group
msg""".split()
SECONDS = 3


def prepare(_folder):
    return "" if shutil.which("stress-ng") else "stress-ng is not installed"


def run(side):
    results = {}
    for name in STRESSORS:
        status, _ = side.run("stress-ng", f"--{name}", "2", "-t", str(SECONDS))
        results[name] = "pass" if status == 0 else "hangs" if status is None else "fail"
    return results
