/* What a program's imports say about its life on enchufe: a table.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "elffile.h"
#include "program.h"

#if defined(__x86_64__)
#define TUPLE "x86_64-linux-gnu"
#else
#define TUPLE "aarch64-linux-gnu"
#endif
#define USUAL_FOLDERS "/lib/" TUPLE ":/usr/lib/" TUPLE \
	":/lib64:/usr/lib64:/usr/local/lib:/lib:/usr/lib"

/* Functions of the network; which of them a program uses is told. */
static const char *const calls[] = { "socket", "socketpair", "bind", "listen",
	"accept", "accept4", "connect", "shutdown", "getsockopt", "setsockopt",
	"getsockname", "getpeername", "send", "sendto", "sendmsg", "sendmmsg", "recv",
	"recvfrom", "recvmsg", "recvmmsg", "sendfile", "sendfile64", "splice", "select",
	"pselect", "poll", "ppoll", "epoll_create", "epoll_create1", "epoll_wait",
	"epoll_pwait", "getaddrinfo", "getnameinfo", "gethostbyname", "getifaddrs",
	"aio_read", "fdopen", "syscall" };

struct sign {
	const char *import;  /* function, or library if it begins with "lib" */
	enum finding_level level;
	const char *what;
	const char *text;
};

static const struct sign signs[] = {
	{ "io_uring_setup", FINDING_WARNING, "io_uring",
		"uses io_uring, which is answered with ENOSYS: most programs then use "
		"epoll (ENCHUFE_IO_URING=1 lets it have io_uring, whose sockets would "
		"not be enchufe's)" },
	{ "io_uring_queue_init", FINDING_WARNING, "io_uring",
		"uses io_uring, which is answered with ENOSYS: most programs then use "
		"epoll (ENCHUFE_IO_URING=1 lets it have io_uring, whose sockets would "
		"not be enchufe's)" },
	{ "liburing.so", FINDING_WARNING, "io_uring",
		"uses io_uring, which is answered with ENOSYS: most programs then use "
		"epoll (ENCHUFE_IO_URING=1 lets it have io_uring, whose sockets would "
		"not be enchufe's)" },
	{ "seccomp_load", FINDING_WARNING, "seccomp",
		"filters its own system calls: in that state it goes on with read, "
		"write and ppoll, but gets no new sockets, and children that it forks "
		"have no network" },
	{ "libseccomp.so", FINDING_WARNING, "seccomp",
		"filters its own system calls: in that state it goes on with read, "
		"write and ppoll, but gets no new sockets, and children that it forks "
		"have no network" },
	{ "dlmopen", FINDING_WARNING, "dlmopen",
		"may load libraries with a libc of their own, whose calls are not "
		"enchufe's" },
	{ "setns", FINDING_WARNING, "namespace",
		"may enter another network namespace, from where the service cannot be "
		"reached" },
	{ "unshare", FINDING_WARNING, "namespace",
		"may enter another network namespace, from where the service cannot be "
		"reached" },
	{ "libpcap.so", FINDING_WARNING, "capture",
		"captures packets of the machine's interfaces, not of enchufe's links: "
		"use enchufe capture" },
	{ "libbpf.so", FINDING_WARNING, "bpf",
		"loads BPF programs into the kernel, which does not see enchufe's "
		"sockets" },
	{ "chroot", FINDING_NOTE, "chroot",
		"may change its root: programs that it executes there find the shim "
		"only if its path is there, too" },
	{ "execve", FINDING_NOTE, "exec",
		"executes other programs: they are joined too, unless static, made by "
		"Go or set-uid" },
	{ "execvp", FINDING_NOTE, "exec",
		"executes other programs: they are joined too, unless static, made by "
		"Go or set-uid" },
	{ "execv", FINDING_NOTE, "exec",
		"executes other programs: they are joined too, unless static, made by "
		"Go or set-uid" },
	{ "execl", FINDING_NOTE, "exec",
		"executes other programs: they are joined too, unless static, made by "
		"Go or set-uid" },
	{ "posix_spawn", FINDING_NOTE, "exec",
		"executes other programs: they are joined too, unless static, made by "
		"Go or set-uid" },
};

#define N_SIGNS (sizeof(signs) / sizeof(signs[0]))

const char *findings_keep(struct program_report *r, const char *text)
{
	size_t n = strlen(text) + 1;
	char *copy = r->text + r->text_used;

	if (n > sizeof(r->text) - r->text_used)
		return "...";
	memcpy(copy, text, n);
	r->text_used += n;
	return copy;
}

void findings_add(struct program_report *r, enum finding_level level,
	const char *what, const char *text)
{
	for (unsigned k = 0; k < r->n_findings; k++) {
		if (!strcmp(r->findings[k].what, what))
			return;
	}
	if (r->n_findings < PROGRAM_FINDINGS_MAX)
		r->findings[r->n_findings++] =
			(struct finding){ level, what, text };
}

