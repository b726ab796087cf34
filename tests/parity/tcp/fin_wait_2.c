/* FIN-WAIT-2 of a socket that nobody has any more: TCP_LINGER2 says for how long it
 * holds its name, unless the other end closes meanwhile, or resets.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define STEP_MS 50

struct pair {
	int peer;
	struct place name;
};

/* Its client is bound, has this TCP_LINGER2, and is closed. */
static struct pair closed_first(int l, const struct place *at, int linger2)
{
	struct place own = loopback(AF_INET, quiet_port(AF_INET, SOCK_STREAM));
	struct pair p = { .name = own };
	int fd = stream_socket(AF_INET);

	MUST(bind(fd, &own.any, own.length));
	MUST(connect(fd, &at->any, at->length));
	p.peer = accept_one(l);
	set_option(fd, IPPROTO_TCP, TCP_LINGER2, linger2);
	close(fd);
	return p;
}

static int bind_to(const struct place *name)
{
	int fd = stream_socket(AF_INET);
	int error = bind(fd, &name->any, name->length) < 0 ? errno : 0;

	close(fd);
	return error;
}

/* Waits until its name is free. */
static void await_free(const char *what, const struct place *name)
{
	int error = bind_to(name);

	for (int ms = 0; error != 0 && ms < LIMIT_MS; ms += STEP_MS) {
		usleep(STEP_MS * 1000);
		error = bind_to(name);
	}
	say("%s: bind at last %s", what, error_name(error));
}

static void say_bind(const char *what, const struct place *name)
{
	say("%s: bind %s", what, error_name(bind_to(name)));
}

int main(void)
{
	struct place at;
	int l = listener(AF_INET, 8, &at), fd = stream_socket(AF_INET);
	struct pair brief = closed_first(l, &at, 1), ending = closed_first(l, &at, 1),
		lasting = closed_first(l, &at, 60), reset = closed_first(l, &at, 60),
		none = closed_first(l, &at, -1);

	say_poll("brief's peer", brief.peer);
	close(ending.peer);
	await_free("none", &none.name);
	await_free("brief", &brief.name);
	say_bind("ending", &ending.name);
	say_bind("lasting", &lasting.name);
	say_bind("reset", &reset.name);
	reset_on_close(reset.peer);
	close(reset.peer);
	await_free("reset", &reset.name);
	SHOW(connect(fd, &at.any, at.length));
	say_poll("brief's peer", brief.peer);
	SHOW(send(brief.peer, "x", 1, MSG_NOSIGNAL));
	await(brief.peer, POLLERR);
	say_so_error("brief's peer", brief.peer);
	send_all(lasting.peer, "x", 1);
	await_free("lasting, after data", &lasting.name);
	return 0;
}
