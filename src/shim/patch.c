/* libc's own callers. fclose(), stdio on sockets, the resolver and posix_spawn's
 * child call libc's functions directly, not through the symbols that LD_PRELOAD
 * replaces. So the entry of each such function gets a jump to ours:
 *
 *	x86-64   ff 25 00 00 00 00 <address>		jmp *(%rip)
 *	aarch64  ldr x16, 8; br x16; <address>
 *
 * The functions' own bodies are never needed again: we make our own system calls.
 * Done once, in the constructor, between one pair of mprotect calls (or by
 * /proc/self/mem, where these are refused), and only if every address lies in libc's
 * text and its function is long enough; otherwise nothing is patched and the reason is
 * said.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "shim.h"

#if defined(__x86_64__)
static const unsigned char jump[] = { 0xff, 0x25, 0, 0, 0, 0 };
#else
static const unsigned char jump[] = { 0x50, 0x00, 0x00, 0x58, 0x00, 0x02, 0x1f,
	0xd6 };
#endif
#define JUMP_BYTES (sizeof(jump) + sizeof(void *))

#define PRIVATE "GLIBC_PRIVATE"

/* Our function's name in this library and libc's name of the entry. */
struct entry {
	const char *name;
	const char *version; /* NULL: the default */
	const char *ours;    /* NULL: the same name */
};

static const struct entry entries[] = {
	{ "socket", 0, 0 }, { "socketpair", 0, 0 }, { "bind", 0, 0 },
	{ "listen", 0, 0 }, { "accept", 0, 0 }, { "accept4", 0, 0 },
	{ "connect", 0, 0 }, { "shutdown", 0, 0 }, { "getsockname", 0, 0 },
	{ "getpeername", 0, 0 }, { "getsockopt", 0, 0 }, { "setsockopt", 0, 0 },
	{ "send", 0, 0 }, { "sendto", 0, 0 }, { "sendmsg", 0, 0 },
	{ "sendmmsg", 0, 0 }, { "recv", 0, 0 }, { "recvfrom", 0, 0 },
	{ "recvmsg", 0, 0 }, { "recvmmsg", 0, 0 },
	{ "read", 0, 0 }, { "write", 0, 0 }, { "readv", 0, 0 },
	{ "writev", 0, 0 }, { "preadv2", 0, 0 }, { "pwritev2", 0, 0 },
	{ "sendfile", 0, 0 }, { "splice", 0, 0 },
	{ "close", 0, 0 }, { "close_range", 0, 0 }, { "dup", 0, 0 },
	{ "dup2", 0, 0 }, { "dup3", 0, 0 }, { "fcntl64", 0, "fcntl" },
	{ "ioctl", 0, 0 }, { "poll", 0, 0 }, { "ppoll", 0, 0 },
	{ "select", 0, 0 }, { "pselect", 0, 0 }, { "epoll_create", 0, 0 },
	{ "epoll_create1", 0, 0 }, { "epoll_ctl", 0, 0 },
	{ "epoll_wait", 0, 0 }, { "epoll_pwait", 0, 0 },
	{ "epoll_pwait2", 0, 0 }, { "execve", 0, 0 }, { "execveat", 0, 0 },
	{ "open", 0, 0 }, { "openat", 0, 0 }, { "uname", 0, 0 },
	{ "stat", 0, 0 }, { "fstatat", 0, 0 }, { "access", 0, 0 },
	{ "sethostname", 0, 0 }, { "sigaction", 0, 0 },
	{ "__read_nocancel", PRIVATE, "read" },
	{ "__write_nocancel", PRIVATE, "write" },
	{ "__close_nocancel", PRIVATE, "close" },
	{ "__open_nocancel", PRIVATE, "open" },
};
#define N_ENTRIES (sizeof(entries) / sizeof(entries[0]))

static bool patched;

bool shim_is_patched(void)
{
	return patched;
}

/* libc's executable pages. */
struct text {
	uintptr_t start, end;
};

static int find_text(struct dl_phdr_info *info, size_t size, void *user)
{
	struct text *t = user;
	const char *base = info->dlpi_name ? strrchr(info->dlpi_name, '/') : NULL;

	(void)size;
	if (!base || strncmp(base, "/libc.so", 8) != 0)
		return 0;
	for (int k = 0; k < info->dlpi_phnum; k++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[k];

		if (p->p_type == PT_LOAD && (p->p_flags & PF_X)) {
			t->start = info->dlpi_addr + p->p_vaddr;
			t->end = t->start + p->p_memsz;
			return 1;
		}
	}
	return 0;
}

