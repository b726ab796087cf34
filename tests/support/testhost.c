/* A host without a network, for tests of programs: hands out one arena and sweeps
 * it, as the service does, but knows no packets.
 *
 *	testhost [-t SECONDS] -- PROGRAM [ARG...]
 *
 * runs PROGRAM under the shim (ENCHUFE_TEST_SHIM) on that host and ends with its
 * exit status; at the end the records must be gone (else status 99, unless the
 * program left processes). SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"
#include "shm/session.h"

static struct shm_arena *arena = &cl.arena;
static struct sock_env env;
static int memfd, control_fd, stream_fd, bell_fd;
static char control_path[64], hosts_path[80];
static int pidfds[SHM_PROCS];

static void die(const char *what)
{
	perror(what);
	exit(98);
}

static int abstract(int type, const char *rest)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int n = snprintf(sa.sun_path + 1, sizeof(sa.sun_path) - 1, "%s%s",
		arena->hdr->prefix, rest);
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (bind(fd, (struct sockaddr *)&sa,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
		(size_t)n)) < 0)
		die("bind");
	if (type == SOCK_STREAM && listen(fd, 128) < 0)
		die("listen");
	return fd;
}

static void make_host(void)
{
	struct shm_geometry g = { .size = UINT64_C(1) << 30 };
	uint64_t size = shm_arena_size(&g);
	void *p;
	FILE *f;

	memfd = memfd_create("testhost", MFD_CLOEXEC);
	if (memfd < 0 || ftruncate(memfd, (off_t)size) < 0)
		die("memfd");
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE,
		memfd, 0);
	if (p == MAP_FAILED || shm_arena_create(arena, p, size, &g) < 0)
		die("arena");
	arena->hdr->key = 0x1234567890abcdefu ^ (uint64_t)getpid();
	snprintf(arena->hdr->net, SHM_NAME_MAX, "test");
	snprintf(arena->hdr->host, SHM_NAME_MAX, "uno");
	snprintf(arena->hdr->prefix, SHM_PREFIX_MAX, "enchufe-test/%d", getpid());
	snprintf(hosts_path, sizeof(hosts_path), "/tmp/enchufe-test-%d.hosts",
		getpid());
	f = fopen(hosts_path, "w");
	if (!f)
		die(hosts_path);
	fprintf(f, "127.0.0.1 localhost\n::1 localhost\n127.0.0.1 uno servidor\n");
	fclose(f);
	snprintf(arena->hdr->etc_path, SHM_PATH_MAX, "/tmp/enchufe-test-%d.", getpid());
	arena->hdr->service_pid = getpid();
	env = (struct sock_env){ .arena = arena, .is_dead = standin_is_dead,
		.privileged = true };
	cl.env = env;
}

static void open_control(void)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };

	snprintf(control_path, sizeof(control_path), "/tmp/enchufe-test-%d.sock",
		getpid());
	strcpy(sa.sun_path, control_path);
	control_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(control_fd, (struct sockaddr *)&sa, sizeof(sa)) < 0 ||
		listen(control_fd, 128) < 0)
		die(control_path);
	stream_fd = abstract(SOCK_STREAM, "/s");
	bell_fd = abstract(SOCK_DGRAM, "/d");
}

static uint32_t slot_for(int fd, uint32_t *gen)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);
	uint32_t s, fresh = 0;

	getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len);
	for (s = 1; s < arena->n_procs; s++) {
		if (arena->procs[s].state == 1 && arena->procs[s].pid == cred.pid)
			break;
		if (arena->procs[s].state == 0 && !fresh)
			fresh = s;
	}
	if (s == arena->n_procs) {
		s = fresh;
		arena->procs[s].pid = cred.pid;
		pidfds[s] = (int)syscall(SYS_pidfd_open, cred.pid, 0);
		arena->procs[s].state = 1;
	}
	*gen = arena->procs[s].gen;
	return s;
}

static void welcome(int fd, bool with_arena)
{
	struct shm_welcome w = { 0 };
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { &w, sizeof(w) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };

	w.slot = slot_for(fd, &w.gen);
	if (with_arena) {
		struct cmsghdr *c;

		m.msg_control = control;
		m.msg_controllen = sizeof(control);
		c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &memfd, sizeof(int));
	}
	sendmsg(fd, &m, MSG_NOSIGNAL);
}

static void serve_control(void)
{
	int fd = accept4(control_fd, NULL, NULL, SOCK_CLOEXEC);
	struct shm_join j;

	if (fd < 0)
		return;
	if (recv(fd, &j, sizeof(j), MSG_WAITALL) == sizeof(j) &&
		j.magic == SHM_MAGIC)
		welcome(fd, !(j.flags & SHM_JOIN_HOLD));
	close(fd);
}

static void serve_stream(void)
{
	int fd = accept4(stream_fd, NULL, NULL, SOCK_CLOEXEC);
	struct shm_hello h;

	if (fd < 0)
		return;
	if (recv(fd, &h, sizeof(h), MSG_WAITALL) == sizeof(h) &&
		h.key == arena->hdr->key) {
		if (h.kind == SHM_HELLO_REGISTER)
			welcome(fd, false);
		else if (h.kind == SHM_HELLO_CONNECT)
			sock_fail(&env, h.sock, ENETUNREACH, true);
	}
	close(fd);
}

static void end_process(uint32_t slot)
{
	struct shm_proc *p = &arena->procs[slot];

	close(pidfds[slot]);
	pidfds[slot] = 0;
	p->gen++;
	p->state = 0;
	for (uint32_t i = 1; i < arena->n_epolls; i++) {
		struct shm_epoll *ep = &arena->epolls[i];
		uint32_t any = 0;

		if (!ep->live)
			continue;
		ep->holders[slot / 32] &= ~(1u << (slot % 32));
		for (int w = 0; w < SHM_EPOLL_HOLDER_WORDS; w++)
			any |= ep->holders[w];
		if (any)
			continue;
		for (uint32_t k = ep->items; k != 0;) {
			struct shm_item *it = shm_item_at(arena, k);
			uint32_t next = it->next;

			sock_unwatch(&env, it->sock, k);
			shm_item_free(arena, k);
			k = next;
		}
		shm_epoll_free(arena, i);
	}
	arena->hdr->changes++;
}

static bool embryo_lost(const struct shm_sock *s)
{
	const struct shm_sock *l = shm_sock_at(arena, s->listener);

	return !l || l->gen != s->listener_gen || l->state != SHM_SOCK_LISTEN;
}

/* Returns how many records live on. */
static unsigned sweep(void)
{
	uint32_t n = atomic_get_relaxed(&arena->hdr->socks.fresh);
	unsigned alive = 0;

	for (uint32_t i = 1; i < n; i++) {
		struct shm_sock *s = &arena->socks[i];

		if (atomic_get_relaxed(&s->state) == SHM_SOCK_FREE)
			continue;
		if (s->flags & SHM_F_EMBRYO ? embryo_lost(s) :
			standin_is_dead(NULL, i) == 1)
			sock_reap(&env, i);
		else
			alive++;
	}
	return alive;
}

