/* SO_REUSEPORT: each sender keeps its receiver, and all are used.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

enum { MEMBERS = 4, SENDERS = 64 };

int main(void)
{
	struct place at = loopback(AF_INET, 0);
	int fd[MEMBERS], got[MEMBERS] = { 0 }, used = 0, sticky = 0;

	for (int k = 0; k < MEMBERS; k++) {
		fd[k] = dgram_socket(AF_INET);
		turn_on(fd[k], SOL_SOCKET, SO_REUSEPORT);
		MUST(bind(fd[k], &at.any, at.length));
		at = own_place(fd[k]);
	}
	for (int s = 0; s < SENDERS; s++) {
		int out = dgram_socket(AF_INET), here[MEMBERS] = { 0 };

		for (int n = 0; n < 3; n++)
			MUST(sendto(out, "x", 1, 0, &at.any, at.length));
		for (int all = 0, some = 1; all < 3 && some > 0; ) {
			struct pollfd p[MEMBERS];

			for (int k = 0; k < MEMBERS; k++)
				p[k] = (struct pollfd){ .fd = fd[k], .events = POLLIN };
			some = poll(p, MEMBERS, 5000);
			for (int k = 0; k < MEMBERS; k++) {
				char c;

				while (recv(fd[k], &c, 1, MSG_DONTWAIT) == 1) {
					here[k]++;
					all++;
				}
			}
		}
		for (int k = 0; k < MEMBERS; k++) {
			got[k] += here[k];
			sticky += here[k] == 3;
		}
		close(out);
	}
	for (int k = 0; k < MEMBERS; k++)
		used += got[k] > 0;
	say("%d of %d used, %d of %d senders kept theirs", used, MEMBERS, sticky,
		SENDERS);
	return 0;
}
