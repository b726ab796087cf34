/* The sweep and what it asks of the kernel, on a real host with real AF_UNIX
 * sockets as stand-ins: a record lives as long as its stand-in does, wherever a
 * copy of the descriptor is.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/atomic.h"
#include "check.h"
#include "host.h"
#include "limits.h"
#include "process.h"
#include "service.h"

static struct service svc;
static struct host *host;
static char folder[] = "/tmp/enchufe-sweep-XXXXXX";

/* The service's main program has these. */
struct host *service_host(const struct service *s, const char *name)
{
	(void)s;
	(void)name;
	return host;
}

void service_population_changed(struct service *s)
{
	(void)s;
}

static bool no_work(void *user, struct instant now)
{
	(void)user;
	(void)now;
	return false;
}

static void setup(void)
{
	const struct loop_hooks hooks = { .work = no_work };
	struct netfile_host conf;
	int err;

	CHECK(mkdtemp(folder));
	setenv("ENCHUFE_RUNTIME_DIR", folder, 1);
	CHECK_INT(rundir_open(&svc.dir), ==, 0);
	strcpy(svc.net, "test");
	svc.loop = loop_new(&hooks);
	CHECK(svc.loop);
	CHECK_INT(diag_open(&svc.diag), ==, 0);
	svc.bell_fd = -1;
	netfile_host_init(&conf);
	strcpy(conf.name, "h");
	host = host_new(&svc, &conf, &err);
	CHECK_INT(err, ==, 0);
	svc.hosts[0] = host;
	svc.n_hosts = 1;
}

static void teardown(void)
{
	host_free(host);
	loop_free(svc.loop);
	diag_close(&svc.diag);
	rmdir(folder);
}

static uint64_t cookie_of(int fd)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);

	CHECK_INT(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len), ==, 0);
	return cookie;
}

static uint64_t ino_of(int fd)
{
	struct stat st;

	CHECK_INT(fstat(fd, &st), ==, 0);
	return st.st_ino;
}

/* A socket as a program makes it: record and stand-in. */
static int make(uint32_t *i)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct shm_sock *s;

	CHECK_INT(fd, >=, 0);
	CHECK_INT(sock_create(&host->env, AF_INET, SOCK_STREAM, 0, i), ==, 0);
	s = shm_sock_at(&host->arena, *i);
	atomic_put_release(&s->ino, ino_of(fd));
	atomic_put_release(&s->cookie, cookie_of(fd));
	return fd;
}

static uint32_t state(uint32_t i)
{
	return atomic_get_relaxed(&shm_sock_at(&host->arena, i)->state);
}

TEST(diag_knows_life_and_queue)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	uint32_t queued = 9, backlog = 9;
	uint64_t cookie, ino;
	int fd, c;

	setup();
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cookie = cookie_of(fd);
	ino = ino_of(fd);
	CHECK_INT(diag_look(&svc.diag, cookie, ino, NULL, NULL), ==, 0);
	CHECK_INT(diag_look(&svc.diag, cookie + 1, ino, NULL, NULL), ==, -ENOENT);
	CHECK_INT(diag_look(&svc.diag, cookie, 0, NULL, NULL), ==, -EINVAL);
	snprintf(sa.sun_path + 1, sizeof(sa.sun_path) - 1, "enchufe-test-%d",
		(int)getpid());
	CHECK_INT(bind(fd, (void *)&sa, sizeof(sa)), ==, 0);
	CHECK_INT(listen(fd, 3), ==, 0);
	c = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK_INT(connect(c, (void *)&sa, sizeof(sa)), ==, 0);
	CHECK_INT(diag_look(&svc.diag, cookie, ino, &queued, &backlog), ==, 0);
	CHECK_INT(queued, ==, 1);
	CHECK_INT(backlog, ==, 3);
	close(c);
	close(fd);
	CHECK_INT(diag_look(&svc.diag, cookie, ino, NULL, NULL), ==, -ENOENT);
	teardown();
}

TEST(a_record_lives_as_long_as_its_standin)
{
	uint32_t a, b;
	int fa, fb;

	setup();
	fa = make(&a);
	fb = make(&b);
	CHECK_INT(sweep_run(&host->sweep), ==, 2);
	close(fa);
	CHECK_INT(sweep_run(&host->sweep), ==, 1);
	CHECK_INT(state(a), ==, SHM_SOCK_FREE);
	CHECK_INT(state(b), ==, SHM_SOCK_OPEN);
	fa = dup(fb);
	close(fb);
	CHECK_INT(sweep_run(&host->sweep), ==, 1);
	close(fa);
	CHECK_INT(sweep_run(&host->sweep), ==, 0);
	teardown();
}

