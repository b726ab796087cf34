/* Counting what the program asks for. Not on any path that is to be fast: without
 * a report all that happens is a look at report_wanted.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "report.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "base/atomic.h"
#include "shim.h"
#include "sock/sock.h"

#define PATH_ROOM 512

struct named {
	unsigned long value;
	const char *name;
};

bool report_wanted;

static char variable[sizeof(SHM_ENV_REPORT) + PATH_ROOM];
static _Atomic(struct report *) mapped;
static unsigned program;

void report_init(char *const *envp)
{
	size_t n = sizeof(SHM_ENV_REPORT) - 1;

	for (; envp && *envp; envp++) {
		if (strncmp(*envp, SHM_ENV_REPORT, n) == 0 && (*envp)[n] == '=' &&
			strlen(*envp) < sizeof(variable)) {
			strcpy(variable, *envp);
			report_wanted = true;
		}
	}
}

const char *report_env(void)
{
	return report_wanted ? variable : NULL;
}

/* --- the file -------------------------------------------------------------------- */

/* This program's number in it; REPORT_PROGRAMS when there is no room. */
static unsigned find_program(struct report *f)
{
	char name[PATH_ROOM] = "";
	const char *base;
	long n = sys_call4(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", name,
		sizeof(name) - 1);

	name[n > 0 ? n : 0] = 0;
	base = strrchr(name, '/');
	base = base ? base + 1 : name;
	for (unsigned k = 0; k < REPORT_PROGRAMS; k++) {
		struct report_program *p = &f->programs[k];
		uint32_t none = 0;

		/* A pair with the release below, in another process of it. */
		if (atomic_cas(&p->state, &none, 1)) {
			strncpy(p->name, base, sizeof(p->name) - 1);
			atomic_put_release(&p->state, 2);
			return k;
		}
		for (int tries = 0; tries < 1000; tries++) {
			if (atomic_get_acquire(&p->state) == 2)
				break;
			sys_call0(SYS_sched_yield);
		}
		if (strncmp(p->name, base, sizeof(p->name) - 1) == 0)
			return k;
	}
	return REPORT_PROGRAMS;
}

static struct report *file(void)
{
	struct report *f = atomic_get_acquire(&mapped), *none = NULL;
	long fd, r;

	if (f)
		return f;
	fd = sys_call4(SYS_openat, AT_FDCWD, variable + sizeof(SHM_ENV_REPORT),
		O_RDWR | O_CLOEXEC, 0);
	if (fd < 0) {
		report_wanted = false;
		return NULL;
	}
	r = sys_call6(SYS_mmap, 0, sizeof(struct report), PROT_READ | PROT_WRITE,
		MAP_SHARED, fd, 0);
	sys_close((int)fd);
	if (r < 0 && r > -4096)
		return NULL;
	f = (struct report *)(uintptr_t)r;
	program = find_program(f);
	if (!atomic_cas(&mapped, &none, f)) {
		sys_call2(SYS_munmap, r, sizeof(struct report));
		f = none;
	}
	return f;
}

static uint64_t key_of(enum report_kind kind, uint64_t a, const char *b, int err)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	h = (h ^ kind) * UINT64_C(0x100000001b3);
	h = (h ^ program) * UINT64_C(0x100000001b3);
	h = (h ^ (uint64_t)err) * UINT64_C(0x100000001b3);
	h = (h ^ a) * UINT64_C(0x100000001b3);
	for (; *b; b++)
		h = (h ^ (uint8_t)*b) * UINT64_C(0x100000001b3);
	return (h ^ h >> 29) | 1;
}

static void count(enum report_kind kind, uint64_t what, const char *label, long r,
	enum report_class outcome)
{
	struct report *f = file();
	int err = r < 0 ? (int)-r : 0;
	uint64_t key;

	if (!f || program == REPORT_PROGRAMS)
		return;
	key = key_of(kind, what, label, err);
	for (unsigned k = 0; k < REPORT_ENTRIES; k++) {
		struct report_entry *e =
			&f->entries[(key + k) & (REPORT_ENTRIES - 1)];
		uint64_t have = 0;

		/* The reader comes when all this is over: no order is needed. */
		if (atomic_cas(&e->key, &have, key)) {
			e->kind = (uint8_t)kind;
			e->program = (uint8_t)program;
			e->error = (uint16_t)err;
			e->outcome = (uint8_t)outcome;
			strncpy(e->label, label, sizeof(e->label) - 1);
			have = key;
		}
		if (have == key) {
			atomic_add(&e->count, 1);
			return;
		}
	}
	atomic_add(&f->lost, 1);
}

