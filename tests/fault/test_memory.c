/* Every allocation of the links and of the network file's reader fails once, in
 * turn: the caller is told, nothing is lost (the address sanitizer watches), and
 * what lived before lives on. The linker puts the functions below in the place
 * of malloc and its like (--wrap).
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "link/link.h"
#include "link/pcapng.h"
#include "netfile.h"

static long until_failure = -1; /* allocations that still succeed, -1: all */
static bool failed;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);

static bool fails(void)
{
	if (until_failure < 0 || until_failure-- > 0)
		return false;
	failed = true;
	return true; /* once: until_failure is now -1 */
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
	return fails() ? NULL : __real_realloc(p, size);
}

static int delivered;

static void deliver(void *user, struct instant now, const void *frame,
	size_t len)
{
	delivered++;
}

/* A link's life with frames of all sizes; true if it could be made. */
static bool live_link(struct link *l)
{
	struct link_impair c = { .delay = DURATION_MS(1), .rate = 100000000,
		.corrupt = 0.5, .duplicate = 0.5 };
	struct link_port_ops ops = { deliver, NULL, NULL, NULL };
	static uint8_t bytes[LINK_FRAME_MAX] = { 255 };
	struct link_port_stats s;
	bool made = l != NULL;

	for (int i = 0; made && i < 2; i++) {
		int r = link_add_port(l, &ops);

		CHECK(r == i || r == -ENOMEM);
		made = r == i;
	}
	if (made) {
		delivered = 0;
		CHECK_INT(link_set_impair(l, &c), ==, 0);
		for (int i = 0; i < 300; i++) {
			struct span f = { bytes, i % 100 ? 60 : LINK_FRAME_MAX };

			link_send(l, 0, (struct instant){ 0 }, &f, 1);
		}
		link_tick(l, (struct instant){ INT64_MAX - 1 });
		link_get_stats(l, 0, &s);
		CHECK_INT(s.frames_in, ==, 300);
		CHECK_INT(delivered, ==, 300 - s.queue_full + s.duplicated);
		CHECK_INT(s.queue_full, <=, 1); /* the one failure cost one frame */
	}
	link_free(l);
	return made;
}

TEST(memory_of_links)
{
	int n = 0;

	do {
		failed = false;
		until_failure = n++;
		live_link(link_new_pair("x", 1));
	} while (failed);
	CHECK_INT(n, >, 8); /* and the last round went without a failure */
	n = 0;
	do {
		failed = false;
		until_failure = n++;
		live_link(link_new_switch("x", 1));
	} while (failed);
	CHECK_INT(n, >, 8);
	until_failure = -1;
}

TEST(memory_of_captures)
{
	struct pcapng_options o = { .flush_after = { -1 } };
	char path[] = "/tmp/test_memory.XXXXXX";
	int err, n = 0;
	struct pcapng *p;

	close(mkstemp(path));
	do {
		failed = false;
		until_failure = n++;
		p = pcapng_append(path, &o, &err);
		if (p) {
			CHECK_INT(pcapng_close(p), ==, 0);
		} else {
			CHECK_INT(err, ==, -ENOMEM);
			CHECK(failed);
		}
	} while (failed);
	CHECK_INT(n, >, 2);
	unlink(path);
}

TEST(memory_of_network_files)
{
	static const char text[] = "hosts: {a: {}, b: {}}\nlinks:\n"
		"- between: [a, b]\n- switch: [b, a]\n- tap: {host: a}\n";
	struct netfile_error e;
	struct netfile f;
	int r, n = 0;

	do {
		failed = false;
		until_failure = n++;
		r = netfile_parse(text, strlen(text), "x", &f, &e);
		CHECK_INT(r, ==, failed ? -ENOMEM : 0);
		if (failed)
			CHECK_STR(e.text, "out of memory");
		netfile_free(&f);
	} while (failed);
	CHECK_INT(n, >, 5);
}
