/* Netlink requests about AF_UNIX sockets. The kernel answers within sendmsg(),
 * so that reading never waits; the time limit is only against surprises.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "diag.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#define DIAG_BUFFER 32768 /* bytes: what the kernel fills at most in a dump */

struct diag_request {
	struct nlmsghdr hdr;
	struct unix_diag_req req;
};

void diag_close(struct diag *d)
{
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
}

static int diag_send(struct diag *d, struct diag_request *r)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK };

	r->hdr.nlmsg_len = sizeof(*r);
	r->hdr.nlmsg_type = SOCK_DIAG_BY_FAMILY;
	r->hdr.nlmsg_seq = ++d->seq;
	r->req.sdiag_family = AF_UNIX;
	r->req.udiag_states = ~0u;
	if (sendto(d->fd, r, sizeof(*r), 0, (struct sockaddr *)&to,
			sizeof(to)) < 0)
		return -errno;
	return 0;
}

static ssize_t diag_recv(struct diag *d, void *buf, size_t size)
{
	ssize_t n;

	do
		n = recv(d->fd, buf, size, 0);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

static int message_error(const struct nlmsghdr *h)
{
	const struct nlmsgerr *e = NLMSG_DATA(h);

	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(*e)))
		return -EPROTO;
	return e->error;
}

static void read_queue(const struct nlmsghdr *h, uint32_t *queued,
	uint32_t *backlog)
{
	struct unix_diag_msg *m = NLMSG_DATA(h);
	struct rtattr *a = (struct rtattr *)(void *)(m + 1);
	int left = (int)h->nlmsg_len - (int)NLMSG_LENGTH(sizeof(*m));
	struct unix_diag_rqlen q;

	for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
		if (a->rta_type != UNIX_DIAG_RQLEN || RTA_PAYLOAD(a) < sizeof(q))
			continue;
		memcpy(&q, RTA_DATA(a), sizeof(q));
		if (queued)
			*queued = q.udiag_rqueue;
		if (backlog)
			*backlog = q.udiag_wqueue;
	}
}

int diag_look(struct diag *d, uint64_t cookie, uint64_t ino, uint32_t *queued,
	uint32_t *backlog)
{
	struct diag_request r = { .hdr.nlmsg_flags = NLM_F_REQUEST };
	char buf[1024] __attribute__((aligned(8)));
	struct nlmsghdr *h = (void *)buf;
	ssize_t n;
	int err;

	if (d->fd < 0 || !ino || ino > UINT32_MAX)
		return -EINVAL;
	r.req.udiag_ino = (uint32_t)ino;
	r.req.udiag_show = queued || backlog ? UDIAG_SHOW_RQLEN : 0;
	r.req.udiag_cookie[0] = (uint32_t)cookie;
	r.req.udiag_cookie[1] = (uint32_t)(cookie >> 32);
	err = diag_send(d, &r);
	if (err)
		return err;
	/* An answer to a request that timed out may still lie there. */
	do {
		n = diag_recv(d, buf, sizeof(buf));
		if (n < 0)
			return (int)n;
		if (!NLMSG_OK(h, (size_t)n))
			return -EPROTO;
	} while (h->nlmsg_seq != d->seq);
	if (h->nlmsg_type == NLMSG_ERROR) {
		err = message_error(h);
		/* ESTALE: the inode number belongs to another socket now. */
		return err == -ESTALE ? -ENOENT : err;
	}
	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(struct unix_diag_msg)))
		return -EPROTO;
	read_queue(h, queued, backlog);
	return 0;
}

/* A kernel without this kind of request answers ENOENT for each socket: as if all
 * were dead. So ask about one that lives. */
static int diag_check(struct diag *d)
{
	uint64_t cookie;
	socklen_t len = sizeof(cookie);
	struct stat st;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), err = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0 ||
		getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len) < 0)
		err = -errno;
	if (!err)
		err = diag_look(d, cookie, st.st_ino, NULL, NULL);
	close(fd);
	return err == -ENOENT ? -EOPNOTSUPP : err;
}

int diag_open(struct diag *d)
{
	struct timeval tv = { .tv_sec = 1 };
	int err;

	d->seq = 0;
	d->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	if (d->fd < 0)
		return -errno;
	setsockopt(d->fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	err = diag_check(d);
	if (err)
		diag_close(d);
	return err;
}

/* One buffer of a dump: 1 done, 0 more follows, -errno. Counts those with sockets. */
static int dump_part(struct diag *d, char *buf, ssize_t len, int *parts,
	void (*fn)(void *user, uint64_t cookie), void *user)
{
	struct nlmsghdr *h = (void *)buf;
	size_t n = (size_t)len;
	bool any = false;

	for (; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
		const struct unix_diag_msg *m = NLMSG_DATA(h);

		if (h->nlmsg_seq != d->seq)
			continue;
		if (h->nlmsg_type == NLMSG_DONE)
			return 1;
		if (h->nlmsg_type == NLMSG_ERROR)
			return message_error(h);
		if (h->nlmsg_len < NLMSG_LENGTH(sizeof(*m)))
			return -EPROTO;
		*parts += !any;
		any = true;
		fn(user, (uint64_t)m->udiag_cookie[1] << 32 | m->udiag_cookie[0]);
	}
	return 0;
}

int diag_dump(struct diag *d, void (*fn)(void *user, uint64_t cookie),
	void *user)
{
	struct diag_request r = {
		.hdr.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
	};
	static char buf[DIAG_BUFFER] __attribute__((aligned(8)));
	int err, parts = 0;

	if (d->fd < 0)
		return -EBADF;
	err = diag_send(d, &r);
	while (!err) {
		ssize_t n = diag_recv(d, buf, sizeof(buf));

		err = n < 0 ? (int)n : dump_part(d, buf, n, &parts, fn, user);
	}
	return err < 0 ? err : parts <= 1;
}
