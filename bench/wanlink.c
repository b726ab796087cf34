/* An enchufe link, with its impairments, between two TAP devices of the kernel, the
 * first here, the second in another network namespace: what joins the ends of
 * bench/wan.py, whoever they are.
 *
 *	wanlink DEVICE NAMESPACE DEVICE SEED [NAME=VALUE]...
 *
 * delay and jitter in us, loss and reorder and loss_burst as numbers, rate in bits a
 * second, queue in frames; capture: a file that gets every frame, with what became of
 * it. Says "ready" when both devices are there; ends when its standard input does.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "link/link.h"
#include "link/pcapng.h"

enum { BUDGET = 64 };

/* A device, and the port of the wire that is its other side. */
struct end {
	struct link *tap, *wire;
	int port;
};

__attribute__((noreturn)) static void die(const char *what, int err)
{
	fprintf(stderr, "wanlink: %s: %s\n", what, strerror(err));
	exit(1);
}

static struct instant now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (struct instant){ t.tv_sec * 1000000000ll + t.tv_nsec };
}

static void from_device(void *user, struct instant at, const void *frame,
	size_t len)
{
	struct end *e = user;
	struct span s = { frame, len };

	link_send(e->wire, e->port, at, &s, 1);
}

static void from_wire(void *user, struct instant at, const void *frame, size_t len)
{
	struct end *e = user;
	struct span s = { frame, len };

	link_send(e->tap, 0, at, &s, 1);
}

static void join(struct end *e, struct link *wire, const char *device)
{
	struct link_port_ops out = { from_device, e, NULL, NULL },
		in = { from_wire, e, NULL, NULL };
	int err;

	e->wire = wire;
	e->tap = link_new_tap(device, device, 0, &err);
	if (!e->tap)
		die(device, -err);
	link_add_port(e->tap, &out);
	e->port = link_add_port(wire, &in);
}

static void enter(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
		die(path, errno);
	close(fd);
}

static void set(struct link_impair *i, const char *arg)
{
	const char *eq = strchr(arg, '=');
	double v = eq ? strtod(eq + 1, NULL) : 0;
	size_t n = eq ? (size_t)(eq - arg) : 0;

	if (n == 5 && memcmp(arg, "delay", n) == 0)
		i->delay = DURATION_US(v);
	else if (n == 6 && memcmp(arg, "jitter", n) == 0)
		i->jitter = DURATION_US(v);
	else if (n == 4 && memcmp(arg, "loss", n) == 0)
		i->loss = v;
	else if (n == 10 && memcmp(arg, "loss_burst", n) == 0)
		i->loss_burst = v;
	else if (n == 7 && memcmp(arg, "reorder", n) == 0)
		i->reorder = v;
	else if (n == 4 && memcmp(arg, "rate", n) == 0)
		i->rate = (uint64_t)v;
	else if (n == 5 && memcmp(arg, "queue", n) == 0)
		i->queue = (uint32_t)v;
	else
		die(arg, EINVAL);
}

static struct pcapng *capture(const char *path)
{
	const struct pcapng_options o = { .flush_after = { -1 }, .snaplen = 128 };
	int err;
	struct pcapng *p = pcapng_create(path, &o, &err);

	if (!p)
		die(path, -err);
	return p;
}

static void wait_for(struct pollfd *p, nfds_t n, struct instant due)
{
	struct duration left = instant_sub(due, now());
	struct timespec t = { 0, 0 };

	if (left.ns > 0) {
		t.tv_sec = left.ns / 1000000000;
		t.tv_nsec = left.ns % 1000000000;
	}
	if (ppoll(p, n, instant_is_never(due) ? NULL : &t, NULL) < 0 &&
		errno != EINTR)
		die("ppoll", errno);
}

static void run(struct link *wire, struct end end[2])
{
	struct pollfd p[3] = { { link_fd(end[0].tap), POLLIN, 0 },
		{ link_fd(end[1].tap), POLLIN, 0 }, { 0, POLLIN, 0 } };

	while (!(p[2].revents & (POLLIN | POLLHUP))) {
		struct instant due = link_deadline(wire);

		for (int k = 0; k < 2; k++)
			due = instant_min(due, link_deadline(end[k].tap));
		wait_for(p, 3, due);
		for (int k = 0; k < 2; k++) {
			if (p[k].revents & POLLIN)
				link_readable(end[k].tap, now(), BUDGET);
			link_tick(end[k].tap, now());
		}
		link_tick(wire, now());
		for (int k = 0; k < 2; k++)
			link_tick(end[k].tap, now());
	}
}

int main(int argc, char **argv)
{
	struct link_impair impair = { 0 };
	static const char into[] = "capture=";
	struct pcapng *file = NULL;
	struct link *wire;
	struct end end[2];

	if (argc < 5) {
		fprintf(stderr, "usage: wanlink DEVICE NAMESPACE DEVICE SEED "
			"[NAME=VALUE]...\n");
		return 2;
	}
	for (int k = 5; k < argc; k++) {
		if (strncmp(argv[k], into, sizeof(into) - 1) == 0)
			file = capture(argv[k] + sizeof(into) - 1);
		else
			set(&impair, argv[k]);
	}
	wire = link_new_pair("wan", strtoull(argv[4], NULL, 0));
	if (!wire || link_set_impair(wire, &impair) < 0)
		die("impairments", EINVAL);
	link_set_capture(wire, file);
	join(&end[0], wire, argv[1]);
	enter(argv[2]);
	join(&end[1], wire, argv[3]);
	puts("ready");
	fflush(stdout);
	run(wire, end);
	if (file)
		pcapng_close(file);
	return 0;
}
