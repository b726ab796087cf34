/* A thread that is cancelled in connect(), where the listener's queue is full, and one
 * in accept(): what they were about can be used on.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

#include "../apart.h"
#include "../ends.h"

static struct place at;
static int sock;

static void *connects(void *arg)
{
	connect(sock, &at.any, at.length);
	return arg;
}

static void *accepts(void *arg)
{
	accept(sock, NULL, NULL);
	return arg;
}

static void cancelled(const char *what, void *(*fn)(void *))
{
	pthread_t t;
	void *result;

	MUST(pthread_create(&t, NULL, fn, NULL) == 0 ? 0 : -1);
	sleep_ms(200); /* it sleeps, or it is on its way there */
	MUST(pthread_cancel(t) == 0 ? 0 : -1);
	MUST(pthread_join(t, &result) == 0 ? 0 : -1);
	say("%s: %s", what, result == PTHREAD_CANCELED ? "cancelled" : "came back");
}

int main(void)
{
	int l = listener(AF_INET, 0, &at), first = connected_to(&at), s;
	struct place other;

	sock = stream_socket(AF_INET);
	cancelled("connect", connects);
	close(sock);
	s = accept_one(l);
	close(first);
	close(s);
	first = connected_to(&at);
	s = accept_one(l);
	say("the listener goes on");
	close(first);
	close(s);
	sock = listener(AF_INET, 5, &other);
	cancelled("accept", accepts);
	first = connected_to(&other);
	s = accept_one(sock);
	say("and so does the other");
	return 0;
}
