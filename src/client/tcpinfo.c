/* TCP_INFO of a connection to another host: the service is asked, and awaited
 * (sock/info.h). One that does not answer, because it is gone, leaves what it told
 * last.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "internal.h"

#include <linux/futex.h>

#include "sock/info.h"

#define STEP_NS (20 * NS_PER_MS)
#define STEPS 100 /* of silence: then the service is not there */

void tcpinfo_refresh(const struct fd_ref *r, int level, int name)
{
	const struct timespec step = { 0, STEP_NS };
	_Atomic uint32_t *word;
	bool ring;
	uint32_t asked = sock_info_ask(&cl.env, r->i, level, name, &ring), told;

	if (asked == 0)
		return;
	if (ring)
		standin_ring(r);
	word = sock_info_word(&cl.env, r->i);
	for (unsigned k = 0; k < STEPS; k++) {
		/* Partner: sock_info_end()'s release. */
		told = atomic_get_acquire(word);
		if (sock_info_told(told, asked) ||
			atomic_get_relaxed(&cl.arena.hdr->service_gone))
			return;
		sys_call6(SYS_futex, SYS_ARG(word), FUTEX_WAIT, told, SYS_ARG(&step), 0,
			0);
	}
}
