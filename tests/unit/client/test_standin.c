/* Stand-ins: doorbells, hangups, and whether one still lives.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"

/* An arena of our own in place of the service's. */
static void world(void)
{
	struct shm_geometry g = { .size = 64u << 20 };
	void *p = mmap(NULL, g.size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	CHECK(p != MAP_FAILED);
	CHECK_INT(shm_arena_create(&cl.arena, p, g.size, &g), ==, 0);
	cl.arena.hdr->key = 99;
	memcpy(cl.arena.hdr->prefix, "enchufe-unit", 13);
	cl.env = (struct sock_env){ .arena = &cl.arena,
		.is_dead = standin_is_dead };
}

static struct fd_ref fresh(int type)
{
	struct fd_ref r = { 0 };

	CHECK_INT(sock_create(&cl.env, AF_INET, type, 0, &r.i), ==, 0);
	r.s = shm_sock_at(&cl.arena, r.i);
	r.gen = atomic_get_relaxed(&r.s->gen);
	r.fd = standin_open(type, SOCK_CLOEXEC);
	CHECK_INT(r.fd, >=, 0);
	CHECK_INT(standin_record(r.fd, r.s), ==, 0);
	return r;
}

TEST(hello_and_bells)
{
	struct fd_ref l, c, a = { 0 };
	struct shm_hello h;

	world();
	l = fresh(SOCK_STREAM);
	c = fresh(SOCK_STREAM);
	CHECK_INT(standin_name(l.fd, l.s, l.i), ==, 0);
	CHECK_INT(standin_name(l.fd, l.s, l.i), ==, 0);
	CHECK_INT(standin_connect(c.fd, l.i, l.gen, true), ==, -ECONNREFUSED);
	CHECK_INT(listen(l.fd, 1), ==, 0);
	CHECK_INT(standin_connect(c.fd, l.i, l.gen, true), ==, 0);
	CHECK_INT(standin_hello(c.fd, SHM_HELLO_ACCEPT, 5, 6), ==, 0);
	a.fd = accept(l.fd, NULL, NULL);
	a.s = l.s;
	CHECK_INT(standin_read_hello(a.fd, &h), ==, 0);
	CHECK_INT(h.sock, ==, 5);
	CHECK_INT(h.gen, ==, 6);
	CHECK_INT(standin_look(a.fd), ==, STANDIN_EMPTY);
	for (int k = 0; k < 2000; k++)
		standin_ring(&c); /* never blocks */
	CHECK_INT(standin_look(a.fd), ==, STANDIN_BYTE);
	CHECK_INT(standin_drain(&a), ==, STANDIN_EMPTY);
	CHECK_INT(standin_look(a.fd), ==, STANDIN_EMPTY);
	CHECK(!standin_hup(a.fd));
	standin_ring(&c);
	close(c.fd);
	CHECK(standin_hup(a.fd));
	CHECK_INT(standin_drain(&a), ==, STANDIN_GONE);
	CHECK_INT(standin_look(a.fd), ==, STANDIN_GONE);
	close(a.fd);
	close(l.fd);
}

TEST(wrong_hello_is_no_connection)
{
	struct shm_hello h = { .magic = SHM_MAGIC, .kind = SHM_HELLO_ACCEPT,
		.key = 98 }, got;
	int sv[2];

	world();
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0);
	CHECK(write(sv[0], &h, sizeof(h)) == sizeof(h));
	CHECK_INT(standin_read_hello(sv[1], &got), ==, -ECONNABORTED);
	close(sv[0]);
	CHECK_INT(standin_read_hello(sv[1], &got), ==, -ECONNABORTED);
	close(sv[1]);
}

/* Dead exactly when the last descriptor anywhere is closed. */
TEST(life_is_the_kernels_word)
{
	struct fd_ref r;
	int go[2], d, st;
	pid_t pid;
	char c;

	world();
	r = fresh(SOCK_DGRAM);
	CHECK_INT(standin_is_dead(NULL, r.i), ==, 0);
	d = dup(r.fd);
	close(r.fd);
	CHECK_INT(standin_is_dead(NULL, r.i), ==, 0);
	CHECK(pipe(go) == 0);
	pid = fork();
	if (pid == 0) {
		close(go[1]);
		_exit(read(go[0], &c, 1) != 0);
	}
	close(d);
	CHECK_INT(standin_is_dead(NULL, r.i), ==, 0);
	close(go[1]);
	CHECK(waitpid(pid, &st, 0) == pid && st == 0);
	CHECK_INT(standin_is_dead(NULL, r.i), ==, 1);
	close(go[0]);
}

/* A datagram socket's bell reaches it by its name; a sleeper in another process
 * wakes. */
TEST(bell_by_name_wakes_a_sleeper)
{
	struct sock_effect fx = { 0 };
	struct fd_ref r, other;
	int st;
	pid_t pid;

	world();
	r = fresh(SOCK_DGRAM);
	other = fresh(SOCK_DGRAM);
	CHECK_INT(standin_name(r.fd, r.s, r.i), ==, 0);
	pid = fork();
	if (pid == 0) {
		char c;

		_exit(recv(r.fd, &c, 1, MSG_PEEK) != 1);
	}
	fx.ring_to = r.i;
	standin_effects(&other, &fx);
	CHECK_INT(atomic_get_relaxed(&r.s->rung), ==, 1);
	CHECK(waitpid(pid, &st, 0) == pid && st == 0);
	CHECK_INT(standin_drain(&r), ==, STANDIN_EMPTY);
	CHECK_INT(atomic_get_relaxed(&r.s->rung), ==, 0);
	close(r.fd);
	close(other.fd);
}

TEST(wait_ends_at_its_deadline)
{
	struct fd_ref r;

	world();
	r = fresh(SOCK_DGRAM);
	CHECK_INT(wait_for(&r, POLLIN, sys_now_ns() + 20 * NS_PER_MS), ==, -EAGAIN);
	CHECK_INT(atomic_get_relaxed(&r.s->rx_wait), ==, 0);
	CHECK_INT(wait_for(&r, POLLOUT, WAIT_FOREVER), ==, 0);
	close(r.fd);
}