TEST(many_are_told_apart_by_one_dump)
{
	uint32_t index[200];
	int fds[200];

	setup();
	for (int k = 0; k < 200; k++)
		fds[k] = make(&index[k]);
	CHECK_INT(sweep_run(&host->sweep), ==, 200);
	for (int k = 0; k < 200; k += 2)
		close(fds[k]);
	CHECK_INT(sweep_run(&host->sweep), ==, 100);
	for (int k = 0; k < 200; k++)
		CHECK_INT(state(index[k]), ==,
			k % 2 ? SHM_SOCK_OPEN : SHM_SOCK_FREE);
	for (int k = 1; k < 200; k += 2)
		close(fds[k]);
	CHECK_INT(sweep_run(&host->sweep), ==, 0);
	teardown();
}

static void count(void *user, uint64_t cookie)
{
	(void)cookie;
	(*(int *)user)++;
}

TEST(a_dump_says_whether_it_came_in_one_answer)
{
	struct rlimit files;
	int fds[1500], seen = 0, more = 0;

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	CHECK_INT(setrlimit(RLIMIT_NOFILE, &files), ==, 0);
	setup();
	/* The kernel's answers become as long as what one reads with. */
	CHECK_INT(diag_dump(&svc.diag, count, &seen), >=, 0);
	for (int k = 0; k < 1500; k++)
		CHECK_INT(fds[k] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0),
			>=, 0);
	CHECK_INT(diag_dump(&svc.diag, count, &more), ==, 0);
	CHECK_INT(more, >=, 1500);
	for (int k = 0; k < 1500; k++)
		close(fds[k]);
	seen = 0;
	if (diag_dump(&svc.diag, count, &seen) == 1)
		CHECK_INT(seen, <, 1500);
	teardown();
}

/* Connected ones never get a name in the kernel: one dump is enough. */
TEST(ends_of_connections_are_told_apart_by_one_dump)
{
	uint32_t index[40];
	int fds[40];

	setup();
	for (int k = 0; k < 40; k++) {
		fds[k] = make(&index[k]);
		atomic_put_release(&shm_sock_at(&host->arena, index[k])->state,
			SHM_SOCK_CONNECTED);
	}
	CHECK_INT(sweep_run(&host->sweep), ==, 40);
	for (int k = 0; k < 40; k += 2)
		close(fds[k]);
	CHECK_INT(sweep_run(&host->sweep), ==, 20);
	for (int k = 0; k < 40; k++)
		CHECK_INT(state(index[k]), ==,
			k % 2 ? SHM_SOCK_CONNECTED : SHM_SOCK_FREE);
	for (int k = 1; k < 40; k += 2)
		close(fds[k]);
	CHECK_INT(sweep_run(&host->sweep), ==, 0);
	teardown();
}

TEST(a_descriptor_under_way_keeps_it_alive)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { (char[]){ "x" }, 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	int pair[2], fd;
	uint32_t i;

	setup();
	fd = make(&i);
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), ==, 0);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	CHECK_INT(sendmsg(pair[0], &m, 0), ==, 1);
	close(fd);
	CHECK_INT(sweep_run(&host->sweep), ==, 1);
	close(pair[0]);
	close(pair[1]);
	CHECK_INT(sweep_run(&host->sweep), ==, 0);
	teardown();
}

/* A listener and one that connects to it, up to the kernel's part. */
struct meeting {
	struct sockaddr_un name; /* the listener's stand-in's */
	uint32_t listener, connector, embryo;
	int listener_fd, connector_fd;
};

static void meet(struct meeting *m)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(80),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	enum sock_route route;

	m->name = (struct sockaddr_un){ .sun_family = AF_UNIX };
	snprintf(m->name.sun_path + 1, sizeof(m->name.sun_path) - 1,
		"enchufe-test-%d", (int)getpid());
	m->listener_fd = make(&m->listener);
	m->connector_fd = make(&m->connector);
	CHECK_INT(sock_bind(&host->env, m->listener, (void *)&sa, sizeof(sa)), ==, 0);
	CHECK_INT(sock_listen(&host->env, m->listener, 5), ==, 0);
	CHECK_INT(bind(m->listener_fd, (void *)&m->name, sizeof(m->name)), ==, 0);
	CHECK_INT(listen(m->listener_fd, 5), ==, 0);
	CHECK_INT(sock_connect_begin(&host->env, m->connector, (void *)&sa, sizeof(sa),
		&route, &m->listener, &m->embryo), ==, 0);
}

/* As if so much time had passed. */
static void age(struct sweep *sw, struct duration by)
{
	for (uint32_t k = 0; k < sw->n_suspects; k++)
		sw->suspects[k].since.ns -= by.ns;
}

