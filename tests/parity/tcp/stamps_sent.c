/* SO_TIMESTAMPING on a stream: when its bytes were sent, by the error queue; which byte
 * it was.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>

#define OPT_ID_TCP (1 << 16)
#define TIMES (SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE)

static void say_control(struct msghdr *m)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		struct sock_extended_err ee;
		struct timespec ts[3];

		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPING) {
			memcpy(ts, CMSG_DATA(c), sizeof(ts));
			say("  times: %d %d %d", ts[0].tv_sec > 0, ts[1].tv_sec > 0,
				ts[2].tv_sec > 0);
		} else {
			memcpy(&ee, CMSG_DATA(c), sizeof(ee));
			say("  %d/%d: errno %s origin %d type %d code %d info %u data %u",
				c->cmsg_level, c->cmsg_type,
				error_name((int)ee.ee_errno), ee.ee_origin, ee.ee_type,
				ee.ee_code, ee.ee_info, ee.ee_data);
		}
	}
}

/* So many reports, and no more. */
static void say_reports(const char *what, int fd, int most)
{
	char bytes[256], control[256];

	say("%s", what);
	for (int k = 0; k < most; k++) {
		struct iovec iov = { bytes, sizeof(bytes) };
		struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
			.msg_control = control, .msg_controllen = sizeof(control) };
		ssize_t n;

		await(fd, POLLERR);
		n = MUST(recvmsg(fd, &m, MSG_ERRQUEUE));
		say(" bytes %s, flags %d", n > 0 ? bytes_text(bytes + n - 1, 1) : "none",
			m.msg_flags);
		say_control(&m);
	}
	say_poll(" then", fd);
}

static void set_times(int fd, int flags)
{
	SHOW(setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof(flags)));
}

int main(void)
{
	struct place at;
	int l = listener(AF_INET, 5, &at), fd = stream_socket(AF_INET), peer;

	set_times(fd, TIMES | SOF_TIMESTAMPING_OPT_ID);
	set_times(fd, TIMES);
	MUST(connect(fd, &at.any, at.length));
	peer = accept_one(l);
	send_all(fd, "hello", 5);
	say_reports("a send", fd, 1);
	set_times(fd, TIMES | SOF_TIMESTAMPING_OPT_ID);
	send_all(fd, "world!", 6);
	say_reports("with numbers", fd, 1);
	send_all(fd, "xy", 2);
	say_reports("the next", fd, 1);
	set_times(fd, TIMES | SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY |
		SOF_TIMESTAMPING_TX_SCHED);
	send_all(fd, "abc", 3);
	say_reports("and when it was queued, no bytes", fd, 2);
	await(peer, POLLIN);
	say_recv("the peer", peer, 0);
	set_times(fd, TIMES | SOF_TIMESTAMPING_TX_ACK | SOF_TIMESTAMPING_OPT_TSONLY);
	set_times(fd, TIMES | SOF_TIMESTAMPING_TX_ACK | SOF_TIMESTAMPING_OPT_TSONLY |
		SOF_TIMESTAMPING_OPT_ID | OPT_ID_TCP);
	send_all(fd, "defg", 4);
	say_reports("counted anew, and acknowledged", fd, 2);
	set_times(fd, SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_OPT_TSONLY);
	send_all(fd, "h", 1);
	say_reports("without the times", fd, 1);
	MUST(send(fd, "", 0, 0));
	say_reports("nothing sent", fd, 0);
	MUST(send(fd, "ij", 2, MSG_MORE));
	send_all(fd, "k", 1);
	say_reports("of two writes in one", fd, 1);
	set_times(fd, 0);
	send_all(fd, "l", 1);
	say_reports("no more", fd, 0);
	return 0;
}
