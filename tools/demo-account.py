#!/usr/bin/env python3
"""A short account of a network from `enchufe status --json`.
usage: demo-account.py STATUS.json    SPDX-License-Identifier: BSD-2-Clause"""

import json
import os
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    status = json.load(file)
for host in status["hosts"]:
    tcp = host["tcp"]
    print(f"  {host['name']:8} {' '.join(host['addresses'])}")
    print(f"  {'':8} TCP segments out {tcp['segments_out']}, in {tcp['segments_in']}, "
          f"retransmitted {tcp['retransmissions']} "
          f"({tcp['fast_retransmissions']} fast, {tcp['timeouts']} timeouts)")
for link in status["links"]:
    print(f"  link {link['name']}: delay {link['delay_ms']:g} ms, "
          f"loss {link['loss'] * 100:g} %")
    for port in link["ports"]:
        print(f"  {'':8} from {port['host']}: {port['frames_sent']} frames, "
              f"{port['bytes_sent']} bytes, {port['lost']} frames lost")
    if "capture" in link:
        print(f"  {'':8} capture: {link['capture']} "
              f"({os.path.getsize(link['capture'])} bytes; Wireshark opens it)")