TEST(embryos_follow_their_listener)
{
	struct meeting m;

	setup();
	meet(&m);
	sock_connect_done(&host->env, m.connector, m.embryo);
	CHECK_INT(sweep_run(&host->sweep), ==, 3);
	close(m.listener_fd);
	/* The listener first; who waited for it when it is seen to be gone. */
	for (int k = 0; k < 3; k++)
		sweep_run(&host->sweep);
	CHECK_INT(state(m.listener), ==, SHM_SOCK_FREE);
	CHECK_INT(state(m.embryo), ==, SHM_SOCK_FREE);
	/* The connector learns of it. */
	CHECK_INT(sock_ready(&host->env, m.connector, POLLIN) & POLLIN, ==, POLLIN);
	close(m.connector_fd);
	CHECK_INT(sweep_run(&host->sweep), ==, 0);
	teardown();
}

TEST(who_dies_waiting_for_room_leaves_nothing)
{
	struct meeting m;

	setup();
	meet(&m);
	close(m.connector_fd);
	CHECK_INT(sweep_run(&host->sweep), ==, 2); /* the connector is reaped */
	for (int k = 0; k < 3; k++)
		CHECK_INT(sweep_run(&host->sweep), ==, 2);
	CHECK_INT(state(m.embryo), ==, SHM_SOCK_CONNECTED);
	age(&host->sweep, EMBRYO_GRACE);
	CHECK_INT(sweep_run(&host->sweep), ==, 1);
	CHECK_INT(state(m.embryo), ==, SHM_SOCK_FREE);
	CHECK_INT(state(m.listener), ==, SHM_SOCK_LISTEN);
	close(m.listener_fd);
	CHECK_INT(sweep_run(&host->sweep), ==, 0);
	teardown();
}

TEST(who_dies_in_the_queue_is_accepted)
{
	struct meeting m;
	int fd;

	setup();
	meet(&m);
	CHECK_INT(connect(m.connector_fd, (void *)&m.name, sizeof(m.name)), ==, 0);
	sock_connect_done(&host->env, m.connector, m.embryo);
	close(m.connector_fd);
	for (int k = 0; k < 3; k++) {
		CHECK_INT(sweep_run(&host->sweep), ==, 2);
		age(&host->sweep, EMBRYO_GRACE);
	}
	/* Between the kernel's accept and ours, and after both. */
	fd = accept(m.listener_fd, NULL, NULL);
	CHECK_INT(sweep_run(&host->sweep), ==, 2);
	CHECK_INT(sock_accept_orphan(&host->env, m.listener, &m.connector), ==, 0);
	CHECK_INT(m.connector, ==, m.embryo);
	atomic_put_release(&shm_sock_at(&host->arena, m.embryo)->ino, ino_of(fd));
	atomic_put_release(&shm_sock_at(&host->arena, m.embryo)->cookie, cookie_of(fd));
	age(&host->sweep, EMBRYO_GRACE);
	CHECK_INT(sweep_run(&host->sweep), ==, 2);
	close(fd);
	CHECK_INT(sweep_run(&host->sweep), ==, 1);
	close(m.listener_fd);
	CHECK_INT(sweep_run(&host->sweep), ==, 0);
	teardown();
}

/* --- processes ------------------------------------------------------------------- */

static pid_t join(struct shm_welcome *w)
{
	int pair[2];
	pid_t pid;

	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), ==, 0);
	process_register(host, pair[0], w);
	pid = getpid();
	close(pair[0]);
	close(pair[1]);
	return pid;
}

TEST(a_process_keeps_its_slot_and_gets_a_new_generation)
{
	struct shm_welcome first, second;

	setup();
	join(&first);
	CHECK_INT(first.status, ==, 0);
	CHECK_INT(first.slot, >, 0);
	CHECK_INT(process_pid(host, first.slot), ==, getpid());
	join(&second); /* after exec */
	CHECK_INT(second.slot, ==, first.slot);
	CHECK_INT(second.gen, !=, first.gen);
	CHECK_INT(atomic_get_relaxed(&host->arena.procs[first.slot].gen), ==,
		second.gen);
	CHECK_INT(host->n_procs, ==, 1);
	teardown();
}

TEST(a_record_without_standin_dies_with_its_maker)
{
	struct shm_welcome w;
	uint32_t i;

	setup();
	join(&w);
	CHECK_INT(sock_create(&host->env, AF_INET, SOCK_STREAM, 0, &i), ==, 0);
	shm_sock_at(&host->arena, i)->owner_slot = w.slot;
	shm_sock_at(&host->arena, i)->owner_gen = w.gen;
	for (int k = 0; k < 3; k++)
		CHECK_INT(sweep_run(&host->sweep), ==, 1);
	process_forget_all(host);
	/* Once it may be passing from one to another; twice it is dead. */
	CHECK_INT(sweep_run(&host->sweep), ==, 1);
	CHECK_INT(sweep_run(&host->sweep), ==, 0);
	teardown();
}

TEST(the_arena_is_sealed)
{
	setup();
	CHECK_INT(ftruncate(host->memfd, 4096), ==, -1);
	CHECK_INT(errno, ==, EPERM);
	CHECK_INT(fcntl(host->memfd, F_GET_SEALS) &
		(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL), ==,
		F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
	teardown();
}