static bool needs(const struct elf_file *f, const char *library)
{
	for (unsigned k = 0; k < f->n_libraries; k++) {
		if (!strncmp(f->libraries[k], library, strlen(library)))
			return true;
	}
	return false;
}

static void see_signs(struct program_report *r, const struct elf_file *f)
{
	for (size_t k = 0; k < N_SIGNS; k++) {
		const struct sign *s = &signs[k];
		bool is_library = !strncmp(s->import, "lib", 3);

		if (is_library ? needs(f, s->import) : elf_imports(f, s->import))
			findings_add(r, s->level, s->what, s->text);
	}
}

static void see_calls(struct program_report *r, const struct elf_file *f)
{
	for (size_t k = 0; k < sizeof(calls) / sizeof(calls[0]); k++) {
		bool known = false;

		for (unsigned j = 0; j < r->n_calls; j++)
			known |= r->calls[j] == calls[k];
		if (!known && r->n_calls < PROGRAM_CALLS_MAX &&
			elf_imports(f, calls[k]))
			r->calls[r->n_calls++] = calls[k];
	}
}

/* --- the libraries that it names ------------------------------------------------------- */

static bool open_library(struct elf_file *f, const char *folder, size_t n,
	const char *origin, const char *name)
{
	char path[2 * PATH_MAX];
	int fd;

	if (n >= 7 && !strncmp(folder, "$ORIGIN", 7))
		snprintf(path, sizeof(path), "%.*s%.*s/%s",
			(int)(strrchr(origin, '/') - origin), origin, (int)(n - 7),
			folder + 7, name);
	else
		snprintf(path, sizeof(path), "%.*s/%s", (int)n, folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (elf_open(f, fd) < 0)
		f->bytes = NULL;
	close(fd);
	return f->bytes != NULL;
}

/* In a list of folders with colons between. */
static bool search_library(struct elf_file *f, const char *list, const char *origin,
	const char *name)
{
	while (list && *list) {
		size_t n = strcspn(list, ":");

		if (n && open_library(f, list, n, origin, name))
			return true;
		list += n + (list[n] == ':');
	}
	return false;
}

static bool find_library(struct elf_file *f, const struct elf_file *program,
	const char *origin, const char *name)
{
	return search_library(f, program->runpath, origin, name) ||
		search_library(f, getenv("LD_LIBRARY_PATH"), origin, name) ||
		search_library(f, USUAL_FOLDERS, origin, name);
}

/* libc itself has everything: not looked at. */
static bool is_libc(const char *name)
{
	return !strncmp(name, "libc.so", 7) || !strncmp(name, "ld-linux", 8) ||
		!strncmp(name, "libpthread.so", 13);
}

static void see_libraries(struct program_report *r, const struct elf_file *f)
{
	for (unsigned k = 0; k < f->n_libraries; k++) {
		struct elf_file library;

		if (is_libc(f->libraries[k]) || !strchr(program_path(r), '/') ||
			!find_library(&library, f, program_path(r), f->libraries[k]))
			continue;
		see_signs(r, &library);
		see_calls(r, &library);
		elf_close(&library);
	}
}

static void see_own_calls(struct program_report *r, const struct elf_file *f)
{
	static const struct {
		long number;
		const char *name;
	} network[] = {
		{ SYS_socket, "socket" }, { SYS_bind, "bind" },
		{ SYS_listen, "listen" }, { SYS_accept, "accept" },
		{ SYS_accept4, "accept4" }, { SYS_connect, "connect" },
		{ SYS_sendto, "sendto" }, { SYS_recvfrom, "recvfrom" },
		{ SYS_sendmsg, "sendmsg" }, { SYS_recvmsg, "recvmsg" },
		{ SYS_io_uring_setup, "io_uring_setup" },
	};
	bool calls_made[ELF_CALLS_MAX];

	elf_system_calls(f, calls_made);
	r->n_own_calls = 0;
	for (size_t k = 0; k < sizeof(network) / sizeof(network[0]); k++) {
		if (calls_made[network[k].number])
			r->own_calls[r->n_own_calls++] = network[k].name;
	}
}

void findings_of(struct program_report *r, const struct elf_file *f)
{
	see_own_calls(r, f);
	if (f->is_appimage)
		findings_add(r, FINDING_WARNING, "appimage",
			"is an AppImage, which mounts itself by a set-uid helper and "
			"executes what is inside: extract it (--appimage-extract) and "
			"run its AppRun");
	see_signs(r, f);
	see_calls(r, f);
	see_libraries(r, f);
	if (f->loader && r->n_own_calls)
		findings_add(r, FINDING_WARNING, "own-system-calls",
			"seems to make system calls of the network itself, without "
			"libc: sockets that it makes so are the kernel's");
}
