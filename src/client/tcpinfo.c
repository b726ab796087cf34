/* TCP_INFO of a connection to another host: the service is asked, and awaited
 * (sock/info.h). One that does not answer, because it is gone, leaves what it told
 * last.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "look.h"

#include <linux/futex.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "sock/info.h"

#define STEP_NS (20 * NS_PER_MS)
#define STEPS 100 /* of silence: then the service is not there */

/* False: the service does not answer. */
static bool await(uint32_t i, uint32_t asked)
{
	const struct timespec step = { 0, STEP_NS };
	_Atomic uint32_t *word = sock_info_word(&cl.env, i);
	uint32_t told;

	for (unsigned k = 0; k < STEPS; k++) {
		/* Partner: sock_info_end()'s release. */
		told = atomic_get_acquire(word);
		if (sock_info_told(told, asked))
			return true;
		if (atomic_get_relaxed(&cl.arena.hdr->service_gone))
			return false;
		sys_call6(SYS_futex, SYS_ARG(word), FUTEX_WAIT, told, SYS_ARG(&step), 0,
			0);
	}
	return false;
}

void tcpinfo_refresh(const struct fd_ref *r, int level, int name)
{
	bool ring;
	uint32_t asked = sock_info_ask(&cl.env, r->i, level, name, &ring);

	if (asked == 0)
		return;
	if (ring)
		standin_ring(r);
	await(r->i, asked);
}

bool tcpinfo_refresh_any(uint32_t i)
{
	bool ring;
	uint32_t asked = sock_info_ask(&cl.env, i, IPPROTO_TCP, TCP_INFO, &ring);

	if (asked == 0)
		return true;
	if (ring)
		standin_wake_service();
	return await(i, asked);
}