struct target {
	unsigned char *at;
	void *ours;
};

/* Is there a whole function of enough bytes within the text? */
static bool long_enough(const struct text *t, void *at)
{
	const ElfW(Sym) *sym = NULL;
	uintptr_t a = (uintptr_t)at;
	Dl_info info;

	if (a < t->start || a + JUMP_BYTES > t->end)
		return false;
	return dladdr1(at, &info, (void **)&sym, RTLD_DL_SYMENT) && sym &&
		info.dli_saddr == at && sym->st_size >= JUMP_BYTES;
}

/* Fills targets; the number, or -1 when one entry cannot be patched. */
static int find_targets(void *libc, void *self, const struct text *t,
	struct target *targets)
{
	int n = 0;

	for (unsigned k = 0; k < N_ENTRIES; k++) {
		const struct entry *e = &entries[k];
		void *at = e->version ? dlvsym(libc, e->name, e->version) :
			dlsym(libc, e->name);
		void *ours = dlsym(self, e->ours ? e->ours : e->name);
		bool seen = false;

		if (!at || !ours)
			continue; /* another libc does not have it */
		if (at == ours || !long_enough(t, at))
			return -1;
		for (int j = 0; j < n; j++)
			seen |= targets[j].at == at;
		if (!seen)
			targets[n++] = (struct target){ at, ours };
	}
	return n;
}

static void make_jump(unsigned char *at, void *to)
{
	memcpy(at + sizeof(jump), &to, sizeof(to));
	memcpy(at, jump, sizeof(jump));
}

static void write_jump(unsigned char *at, void *to)
{
	make_jump(at, to);
	__builtin___clear_cache((char *)at, (char *)at + JUMP_BYTES);
}

/* Where code may never be writable (PR_SET_MDWE, systemd's MemoryDenyWriteExecute, a
 * policy): by the file of this process' memory, as a debugger sets its breakpoints. */
static const char *patch_by_file(const struct target *targets, int n)
{
	long fd = sys_call4(SYS_openat, AT_FDCWD, "/proc/self/mem", O_RDWR | O_CLOEXEC,
		0);
	unsigned char code[JUMP_BYTES];
	int done = 0;

	while (fd >= 0 && done < n) {
		make_jump(code, targets[done].ours);
		if (sys_call4(SYS_pwrite64, fd, code, JUMP_BYTES,
			(uintptr_t)targets[done].at) != (long)JUMP_BYTES)
			break;
		done++;
	}
	if (fd >= 0)
		sys_close((int)fd);
	patched = done == n;
	return patched ? NULL : "the system does not allow to change libc's code";
}

static const char *patch_all(const struct target *targets, int n)
{
	uintptr_t first = UINTPTR_MAX, last = 0, page = 4095;
	long r;

	for (int k = 0; k < n; k++) {
		uintptr_t a = (uintptr_t)targets[k].at;

		first = a < first ? a : first;
		last = a > last ? a : last;
	}
	first &= ~page;
	last = (last + JUMP_BYTES + page) & ~page;
	r = sys_call3(SYS_mprotect, first, last - first,
		PROT_READ | PROT_WRITE | PROT_EXEC);
	if (r < 0)
		return patch_by_file(targets, n);
	for (int k = 0; k < n; k++)
		write_jump(targets[k].at, targets[k].ours);
	sys_call3(SYS_mprotect, first, last - first, PROT_READ | PROT_EXEC);
	patched = true;
	return NULL;
}

const char *shim_patch_libc(void)
{
	struct target targets[N_ENTRIES];
	struct text t = { 0, 0 };
	void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD), *self;
	Dl_info info;
	int n;

	if (!libc || !dladdr((void *)&patched, &info))
		return "no libc.so.6 in this program";
	shim_set_own_path(info.dli_fname);
	self = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
	if (!self || !dl_iterate_phdr(find_text, &t))
		return "libc's code was not found";
	n = find_targets(libc, self, &t, targets);
	if (n <= 0)
		return "libc's functions have an unknown shape";
	return patch_all(targets, n);
}
