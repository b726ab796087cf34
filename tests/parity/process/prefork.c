/* Several processes accept on one listener: each connection is served once.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define WORKERS 4
#define CALLS 40

static void work(void *listener)
{
	for (;;) {
		int a = accept(*(int *)listener, NULL, NULL);
		char byte;

		if (a < 0)
			_exit(0);
		if (recv(a, &byte, 1, 0) == 1 && byte == 'q')
			_exit(0);
		send_all(a, &byte, 1);
		close(a);
	}
}

int main(void)
{
	pid_t child[WORKERS];
	struct place at;
	int l = listener(AF_INET, 64, &at), served = 0;

	for (int k = 0; k < WORKERS; k++)
		child[k] = child_start(work, &l);
	for (int k = 0; k < CALLS; k++) {
		int c = connected_to(&at);
		char byte = (char)('A' + k % 26), back = 0;

		send_all(c, &byte, 1);
		recv_all(c, &back, 1);
		served += back == byte;
		await(c, POLLRDHUP);
		close(c);
	}
	say("served %d", served);
	close(l);
	for (int k = 0; k < WORKERS; k++) {
		int c = connected_to(&at);

		send_all(c, "q", 1);
		await(c, POLLRDHUP);
		close(c);
	}
	for (int k = 0; k < WORKERS; k++)
		child_say_end("worker", child[k]);
	SHOW(connect(stream_socket(AF_INET), &at.any, at.length));
	return 0;
}