static void loop_once(int child_pidfd)
{
	struct pollfd p[4 + SHM_PROCS] = { { control_fd, POLLIN, 0 },
		{ stream_fd, POLLIN, 0 }, { bell_fd, POLLIN, 0 },
		{ child_pidfd, POLLIN, 0 } };
	static uint32_t seen;
	uint32_t slots[SHM_PROCS];
	char c[64];
	nfds_t n = 4;

	for (uint32_t s = 1; s < arena->n_procs; s++) {
		if (pidfds[s] > 0) {
			slots[n - 4] = s;
			p[n++] = (struct pollfd){ pidfds[s], POLLIN, 0 };
		}
	}
	poll(p, n, 50);
	if (p[0].revents)
		serve_control();
	if (p[1].revents)
		serve_stream();
	if (p[2].revents)
		recv(bell_fd, c, sizeof(c), MSG_DONTWAIT);
	for (nfds_t k = 4; k < n; k++) {
		if (p[k].revents)
			end_process(slots[k - 4]);
	}
	if (seen != arena->hdr->changes) {
		seen = arena->hdr->changes;
		sweep();
	}
}

static int start(char **argv)
{
	const char *shim = getenv("ENCHUFE_TEST_SHIM");
	int pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setenv("LD_PRELOAD", shim ? shim : "", 1);
	setenv(SHM_ENV_SOCKET, control_path, 1);
	setenv(SHM_ENV_HOST, "uno", 1);
	execvp(argv[0], argv);
	die(argv[0]);
	return 0;
}

int main(int argc, char **argv)
{
	int at = 1, limit = 60, status = 0, pid, pidfd;
	int64_t end;

	if (argc > 3 && strcmp(argv[1], "-t") == 0) {
		limit = atoi(argv[2]);
		at = 3;
	}
	if (argc > at && strcmp(argv[at], "--") == 0)
		at++;
	if (argc <= at)
		return 2;
	make_host();
	open_control();
	pid = start(argv + at);
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	end = sys_now_ns() + limit * NS_PER_S;
	while (waitpid(pid, &status, WNOHANG) == 0) {
		loop_once(pidfd);
		if (sys_now_ns() > end) {
			fprintf(stderr, "testhost: %d s are over\n", limit);
			kill(pid, SIGKILL);
		}
	}
	for (int k = 0; k < 20 && sweep() > 0; k++)
		loop_once(-1);
	unlink(control_path);
	unlink(hosts_path);
	if (sweep() > 0) {
		fprintf(stderr, "testhost: %u records are left\n", sweep());
		if (status == 0)
			return 99;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
