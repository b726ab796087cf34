/* PACKET_FANOUT: what a group takes, and who of it gets a frame. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "frames.h"

enum { MEMBERS = 3, FRAMES = 9 };

static int fanout(int fd, int mode, int flags, int id)
{
	int v = id | (mode | flags) << 16;

	return setsockopt(fd, SOL_PACKET, PACKET_FANOUT, &v, sizeof(v));
}

static void refused(void)
{
	int none = MUST(socket(AF_PACKET, SOCK_RAW, 0)), v = 7;
	int a = packet_on(SOCK_RAW, ETH_P_OURS, LO), b = packet_on(SOCK_RAW, ETH_P_OURS, LO);
	int other = packet_on(SOCK_RAW, ETH_P_IP, LO), copy;
	struct sockaddr_ll ll = { .sll_family = AF_PACKET, .sll_ifindex = LO,
		.sll_protocol = htons(ETH_P_IP) };

	SHOW(fanout(none, PACKET_FANOUT_HASH, 0, 7));
	SHOW(fanout(a, 8, 0, 7));
	SHOW(fanout(a, PACKET_FANOUT_ROLLOVER, PACKET_FANOUT_FLAG_ROLLOVER, 7));
	SHOW(fanout(a, PACKET_FANOUT_LB, PACKET_FANOUT_FLAG_UNIQUEID, 7));
	for (socklen_t n = 0; n <= 12; n += 2)
		SHOW_AS("some length", n == 4 || n == 8 ? 0 :
			setsockopt(a, SOL_PACKET, PACKET_FANOUT, &v, n));
	say_option("none", a, SOL_PACKET, PACKET_FANOUT);
	SHOW(fanout(a, PACKET_FANOUT_LB, PACKET_FANOUT_FLAG_ROLLOVER, 7));
	say_option("group 7", a, SOL_PACKET, PACKET_FANOUT);
	SHOW(fanout(a, PACKET_FANOUT_LB, 0, 8));
	SHOW(fanout(b, PACKET_FANOUT_HASH, 0, 7));
	SHOW(fanout(b, PACKET_FANOUT_LB, 0, 7));
	SHOW(fanout(other, PACKET_FANOUT_LB, PACKET_FANOUT_FLAG_ROLLOVER, 7));
	SHOW(bind(a, (void *)&ll, sizeof(ll)));
	copy = dup(a);
	close(a);
	SHOW(fanout(b, PACKET_FANOUT_HASH, 0, 7));
	close(copy);
	SHOW(fanout(b, PACKET_FANOUT_HASH, 0, 7));
	say_option("the group is made again", b, SOL_PACKET, PACKET_FANOUT);
}

/* How many of all that were sent each has; the largest first if `sorted`. */
static void counts(const char *what, int *fd, bool sorted)
{
	int got[MEMBERS] = { 0 }, all = 0;
	uint8_t b[2000];

	while (all < FRAMES) {
		struct pollfd p[MEMBERS];

		for (int k = 0; k < MEMBERS; k++)
			p[k] = (struct pollfd){ fd[k], POLLIN, 0 };
		if (poll(p, MEMBERS, LIMIT_MS) < 1)
			broken("%d of %d frames came", all, FRAMES);
		for (int k = 0; k < MEMBERS; k++) {
			if (!(p[k].revents & POLLIN))
				continue;
			MUST(recv(fd[k], b, sizeof(b), 0));
			got[k]++;
			all++;
		}
	}
	for (int k = 0; sorted && k < MEMBERS; k++) {
		for (int j = k + 1; j < MEMBERS; j++) {
			int x = got[k];

			if (got[j] > x) {
				got[k] = got[j];
				got[j] = x;
			}
		}
	}
	say("%s: %d %d %d", what, got[0], got[1], got[2]);
	for (int k = 0; k < MEMBERS; k++)
		close(fd[k]);
}

static void members(int *fd, int mode, int id)
{
	for (int k = 0; k < MEMBERS; k++) {
		fd[k] = packet_on(SOCK_RAW, ETH_P_OURS, LO);
		SHOW(fanout(fd[k], mode, 0, id));
	}
}

static void send_frames(int fd)
{
	uint8_t frame[60] = { [12] = ETH_P_OURS >> 8, ETH_P_OURS & 255, 'x' };
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = LO,
		.sll_protocol = htons(ETH_P_OURS), .sll_halen = 6 };

	for (int k = 0; k < FRAMES; k++)
		MUST(sendto(fd, frame, sizeof(frame), 0, (void *)&to, sizeof(to)));
}

int main(void)
{
	int fd[MEMBERS], out = MUST(socket(AF_PACKET, SOCK_RAW, 0));

	refused();
	members(fd, PACKET_FANOUT_LB, 20);
	send_frames(out);
	counts("in turn", fd, false);
	members(fd, PACKET_FANOUT_HASH, 21);
	send_frames(out);
	counts("by what is in them: all alike", fd, true);
	members(fd, PACKET_FANOUT_ROLLOVER, 22);
	send_frames(out);
	counts("to the first that has room", fd, false);
	members(fd, PACKET_FANOUT_QM, 23);
	send_frames(out);
	counts("by the sender's queue", fd, true);
}
