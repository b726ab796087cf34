/* Generic netlink is the kernel's, in a network without anything.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/taskstats.h>
#include <sched.h>

#include "../say.h"

struct message {
	struct nlmsghdr n;
	struct genlmsghdr g;
	uint8_t data[4096];
};

static void add(struct message *m, int type, const void *data, size_t size)
{
	struct nlattr a = { (uint16_t)(NLA_HDRLEN + size), (uint16_t)type };
	uint8_t *at = (uint8_t *)m + NLMSG_ALIGN(m->n.nlmsg_len);

	memcpy(at, &a, sizeof(a));
	memcpy(at + NLA_HDRLEN, data, size);
	m->n.nlmsg_len = NLMSG_ALIGN(m->n.nlmsg_len) + NLA_ALIGN(a.nla_len);
}

static bool ask(int fd, struct message *m, int type, int command, int attribute,
	const void *data, size_t size)
{
	ssize_t n;

	*m = (struct message){ .n = { .nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN),
		.nlmsg_type = (uint16_t)type, .nlmsg_flags = NLM_F_REQUEST,
		.nlmsg_seq = 7 }, .g = { .cmd = (uint8_t)command, .version = 1 } };
	add(m, attribute, data, size);
	MUST(send(fd, m, m->n.nlmsg_len, 0));
	n = MUST(recv(fd, m, sizeof(*m), 0));
	say("  whole %d, to us %d, seq %u", NLMSG_OK(&m->n, n),
		m->n.nlmsg_pid == (uint32_t)getpid(), m->n.nlmsg_seq);
	if (m->n.nlmsg_type != NLMSG_ERROR)
		return true;
	memcpy(&n, NLMSG_DATA(&m->n), sizeof(int));
	say("  error %s", error_name(-(int)n));
	return false;
}

static const void *attribute(const struct message *m, int type)
{
	const uint8_t *at = m->data, *end = (const uint8_t *)m + m->n.nlmsg_len;
	struct nlattr a;

	while (at + sizeof(a) <= end) {
		memcpy(&a, at, sizeof(a));
		if (a.nla_len < sizeof(a))
			break;
		if (a.nla_type == type)
			return at + NLA_HDRLEN;
		at += NLA_ALIGN(a.nla_len);
	}
	return NULL;
}

static int family(int fd, const char *name)
{
	struct message m;
	uint16_t id = 0;

	say("%s", name);
	if (!ask(fd, &m, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_NAME, name,
			strlen(name) + 1))
		return 0;
	say("  is %s", (const char *)attribute(&m, CTRL_ATTR_FAMILY_NAME));
	memcpy(&id, attribute(&m, CTRL_ATTR_FAMILY_ID), sizeof(id));
	return id;
}

static void statistics(int fd, int id)
{
	uint32_t pid = (uint32_t)getpid();
	struct message m;

	if (ask(fd, &m, id, TASKSTATS_CMD_GET, TASKSTATS_CMD_ATTR_PID, &pid, sizeof(pid)))
		say("  of us: %d", attribute(&m, TASKSTATS_TYPE_AGGR_PID) != NULL);
}

/* Where nobody may make a network, enchufe refuses. */
static bool may_unshare(void)
{
	int status = 0;
	pid_t child = MUST(fork());

	if (child == 0)
		_exit(unshare(CLONE_NEWNET) < 0 &&
			unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0);
	MUST(waitpid(child, &status, 0));
	return status == 0;
}

int main(void)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK };
	int fd, id;

	if (!may_unshare())
		return 0;
	SHOW(socket(AF_NETLINK, SOCK_STREAM, NETLINK_GENERIC));
	fd = MUST(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC));
	SHOW(fcntl(fd, F_GETFD));
	SHOW(fcntl(fd, F_GETFL) & O_NONBLOCK);
	SHOW(bind(fd, (void *)&nl, sizeof(nl)));
	say("controller %d", family(fd, "nlctrl"));
	say("of no such name %d", family(fd, "nonesuch"));
	id = family(fd, TASKSTATS_GENL_NAME);
	if (id)
		statistics(fd, id);
	SHOW(close(fd));
	fd = MUST(socket(AF_NETLINK, SOCK_DGRAM | SOCK_NONBLOCK, NETLINK_GENERIC));
	SHOW(fcntl(fd, F_GETFD));
	SHOW(fcntl(fd, F_GETFL) & O_NONBLOCK);
	SHOW(waitpid(-1, NULL, 0)); /* no child is left */
	return 0;
}
