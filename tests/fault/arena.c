/* A stranger's look at a host's arena, by the door through which programs join:
 *	arena SOCKET HOST count		records in use, one line for each kind
 *	arena SOCKET HOST prefix	of the host's abstract names
 *	arena SOCKET HOST scribble SEED	random words all over it, until killed
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/atomic.h"
#include "base/rng.h"
#include "shm/arena.h"
#include "shm/session.h"

static int die(const char *what)
{
	fprintf(stderr, "arena: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int join(const char *path, const char *host)
{
	struct shm_join j = { .magic = SHM_MAGIC, .version = SHM_VERSION };
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	struct shm_welcome w;
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { &w, sizeof(w) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control) };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), memfd;

	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", path);
	snprintf(j.host, sizeof(j.host), "%s", host);
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0 ||
		send(fd, &j, sizeof(j), 0) != sizeof(j) ||
		recvmsg(fd, &m, MSG_WAITALL) != sizeof(w) || w.status < 0 ||
		!CMSG_FIRSTHDR(&m))
		die("join");
	memcpy(&memfd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(memfd));
	close(fd);
	return memfd;
}

/* Taken at some time, and not lying in the pool now. */
static uint32_t in_use(const struct shm_pool *p, const void *links, size_t stride)
{
	uint32_t end = atomic_get_relaxed(&p->fresh), lying = 0;
	uint32_t i = (uint32_t)atomic_get_relaxed(&p->head);

	while (i > 0 && i < end && lying < end) {
		lying++;
		i = atomic_get_relaxed((_Atomic uint32_t *)(uintptr_t)
			((const char *)links + i * stride));
	}
	return end - 1 - lying;
}

#define IN_USE(what, records) \
	printf(#what " %u\n", in_use(&a.hdr->what, &a.records->next_free, \
		sizeof(*a.records)))

static void count(const struct shm_arena *from)
{
	struct shm_arena a = *from;

	IN_USE(socks, socks);
	IN_USE(fifos, fifos);
	IN_USE(epolls, epolls);
	IN_USE(items, items);
}

/* Mostly where something lies; now and then anywhere. The values are small
 * numbers, likely indices, or anything. */
static void scribble(const struct shm_arena *a, uint64_t seed)
{
	struct rng r;
	const struct {
		void *at;
		uint64_t bytes;
	} parts[] = {
		{ a->hdr, sizeof(*a->hdr) },
		{ a->procs, 16 * sizeof(*a->procs) },
		{ a->socks, 64 * sizeof(*a->socks) },
		{ a->fifos, 64 * sizeof(*a->fifos) },
		{ a->rings, 64 * sizeof(*a->rings) },
		{ a->epolls, 8 * sizeof(*a->epolls) },
		{ a->items, 64 * sizeof(*a->items) },
		{ (void *)(uintptr_t)a->ports, a->n_ports * 8ull },
		{ a->bytes, 1u << 20 },
		{ a->hdr, a->bytes_off },
	};

	rng_init(&r, seed);
	for (;;) {
		uint32_t p = rng_below(&r, sizeof(parts) / sizeof(parts[0]));
		uint64_t n = parts[p].bytes / 4, at = rng_next(&r) % n;
		uint32_t v = (uint32_t)rng_next(&r);

		/* Odd seeds leave the geometry, so that programs go on joining. */
		if (seed % 2 && p == sizeof(parts) / sizeof(parts[0]) - 1)
			continue;
		if (seed % 2 && p == 0 && at < offsetof(struct shm_header,
			port_first) / 4)
			continue;
		if (rng_below(&r, 4))
			v %= rng_below(&r, 2) ? 8 : 70;
		((volatile uint32_t *)parts[p].at)[at] = v;
		if (rng_below(&r, 64) == 0)
			usleep(rng_below(&r, 2) ? 0 : 100);
	}
}

int main(int argc, char **argv)
{
	struct shm_arena a;
	struct stat st;
	void *map;
	int fd;

	if (argc < 4)
		return 2;
	fd = join(argv[1], argv[2]);
	if (fstat(fd, &st) < 0)
		die("fstat");
	map = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_NORESERVE, fd, 0);
	if (map == MAP_FAILED)
		die("mmap");
	if (shm_arena_attach(&a, map, (uint64_t)st.st_size) < 0)
		die("the arena is not right");
	if (!strcmp(argv[3], "scribble")) {
		puts("scribbling");
		fflush(stdout);
		scribble(&a, strtoull(argc > 4 ? argv[4] : "1", NULL, 0));
	}
	if (!strcmp(argv[3], "prefix"))
		puts(a.hdr->prefix);
	else
		count(&a);
	return 0;
}
