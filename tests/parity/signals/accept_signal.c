/* A blocked accept and a signal, with and without SA_RESTART.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

static struct place at;

static void come(int fd)
{
	connected_to(&at);
}

int main(void)
{
	struct signaller s;
	int l = listener(AF_INET, 5, &at);

	handle(SIGUSR1, on_signal, 0);
	signal_me(&s, SIGUSR1, NULL, 0);
	SHOW(accept(l, NULL, NULL));
	thread_join(&s.t);
	handle(SIGUSR1, on_signal, SA_RESTART);
	signal_me(&s, SIGUSR1, come, 0);
	say("accept %s", accept(l, NULL, NULL) >= 0 ? "came" : error_name(errno));
	thread_join(&s.t);
	handle(SIGUSR1, on_signal, 0);
	signal_me(&s, SIGUSR1, NULL, 0);
	SHOW(accept4(l, NULL, NULL, SOCK_CLOEXEC));
	thread_join(&s.t);
	return 0;
}
