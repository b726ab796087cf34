/* What a segment costs in the core alone: bulk TCP between two stacks in one process,
 * in virtual time, on a wire that hands frames over in memory. Prints the processor's
 * ns for each segment of data (both stacks, the ACKs and the wire included) and how
 * often each byte was copied between the sender's buffer and the receiver's: by the
 * wire, once, as a device would, and by the core.
 *	corebench BYTES
 * SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "twostacks.h"

#define CHUNK 32768u
#define STEP_NS 200000 /* virtual time between two looks at the buffers */
#define SEGMENT 1448u /* bytes of data in a frame of 1,500 with timestamps */

static uint64_t copied;

void *__real_memcpy(void *to, const void *from, size_t n);
void *__wrap_memcpy(void *to, const void *from, size_t n);

/* The linker sends all calls of memcpy() here (--wrap). */
void *__wrap_memcpy(void *to, const void *from, size_t n)
{
	copied += n;
	return __real_memcpy(to, from, n);
}

static int64_t processor_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

__attribute__((noreturn)) static void die(const char *what)
{
	fprintf(stderr, "corebench: %s\n", what);
	exit(1);
}

static struct two_conn *connect_both(struct two *t, struct two_conn **far)
{
	struct ip_addr to = two_addr("10.0.0.2");
	struct two_conn *c;
	int err = 0;

	t->host[1].tcp_port = 80;
	t->delay = (struct duration){ 1000 };
	c = two_connect(&t->host[0], &to, 4000, 80, &err);
	two_run(t, (struct duration){ 100 * INT64_C(1000000) });
	*far = two_accepted(&t->host[1], 0);
	if (!c || !*far)
		die("no connection");
	return c;
}

int main(int argc, char **argv)
{
	static char in[CHUNK], out[CHUNK];
	uint64_t total = argc == 2 ? strtoull(argv[1], NULL, 10) : 0;
	uint64_t sent = 0, got = 0, idle = 0;
	struct two *t = two_new(1);
	struct two_conn *far, *near = connect_both(t, &far);
	int64_t start;

	if (total == 0)
		die("usage: corebench BYTES");
	copied = 0;
	start = processor_ns();
	while (got < total) {
		size_t n = two_write(near, in, sent < total ? CHUNK : 0), k;

		sent += n;
		two_run(t, (struct duration){ STEP_NS });
		while ((k = two_read(far, out, CHUNK)) > 0) {
			got += k;
			n += k;
		}
		idle = n ? 0 : idle + 1;
		if (idle > 100000)
			die("it does not move");
	}
	start = processor_ns() - start;
	/* Less what the two programs copy into their buffers and out of them. */
	printf("{\"ns_per_segment\": %.0f, \"copied_per_byte\": %.3f}\n",
		(double)start * SEGMENT / (double)got,
		((double)copied - (double)sent - (double)got) / (double)got);
	two_free(t);
	return 0;
}