/* --- what can be asked for ---------------------------------------------------------- */

static const char *name_in(const struct named *table, size_t n, unsigned long value)
{
	for (size_t k = 0; k < n; k++) {
		if (table[k].value == value)
			return table[k].name;
	}
	return NULL;
}

#define NAME_IN(table, value) name_in(table, sizeof(table) / sizeof(table[0]), value)

void report_socket(int domain, int type, int protocol, long r)
{
	static const struct named types[] = { { SOCK_STREAM, "SOCK_STREAM" },
		{ SOCK_DGRAM, "SOCK_DGRAM" }, { SOCK_RAW, "SOCK_RAW" },
		{ SOCK_SEQPACKET, "SOCK_SEQPACKET" }, { SOCK_PACKET, "SOCK_PACKET" } };
	static const struct named domains[] = { { AF_INET, "AF_INET" },
		{ AF_INET6, "AF_INET6" }, { AF_PACKET, "AF_PACKET" },
		{ AF_NETLINK, "AF_NETLINK" } };
	const char *d = NAME_IN(domains, (unsigned long)domain);
	const char *t = NAME_IN(types, (unsigned long)type & 0xf);
	char label[REPORT_LABEL_MAX];
	int saved = errno;

	if (domain == AF_UNIX)
		return; /* the kernel's */
	snprintf(label, sizeof(label), "%s %s %d", d ? d : "another family",
		t ? t : "another type", protocol);
	count(REPORT_SOCKET, (uint64_t)domain, label, r,
		r < 0 ? REPORT_REFUSED : REPORT_HONOURED);
	if (type & SOCK_NONBLOCK)
		count(REPORT_FLAG, 0, "socket SOCK_NONBLOCK", 0, REPORT_HONOURED);
	if (type & SOCK_CLOEXEC)
		count(REPORT_FLAG, 0, "socket SOCK_CLOEXEC", 0, REPORT_HONOURED);
	errno = saved;
}

static bool describe(int level, int name, struct sock_option_info *out)
{
	for (unsigned k = 0; sock_option_describe(k, out); k++) {
		if (out->level == level && out->name == name)
			return true;
	}
	return false;
}

void report_option(enum report_kind kind, int fd, int level, int name, long r)
{
	enum report_class outcome = r < 0 ? REPORT_REFUSED : REPORT_HONOURED;
	struct sock_option_info o;
	char label[REPORT_LABEL_MAX];
	int saved = errno;

	if (!client_fd_is_socket(fd))
		return;
	if (describe(level, name, &o)) {
		snprintf(label, sizeof(label), "%s", o.label);
		if (r >= 0 && strcmp(o.effect, "none") == 0)
			outcome = REPORT_NONE;
	} else {
		snprintf(label, sizeof(label), "level %d option %d", level, name);
	}
	count(kind, (uint64_t)level << 32 | (uint32_t)name, label, r, outcome);
	errno = saved;
}

/* A failure says nothing about its flags, unless it is about them. */
void report_flags(const char *call, int fd, int flags, long r)
{
	static const struct named table[] = { { MSG_OOB, "MSG_OOB" },
		{ MSG_PEEK, "MSG_PEEK" }, { MSG_DONTROUTE, "MSG_DONTROUTE" },
		{ MSG_TRUNC, "MSG_TRUNC" }, { MSG_DONTWAIT, "MSG_DONTWAIT" },
		{ MSG_EOR, "MSG_EOR" }, { MSG_WAITALL, "MSG_WAITALL" },
		{ MSG_CONFIRM, "MSG_CONFIRM" }, { MSG_ERRQUEUE, "MSG_ERRQUEUE" },
		{ MSG_NOSIGNAL, "MSG_NOSIGNAL" }, { MSG_MORE, "MSG_MORE" },
		{ MSG_WAITFORONE, "MSG_WAITFORONE" },
		{ MSG_ZEROCOPY, "MSG_ZEROCOPY" }, { MSG_FASTOPEN, "MSG_FASTOPEN" },
		{ MSG_CMSG_CLOEXEC, "MSG_CMSG_CLOEXEC" } };
	bool refused = r == -EOPNOTSUPP || r == -EINVAL;
	char label[REPORT_LABEL_MAX];
	int saved = errno;

	if (!client_fd_is_socket(fd))
		return;
	for (unsigned bit = 0; bit < 32; bit++) {
		unsigned long one = 1ul << bit;
		const char *name = NAME_IN(table, one);
		bool none = one == MSG_ZEROCOPY || one == MSG_CONFIRM ||
			one == MSG_DONTROUTE;

		if (!((unsigned)flags & one))
			continue;
		if (name)
			snprintf(label, sizeof(label), "%s %s", call, name);
		else
			snprintf(label, sizeof(label), "%s 0x%lx", call, one);
		count(REPORT_FLAG, one, label, refused ? r : 0, refused ?
			REPORT_REFUSED : none || !name ? REPORT_NONE :
			REPORT_HONOURED);
	}
	errno = saved;
}

