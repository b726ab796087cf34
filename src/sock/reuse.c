/* SO_ATTACH_REUSEPORT_CBPF: a program chooses among the sockets that share a name by
 * SO_REUSEPORT. Linux: reuseport_select_sock(), run_bpf_filter(). The program sees the
 * payload (of a SYN there is none); what it returns is the place of a socket, in the
 * order in which they were bound. A place that there is not leaves it to the hash.
 *
 * The program lies in the record of the socket that it was attached to (s->chooser); it
 * counts for all of the name.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "reuse.h"

#include "filter.h"
#include "options.h"

static bool drop(struct sock_env *e, struct shm_sock *s)
{
	const struct bpf_insn *p;

	return filter_program(e, &s->chooser, &p) != 0 &&
		filter_publish(e, &s->chooser, p, 0) == 0;
}

/* There is one for all of the name. Did another have it? */
static bool drop_others(const struct option_call *c)
{
	uint32_t all[REUSE_MEMBERS];
	unsigned n = sock_port_siblings(c->e, c->s, all, REUSE_MEMBERS);
	bool any = false;

	for (unsigned k = 0; k < n; k++) {
		struct shm_sock *s = sock_live(c->e, all[k]);

		any |= s && drop(c->e, s);
	}
	return any;
}

int option_set_chooser(const struct option_call *c, const void *val, socklen_t len)
{
	struct bpf_insn copy[BPF_PROGRAM_MAX];
	int n = filter_read(c, val, len, copy);

	if (n < 0)
		return n;
	if (!sock_has_opt(c->s, SHM_O_REUSEPORT))
		return -EINVAL;
	drop_others(c);
	return filter_publish(c->e, &c->s->chooser, copy, (unsigned)n);
}

int option_detach_chooser(const struct option_call *c, int v)
{
	bool others;

	(void)v;
	if (!sock_has_opt(c->s, SHM_O_REUSEPORT))
		return -EINVAL;
	others = drop_others(c);
	return drop(c->e, c->s) || others ? 0 : -ENOENT;
}

uint32_t reuse_choose(struct sock_env *e, const struct reuse_packet *k,
	const uint32_t *members, unsigned n, uint32_t otherwise)
{
	struct bpf_packet b = { .spans = k ? k->payload : NULL,
		.nspans = k ? k->n : 0, .len = k ? k->len : 0,
		.meta = { .protocol = k && k->v6 ? 0x86dd : 0x0800,
			.ifindex = k ? k->ifindex : 0,
			.cpu = e->cpu ? e->cpu(e->user) : 0,
			.random = e->random ? e->random(e->user) : 0 } };

	for (unsigned m = 0; m < n; m++) {
		const struct shm_sock *s = sock_live(e, members[m]);
		const struct bpf_insn *p;
		unsigned count = s ? filter_program(e, &s->chooser, &p) : 0;
		uint32_t place;

		if (count == 0)
			continue;
		place = bpf_run(p, count, &b);
		/* Latest bound first in the chain. */
		return place < n ? members[n - 1 - place] : otherwise;
	}
	return otherwise;
}
