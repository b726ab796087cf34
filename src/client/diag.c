/* Does a stand-in still exist? The kernel's list of AF_UNIX sockets (sock_diag)
 * answers by inode and cookie without any privilege: ENOENT as soon as the last
 * descriptor anywhere is closed, "alive" while one is in flight over a socket.
 * Asked rarely: a port is in the way of somebody.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <string.h>

#include "look.h"

struct diag_question {
	struct nlmsghdr head;
	struct unix_diag_req req;
};

static void take_seen(const struct nlmsghdr *h, struct standin_seen *out)
{
	size_t at = NLMSG_SPACE(sizeof(struct unix_diag_msg));

	while (at + sizeof(struct nlattr) <= h->nlmsg_len) {
		const struct nlattr *a = (const void *)((const uint8_t *)h + at);
		const void *data = a + 1;

		if (a->nla_len < sizeof(*a) || at + a->nla_len > h->nlmsg_len)
			break;
		if (a->nla_type == UNIX_DIAG_UID && a->nla_len >= sizeof(*a) + 4)
			memcpy(&out->uid, data, 4);
		if (a->nla_type == UNIX_DIAG_RQLEN && a->nla_len >= sizeof(*a) + 8)
			memcpy(&out->queued, data, 4);
		at += NLA_ALIGN(a->nla_len);
	}
}

static int read_answer(int nl, struct standin_seen *out)
{
	union {
		struct nlmsghdr head;
		char bytes[2048];
	} b;
	struct nlmsgerr e;
	long n;

	do {
		n = sys_call6(SYS_recvfrom, nl, &b, sizeof(b), 0, 0, 0);
	} while (n == -EINTR);
	if (n < (long)sizeof(struct nlmsghdr))
		return n < 0 ? (int)n : -EPROTO;
	if (b.head.nlmsg_type == SOCK_DIAG_BY_FAMILY && b.head.nlmsg_len <= n) {
		take_seen(&b.head, out);
		return 0;
	}
	if (b.head.nlmsg_type != NLMSG_ERROR || n < (long)NLMSG_LENGTH(sizeof(e)))
		return -EPROTO;
	memcpy(&e, NLMSG_DATA(&b.head), sizeof(e));
	/* ESTALE: the inode number has been given to another socket. */
	return e.error == -ENOENT || e.error == -ESTALE ? 1 : e.error;
}

int standin_see(uint64_t ino, uint64_t cookie, struct standin_seen *out)
{
	struct diag_question q = {
		.head = { .nlmsg_len = sizeof(q),
			.nlmsg_type = SOCK_DIAG_BY_FAMILY,
			.nlmsg_flags = NLM_F_REQUEST, .nlmsg_seq = 1 },
		.req = { .sdiag_family = AF_UNIX, .udiag_states = ~0u,
			.udiag_show = UDIAG_SHOW_RQLEN | UDIAG_SHOW_UID,
			.udiag_ino = (uint32_t)ino,
			.udiag_cookie = { (uint32_t)cookie,
				(uint32_t)(cookie >> 32) } },
	};
	long nl = sys_call3(SYS_socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
		NETLINK_SOCK_DIAG);
	long r;

	*out = (struct standin_seen){ (uint32_t)sys_call0(SYS_getuid), 0 };
	if (nl < 0)
		return (int)nl;
	r = sys_call6(SYS_sendto, nl, &q, sizeof(q), 0, 0, 0);
	r = r < 0 ? r : read_answer((int)nl, out);
	sys_close((int)nl);
	return (int)r;
}

int standin_ask_kernel(uint64_t ino, uint64_t cookie)
{
	struct standin_seen seen;

	return standin_see(ino, cookie, &seen);
}

int standin_is_dead(void *user, uint32_t i)
{
	const struct shm_sock *s = shm_sock_at(&cl.arena, i);
	const struct shm_proc *owner;
	uint64_t cookie;

	(void)user;
	if (!s)
		return 1;
	/* Pairs with the release in standin_record(). */
	cookie = atomic_get_acquire(&s->cookie);
	if (cookie != 0 && client_is_confined())
		return 0; /* not to be known; a HUP will tell */
	if (cookie != 0)
		return standin_ask_kernel(atomic_get_relaxed(&s->ino), cookie);
	/* Not yet recorded: alive as long as who is making it. */
	if (s->owner_slot == 0 || s->owner_slot >= cl.arena.n_procs)
		return 0;
	owner = &cl.arena.procs[s->owner_slot];
	return atomic_get_relaxed(&owner->state) == 0 ||
		atomic_get_relaxed(&owner->gen) != s->owner_gen;
}