void report_ioctl(int fd, unsigned long request, long r)
{
	static const struct named table[] = { { FIONREAD, "FIONREAD" },
		{ FIONBIO, "FIONBIO" }, { FIOASYNC, "FIOASYNC" },
		{ FIOCLEX, "FIOCLEX" }, { FIONCLEX, "FIONCLEX" },
		{ SIOCATMARK, "SIOCATMARK" }, { SIOCOUTQ, "SIOCOUTQ" },
		{ SIOCOUTQNSD, "SIOCOUTQNSD" }, { SIOCSPGRP, "SIOCSPGRP" },
		{ FIOSETOWN, "FIOSETOWN" }, { FIOGETOWN, "FIOGETOWN" },
		{ SIOCGPGRP, "SIOCGPGRP" }, { SIOCGIFCONF, "SIOCGIFCONF" },
		{ SIOCGIFFLAGS, "SIOCGIFFLAGS" }, { SIOCGIFADDR, "SIOCGIFADDR" },
		{ SIOCGIFNETMASK, "SIOCGIFNETMASK" }, { SIOCGIFMTU, "SIOCGIFMTU" },
		{ SIOCGIFHWADDR, "SIOCGIFHWADDR" }, { SIOCGIFINDEX, "SIOCGIFINDEX" },
		{ SIOCGIFNAME, "SIOCGIFNAME" }, { SIOCGIFBRDADDR, "SIOCGIFBRDADDR" },
		{ 0x8906 /* SIOCGSTAMP */, "SIOCGSTAMP" } };
	const char *name = NAME_IN(table, request);
	char label[REPORT_LABEL_MAX];
	int saved = errno;

	if (!client_fd_is_socket(fd))
		return;
	if (name)
		snprintf(label, sizeof(label), "%s", name);
	else
		snprintf(label, sizeof(label), "0x%lx", request);
	count(REPORT_IOCTL, request, label, r, r < 0 ? REPORT_REFUSED :
		REPORT_HONOURED);
	errno = saved;
}

void report_fcntl(int fd, int cmd, long r)
{
	static const struct named table[] = { { F_DUPFD, "F_DUPFD" },
		{ F_GETFD, "F_GETFD" }, { F_SETFD, "F_SETFD" },
		{ F_GETFL, "F_GETFL" }, { F_SETFL, "F_SETFL" },
		{ F_SETOWN, "F_SETOWN" }, { F_GETOWN, "F_GETOWN" },
		{ F_SETSIG, "F_SETSIG" }, { F_GETSIG, "F_GETSIG" },
		{ F_SETOWN_EX, "F_SETOWN_EX" }, { F_GETOWN_EX, "F_GETOWN_EX" },
		{ F_DUPFD_CLOEXEC, "F_DUPFD_CLOEXEC" },
		{ F_GETLK, "F_GETLK" }, { F_SETLK, "F_SETLK" },
		{ F_SETPIPE_SZ, "F_SETPIPE_SZ" } };
	const char *name = NAME_IN(table, (unsigned long)cmd);
	char label[REPORT_LABEL_MAX];
	int saved = errno;

	if (!client_fd_is_socket(fd))
		return;
	if (name)
		snprintf(label, sizeof(label), "%s", name);
	else
		snprintf(label, sizeof(label), "command %d", cmd);
	count(REPORT_FCNTL, (uint64_t)cmd, label, r, r < 0 ? REPORT_REFUSED :
		REPORT_HONOURED);
	errno = saved;
}
