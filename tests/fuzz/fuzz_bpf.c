/* Any bytes as a filter and a packet: what the check takes ends and stays within, and
 * so does what it refuses.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "fuzz.h"

#include <string.h>

#include "base/bpf.h"

#define PROGRAM 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bpf_insn p[PROGRAM];
	unsigned n = size ? data[0] % PROGRAM + 1 : 0;
	struct span spans[2];
	struct bpf_packet k = { .spans = spans, .nspans = 2 };

	if (n == 0 || size < 1 + n * sizeof(p[0]))
		return 0;
	memcpy(p, data + 1, n * sizeof(p[0]));
	/* Codes that mean something, more often than chance has it. */
	for (unsigned i = 0; i < n; i++)
		p[i].code &= 0xff;
	data += 1 + n * sizeof(p[0]);
	size -= 1 + n * sizeof(p[0]);
	spans[0] = (struct span){ data, size / 2 };
	spans[1] = (struct span){ data + size / 2, size - size / 2 };
	k.len = size;
	k.net = size / 4;
	k.data = size / 3;
	if (bpf_check(p, n) && (p[n - 1].code & 7) != 6)
		__builtin_trap(); /* it must end by a return */
	bpf_run(p, n, &k);
	return 0;
}
