/* Joining a virtual host, at the first call that needs it.
 *
 *	environment -> control socket -> welcome, slot, memfd -> mapped arena
 *
 * The mapping and the record of it live as long as the address space. What must
 * not survive a fork, our slot in the arena, lies on a page that the kernel wipes
 * in the child (MADV_WIPEONFORK, also after a bare clone): a child finds zeros
 * and registers for itself. A child that shares our memory (vfork, posix_spawn)
 * finds our page but another pid, and caches nothing.
 *
 * If the service cannot be reached the calls fail and say so once; they never
 * fall back to the kernel's network, which would be a leak.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "data.h"
#include "shm/delay.h"
#include "shm/session.h"
#include "spin.h"

#define WELCOME_LOOKS 2000 /* some milliseconds */

struct client cl;

enum attach_state { ATTACH_NONE, ATTACH_DONE, ATTACH_FAILED };

static _Atomic uint32_t attach_state; /* stored by release, after cl is filled */
static _Atomic uint32_t attach_busy;  /* 0, or the thread id that joins */
static _Atomic uint32_t complained;

/* Copies of the environment: a program may clear its own. */
static char env_socket[sizeof(SHM_ENV_SOCKET) + SHM_PATH_MAX];
static char env_host[sizeof(SHM_ENV_HOST) + SHM_NAME_MAX];
static _Atomic uint32_t env_taken;

#define RANDOM_WORDS 64 /* from one system call */

/* The page that a fork wipes. */
struct forked_page {
	_Atomic uint32_t pid;	     /* whose address space this is */
	_Atomic uint32_t registered; /* 1: self_slot is this process's */
	_Atomic uint32_t n_random;   /* words of it that are still good */
	_Atomic uint32_t random[RANDOM_WORDS];
};
static struct forked_page *page;

static _Atomic uint32_t not_registered;
_Atomic(_Atomic uint32_t *) client_registered = &not_registered;

static void take_env(char *dst, size_t size, const char *name, const char *entry)
{
	size_t n = strlen(name);

	if (strncmp(entry, name, n) == 0 && entry[n] == '=' && strlen(entry) < size)
		memcpy(dst, entry, strlen(entry) + 1);
}

void client_init(char *const *envp)
{
	const char *spin = NULL;

	if (!envp || atomic_swap(&env_taken, 1) != 0)
		return;
	for (; *envp; envp++) {
		take_env(env_socket, sizeof(env_socket), SHM_ENV_SOCKET, *envp);
		take_env(env_host, sizeof(env_host), SHM_ENV_HOST, *envp);
		if (strncmp(*envp, "ENCHUFE_SPIN_US=", 16) == 0)
			spin = *envp + 16;
	}
	spin_init(spin);
	client_forked();
}

bool client_configured(void)
{
	if (atomic_get_acquire(&env_taken) == 0 && environ)
		client_init(environ);
	return env_socket[0] != 0;
}

const char *client_env_socket(void)
{
	return client_configured() ? env_socket : NULL;
}

const char *client_env_host(void)
{
	return client_configured() && env_host[0] ? env_host : NULL;
}

static const char *host_name(void)
{
	return env_host[0] ? env_host + sizeof(SHM_ENV_HOST) : "";
}

/* --- whose memory ---------------------------------------------------------- */

static uint32_t my_pid(void)
{
	return (uint32_t)sys_call0(SYS_getpid);
}

static struct forked_page *own_page(void)
{
	long r;

