/* SO_SNDTIMEO limits a blocking connect() to a listener whose queue is full: under way when
 * the time is over, already so when it is called again, and it comes through all the same
 * when there is room.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct timeval t = { 0, 200000 };
	struct place at;
	int l = listener(family, 0, &at), last = stream_socket(family);

	connected_to(&at); /* the one for whom there is room */
	MUST(setsockopt(last, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t)));
	SHOW(connect(last, &at.any, at.length));
	SHOW(connect(last, &at.any, at.length));
	say_poll("not yet", last);
	accept_one(l);
	say_poll_until("accepted one", last, POLLOUT);
	say_so_error("its error", last);
}

int main(void)
{
	both_families(look);
}
