/* Part of some runs of bytes. SPDX-License-Identifier: BSD-2-Clause */
#include "base/span.h"

unsigned span_slice(const struct span *in, unsigned n, size_t at, size_t len,
	struct span *out)
{
	unsigned m = 0;

	for (unsigned k = 0; k < n && len; k++) {
		struct span s = in[k];
		size_t drop = at < s.len ? at : s.len;

		at -= drop;
		s.base += drop;
		s.len -= drop;
		if (s.len > len)
			s.len = len;
		len -= s.len;
		if (s.len)
			out[m++] = s;
	}
	return m;
}