	if (page)
		return page;
	r = sys_call6(SYS_mmap, 0, 4096, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (r < 0 && r > -4096)
		return NULL;
	sys_call3(SYS_madvise, r, 4096, MADV_WIPEONFORK);
	page = (struct forked_page *)(uintptr_t)r;
	return page;
}

bool client_own_memory(void)
{
	struct forked_page *p = own_page();
	uint32_t pid = my_pid(), none = 0;

	if (!p)
		return false;
	/* The first to look after a fork owns it; no partner, one word. */
	return atomic_cas(&p->pid, &none, pid) || none == pid;
}

void client_forked(void)
{
	if (!client_own_memory() || !client_attached())
		return;
	connect_forked();
	if (epoll_any())
		client_enter();
}

/* --- talking to the service ------------------------------------------------- */

static void complain(const char *what, int err)
{
	char line[2 * SHM_PATH_MAX];
	int n;

	if (atomic_swap(&complained, 1) != 0)
		return;
	n = snprintf(line, sizeof(line),
		"enchufe: cannot join the network at %s (%s: error %d): network "
		"calls fail; is enchufed running? (`enchufe run` starts it)\n",
		env_socket + sizeof(SHM_ENV_SOCKET), what, -err);
	sys_call3(SYS_write, 2, line, n);
}

static void complain_full(void)
{
	static const char line[] = "enchufe: no place on the host for another "
		"process: network calls fail until one of the others ends\n";

	if (atomic_swap(&complained, 1) == 0)
		sys_call3(SYS_write, 2, line, sizeof(line) - 1);
}

static int send_all(int fd, const void *buf, size_t n)
{
	long r;

	do {
		r = sys_call6(SYS_sendto, fd, buf, n, MSG_NOSIGNAL, 0, 0);
	} while (r == -EINTR);
	return r < 0 ? (int)r : (size_t)r == n ? 0 : -EPROTO;
}

/* The answer, with the memfd in *memfd if one came (else -1). */
static int read_welcome(int fd, struct shm_welcome *w, int *memfd)
{
	int flags = MSG_CMSG_CLOEXEC | MSG_DONTWAIT;
	unsigned looks = 0;
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = { w, sizeof(*w) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c;
	long r;

	*memfd = -1;
	/* At first without sleeping: programs wait until another sleeps (in the call
	 * that they know of), and this here is none of its sleeps. */
	do {
		if (looks++ > 0 && flags & MSG_DONTWAIT)
			sys_call0(SYS_sched_yield);
		if (looks > WELCOME_LOOKS)
			flags = MSG_CMSG_CLOEXEC | MSG_WAITALL;
		r = sys_call3(SYS_recvmsg, fd, &m, flags);
	} while (r == -EINTR || (r == -EAGAIN && (flags & MSG_DONTWAIT)));
	if (r < 0)
		return (int)r;
	c = CMSG_FIRSTHDR(&m);
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
		memcpy(memfd, CMSG_DATA(c), sizeof(int));
	if (r != sizeof(*w))
		return -EPROTO;
	if (m.msg_flags & MSG_CTRUNC)
		return -EMFILE; /* no number for what came along */
	return w->status < 0 ? w->status : 0;
}

static int open_control(void)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	const char *path = env_socket + sizeof(SHM_ENV_SOCKET);
	long fd, r;

	if (strlen(path) >= sizeof(sa.sun_path))
		return -ENAMETOOLONG;
	memcpy(sa.sun_path, path, strlen(path));
	fd = sys_call3(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return (int)fd;
	r = sys_call3(SYS_connect, fd, &sa, sizeof(sa));
	if (r < 0) {
		sys_close((int)fd);
		return (int)r;
	}
	return (int)fd;
}

/* Nothing, a few pauses, another's turn, or a nap. */
static void delay(void)
{
	uint32_t dice = (uint32_t)sys_now_ns() * 2654435761u >> 16;
	struct timespec nap = { 0, 20 * NS_PER_US };

	if (dice % 64 == 0)
		sys_call2(SYS_nanosleep, &nap, 0);
	else if (dice % 8 == 1)
		sys_call0(SYS_sched_yield);
	else if (dice % 4 == 2)
		for (uint32_t k = dice >> 6; k > 0; k--)
			atomic_pause();
}

static void relax(unsigned tries)
{
	struct timespec step = { 0, 50 * NS_PER_US };

	if (tries == SHM_DELAY_HERE)
		delay();
	else if (tries < 64)
		atomic_pause();
	else if (client_is_confined())
		sys_call2(SYS_nanosleep, &step, 0);
	else
		sys_call0(SYS_sched_yield);
}

static int64_t monotonic(void *user)
{
	(void)user;
	return sys_now_ns();
}

static uint32_t random_u32(void *user)
{
	struct forked_page *p = own_page();
	uint32_t fresh[RANDOM_WORDS] = { 0 }, n;

	(void)user;
	n = p ? atomic_get_relaxed(&p->n_random) : 0;
	if (n > 0 && n <= RANDOM_WORDS) {
		/* No partner: two threads may get the same, once in a while. */
		atomic_put_relaxed(&p->n_random, n - 1);
		return atomic_get_relaxed(&p->random[n - 1]);
	}
	sys_call3(SYS_getrandom, fresh, sizeof(fresh), 0);
	for (n = 1; p && n < RANDOM_WORDS; n++)
		atomic_put_relaxed(&p->random[n - 1], fresh[n]);
	if (p)
		atomic_put_relaxed(&p->n_random, RANDOM_WORDS - 1);
	return fresh[0];
}

static uint32_t current_cpu(void *user)
{
	unsigned cpu = 0;

	(void)user;
	sys_call3(SYS_getcpu, &cpu, 0, 0);
	return cpu;
}

static int map_arena(int memfd, const struct shm_welcome *w)
{
	struct stat st;
	long r = sys_call2(SYS_fstat, memfd, &st);
	int err;

	if (r < 0)
		return (int)r;
	r = sys_call6(SYS_mmap, 0, st.st_size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_NORESERVE, memfd, 0);
	if (r < 0 && r > -4096)
		return (int)r;
	err = shm_arena_attach(&cl.arena, (void *)(uintptr_t)r,
		(uint64_t)st.st_size);
	if (err < 0) {
		sys_call2(SYS_munmap, r, st.st_size);
		return err;
	}
	cl.arena.self_slot = w->slot;
	cl.arena.self_gen = w->gen;
	cl.arena.relax = relax;
	cl.env = (struct sock_env){ .arena = &cl.arena,
		.is_dead = standin_is_dead, .random = random_u32, .cpu = current_cpu,
		.now = monotonic, .here = spin_here,
		.wall_ns = sys_wall_ns, .ring = standin_ring_other,
		.caps = client_caps };
	cl.user_ns = client_user_ns();
	etc_take(cl.arena.hdr);
	return 0;
}

static int join(void)
{
	struct shm_join j = { .magic = SHM_MAGIC, .version = SHM_VERSION };
	struct shm_welcome w;
	int fd = open_control(), memfd = -1, err;

	if (fd < 0)
		return fd;
	memcpy(j.host, host_name(), strnlen(host_name(), SHM_NAME_MAX - 1));
	err = send_all(fd, &j, sizeof(j));
	if (err == 0)
		err = read_welcome(fd, &w, &memfd);
	if (err == 0)
		err = memfd < 0 ? -EPROTO : map_arena(memfd, &w);
	if (memfd >= 0)
		sys_close(memfd);
	sys_close(fd);
	return err;
}

static int register_child(void)
{
	struct shm_welcome w;
	int fd = standin_open(SOCK_STREAM, SOCK_CLOEXEC), memfd, err;

	if (fd < 0)
		return fd;
	err = standin_connect_service(fd);
	if (err == 0)
		err = standin_hello(fd, SHM_HELLO_REGISTER, 0, 0);
	if (err == 0)
		err = read_welcome(fd, &w, &memfd);
	sys_close(fd);
	if (err == 0) {
		cl.arena.self_slot = w.slot;
		cl.arena.self_gen = w.gen;
	}
	return err;
}

/* --- the door ---------------------------------------------------------------- */

bool client_attached(void)
{
	/* Pairs with the release in attach_locked(): cl is filled. */
	return atomic_get_acquire(&attach_state) == ATTACH_DONE;
}

static bool lasting(int err)
{
	return err != -EUSERS && err != -EMFILE && err != -ENFILE &&
		err != -ENOMEM && err != -EAGAIN;
}

/* Join, if `first` is not NULL; else register once more, after a fork. */
static int enrol(void *first)
{
	return first ? join() : register_child();
}

static int attach_locked(void)
{
	bool first = !client_attached();
	int err;

	if (atomic_get_relaxed(&attach_state) == ATTACH_FAILED)
		return -ENETDOWN;
	if (!own_page())
		return -ENOMEM;
	if (atomic_get_relaxed(&page->registered) && !first)
		return 0;
	err = enrol(first ? page : NULL);
	if (err == -EMFILE) /* the program has used them all: Linux needs none */
		err = spare_run(enrol, first ? page : NULL);
	if (err < 0) {
		if (err == -EUSERS)
			complain_full();
		if (!lasting(err))
			return err;
		complain(first ? "join" : "register", err);
		/* A child of a host whose service is gone may be asked again. */
		if (first)
			atomic_put_release(&attach_state, ATTACH_FAILED);
		return -ENETDOWN;
	}
	/* Pairs with the acquire in client_attached() and client_enter(). */
	atomic_put_release(&attach_state, ATTACH_DONE);
	if (client_own_memory())
		atomic_put_release(&page->registered, 1);
	atomic_put_release(&client_registered, &page->registered); /* likewise */
	if (!first)
		epoll_hold_all();
	return 0;
}

int client_enter(void)
{
	uint32_t me, owner;
	int err;

	/* Pair with the releases in attach_locked(): slot and arena are ours. */
	if (atomic_get_acquire(atomic_get_acquire(&client_registered)))
		return 0;
	if (!client_configured() || client_is_confined())
		return -ENETDOWN;
	CALL_GUARD();
	me = (uint32_t)sys_call0(SYS_gettid);
	for (unsigned tries = 0;; tries++) {
		owner = 0;
		/* A lock; pairs with its release below. A fork's child inherits
		 * it from a thread that it does not have: the page tells. */
		if (atomic_cas(&attach_busy, &owner, me))
			break;
		if (owner == me)
			return -ENETDOWN; /* a signal handler within */
		if (sys_call3(SYS_tgkill, my_pid(), owner, 0) == -ESRCH)
			atomic_cas(&attach_busy, &owner, 0);
		relax(64);
	}
	err = attach_locked();
	atomic_put_release(&attach_busy, 0);
	return err;
}

void client_join_early(void)
{
	uint32_t said;

	if (!client_configured() || client_attached() ||
		atomic_get_relaxed(&attach_state) == ATTACH_FAILED)
		return;
	/* Not one that has used the network so far: perhaps it never will. */
	said = atomic_swap(&complained, 1);
	if (client_enter() < 0)
		atomic_put_relaxed(&attach_state, ATTACH_NONE);
	atomic_put_relaxed(&complained, said);
}

uint64_t client_arena_bytes(void)
{
	return client_attached() ? cl.arena.size : 0;
}

const char *client_host_name(void)
{
	if (!client_configured() || !host_name()[0] || client_enter() < 0)
		return NULL;
	if (strncmp(cl.arena.hdr->net, "default", SHM_NAME_MAX) == 0)
		return NULL;
	return host_name();
}
