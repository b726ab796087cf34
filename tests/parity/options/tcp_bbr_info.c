/* TCP_CC_INFO of BBR: how many bytes, and what they tell once something was sent.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

/* Linux's struct tcp_bbr_info (linux/inet_diag.h cannot stand beside libc's). */
struct bbr {
	uint32_t bw_lo, bw_hi, min_rtt, pacing_gain, cwnd_gain;
};

static void take(int fd, const char *name)
{
	MUST(setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, strlen(name)));
}

static struct bbr look(int fd)
{
	struct bbr b;
	socklen_t len = sizeof(b);

	memset(&b, 0xee, sizeof(b));
	MUST(getsockopt(fd, IPPROTO_TCP, TCP_CC_INFO, &b, &len));
	if (len != sizeof(b))
		say("a struct of %u bytes", (unsigned)len);
	return b;
}

/* Gains come with the first acknowledgement, as does the round trip. No bandwidth is
 * said: a host that talks to itself by packets does so in no time. */
static void say_sent(const char *what, int fd)
{
	struct bbr b = look(fd);

	for (int k = 0; k < 1000 && b.cwnd_gain != 739; k++) {
		sleep_ms(10);
		b = look(fd);
	}
	say("%s: min_rtt %d, gains %u %u", what, b.min_rtt < 100000000,
		b.pacing_gain, b.cwnd_gain);
}

static void say_length(const char *what, int fd, socklen_t room)
{
	unsigned char b[64];

	memset(b, 0xee, sizeof(b));
	SHOW(getsockopt(fd, IPPROTO_TCP, TCP_CC_INFO, b, &room));
	say("%s: %u bytes, %d beyond", what, room,
		room < sizeof(b) && b[room] != 0xee);
}

int main(void)
{
	const struct linger at_once = { 1, 0 };
	int fd[2], lone = each_socket(0);
	char buf[5000] = "";

	take(lone, "bbr");
	for (socklen_t n = 0; n < 32; n += 3)
		each_get("fresh", lone, IPPROTO_TCP, TCP_CC_INFO, n);
	say_length("less than none", lone, (socklen_t)-1);
	SHOW(setsockopt(lone, IPPROTO_TCP, TCP_CC_INFO, buf, 20));
	take(lone, "reno");
	say_length("reno", lone, 20);
	lone = listener(AF_INET, 3, NULL);
	take(lone, "bbr");
	each_get("listener", lone, IPPROTO_TCP, TCP_CC_INFO, 40);

	stream_pair(AF_INET, fd);
	take(fd[0], "cubic");
	take(fd[1], "reno");
	say_length("cubic", fd[0], 40);
	take(fd[0], "bbr");
	take(fd[1], "bbr");
	for (socklen_t n = 0; n < 32; n += 5)
		say_length("connected", fd[0], n);
	say("accepted: bandwidth %u, gains %u %u", look(fd[1]).bw_lo,
		look(fd[1]).pacing_gain, look(fd[1]).cwnd_gain);
	send_all(fd[0], buf, sizeof(buf));
	recv_all(fd[1], buf, sizeof(buf));
	send_all(fd[1], buf, 100);
	recv_all(fd[0], buf, 100);
	say_sent("connector", fd[0]);
	say_sent("acceptor", fd[1]);
	MUST(setsockopt(fd[0], SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)));
	MUST(close(fd[0]));
	await(fd[1], POLLHUP);
	say_sent("reset", fd[1]);
	return 0;
}
