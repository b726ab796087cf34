/* The descriptor table against a naive array. SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

#include <fcntl.h>
#include <unistd.h>

#include "internal.h"

#define FDS 5000 /* several pages of the table */

/* First number >= from that is ours, by looking at each. */
static int naive_next(const bool *ours, int from)
{
	for (int fd = from; fd < FDS; fd++) {
		if (ours[fd])
			return fd;
	}
	return -1;
}

TEST(model)
{
	static bool ours[FDS];
	uint32_t x = 12345;

	for (int k = 0; k < 20000; k++) {
		int fd, to;

		x = x * 1664525u + 1013904223u;
		fd = (int)(x >> 8) % FDS;
		to = (int)(x >> 4) % FDS;
		switch (x >> 29) {
		case 0:
		case 1:
			fd_set_socket(fd, 1, 1);
			ours[fd] = true;
			break;
		case 2:
			fd_set_epoll(fd, 1, 1);
			ours[fd] = true;
			break;
		case 3:
			fd_copy(fd, to);
			ours[to] = ours[fd];
			break;
		case 4:
			client_fd_kernel(fd);
			ours[fd] = false;
			break;
		case 5:
		case 6:
			client_fd_forget(fd);
			ours[fd] = false;
			break;
		default:
			CHECK_INT(fd_next_ours(fd), ==, naive_next(ours, fd));
		}
	}
	CHECK_INT(fd_next_ours(0), ==, naive_next(ours, 0));
}

TEST(numbers_beyond_the_table)
{
	fd_set_socket(1 << 24, 1, 1);
	fd_set_socket(-1, 1, 1);
	client_fd_forget(1 << 24);
	CHECK_INT(fd_next_ours(0), ==, -1);
}

/* Not joined: whatever is in the table, sockets are the kernel's. */
TEST(unjoined_is_the_kernels)
{
	struct fd_ref r;
	int err, p[2];

	CHECK(pipe(p) == 0);
	CHECK_INT(fd_peek(p[0], &r), ==, FD_UNKNOWN);
	CHECK_INT(fd_lookup(p[0], &r, &err), ==, FD_KERNEL);
	CHECK_INT(fd_peek(p[0], &r), ==, FD_KERNEL);
	fd_set_socket(p[1], 1, 1);
	CHECK_INT(fd_lookup(p[1], &r, &err), ==, FD_KERNEL);
	close(p[0]);
	close(p[1]);
}

/* The thread sanitizer makes a fork of vfork. */
#if defined(__SANITIZE_THREAD__)
#define VFORK_SHARES false
#elif defined(__has_feature)
#define VFORK_SHARES (!__has_feature(thread_sanitizer))
#else
#define VFORK_SHARES true
#endif

/* A child in our memory may forget, but not learn. */
TEST(shared_memory_child_learns_nothing)
{
	pid_t pid;

	if (!VFORK_SHARES)
		SKIP("vfork shares no memory here");
	CHECK(client_own_memory());
	fd_set_socket(7, 1, 1);
	pid = vfork();
	if (pid == 0) {
		fd_set_socket(9, 1, 1);
		client_fd_forget(7);
		_exit(client_own_memory());
	}
	CHECK(pid > 0);
	CHECK_INT(fd_next_ours(0), ==, -1);
}
