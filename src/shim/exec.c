/* What a joined program may execute: as `enchufe run`, not what cannot be joined, as
 * that would use the real network. Said once, with EACCES; ENCHUFE_EXEC=any lets it be.
 * The judgement is cli/program.c's in short: the file itself, or the interpreter that
 * its "#!" line names; what cannot be read is left to the kernel.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/touch.h"
#include "report.h"
#include "shim.h"

#define HEAD_BYTES 1024 /* the file's beginning: ELF header and program headers */
#define NOTE_BYTES 1024
#define SCRIPTS_MAX 4 /* Linux: BINPRM_MAX_RECURSION */

#if defined(__x86_64__)
#define MACHINE EM_X86_64
#else
#define MACHINE EM_AARCH64
#endif

struct file {
	long fd;
	long n;
	char head[HEAD_BYTES + 1];
};

/* A Go program says so in a note ("Go", its build's identity). */
static bool notes_say_go(const struct file *f, const Elf64_Phdr *p)
{
	char notes[NOTE_BYTES];
	size_t want = p->p_filesz < sizeof(notes) ? p->p_filesz : sizeof(notes);
	long n = sys_call4(SYS_pread64, f->fd, notes, want, p->p_offset);
	long at = 0;
	Elf64_Nhdr h;

	while (n > 0 && at + (long)sizeof(h) <= n) {
		memcpy(&h, notes + at, sizeof(h));
		if (h.n_type == 4 && h.n_namesz == 4 && at + (long)sizeof(h) + 4 <= n &&
			memcmp(notes + at + sizeof(h), "Go\0", 4) == 0)
			return true;
		if (h.n_namesz > NOTE_BYTES || h.n_descsz > NOTE_BYTES)
			break;
		at += (long)(sizeof(h) + (h.n_namesz + 3u) / 4 * 4 +
			(h.n_descsz + 3u) / 4 * 4);
	}
	return false;
}

static bool is_loader(const char *path)
{
	const char *base = strrchr(path, '/');

	return strncmp(base ? base + 1 : path, "ld-linux", 8) == 0;
}

static const char *judge_loader(const struct file *f, const Elf64_Phdr *p)
{
	char path[256] = "";
	size_t want = p->p_filesz < sizeof(path) - 1 ? p->p_filesz : sizeof(path) - 1;

	sys_call4(SYS_pread64, f->fd, path, want, p->p_offset);
	return is_loader(path) ? NULL : "made for another C library";
}

static const char *judge_elf(const struct file *f, const char *path)
{
	const char *why = "a static program";
	Elf64_Ehdr e;
	Elf64_Phdr p;

	memcpy(&e, f->head, sizeof(e));
	if (e.e_ident[EI_CLASS] != ELFCLASS64 || e.e_machine != MACHINE)
		return "a program for another machine";
	if (e.e_phentsize != sizeof(p) || is_loader(path))
		return NULL;
	for (unsigned k = 0; k < e.e_phnum; k++) {
		if (e.e_phoff > HEAD_BYTES ||
			e.e_phoff + (k + 1) * sizeof(p) > (size_t)f->n)
			break;
		memcpy(&p, f->head + e.e_phoff + k * sizeof(p), sizeof(p));
		if (p.p_type == PT_NOTE && notes_say_go(f, &p))
			return "made by Go";
		if (p.p_type == PT_INTERP)
			why = judge_loader(f, &p);
	}
	return why;
}

/* Would the loader ignore LD_PRELOAD? Not for whom it changes nothing. */
static const char *judge_rights(const struct file *f)
{
	struct stat st;

	if (sys_call2(SYS_fstat, f->fd, &st) < 0)
		return NULL;
	if (((st.st_mode & S_ISUID) && st.st_uid != (uid_t)sys_call0(SYS_geteuid)) ||
		((st.st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) &&
		st.st_gid != (gid_t)sys_call0(SYS_getegid)))
		return "set-uid or set-gid";
	return NULL;
}

/* "#! interpreter": its path, within the head. */
static char *interpreter(struct file *f)
{
	char *p = f->head + 2;

	p += strspn(p, " \t");
	p[strcspn(p, " \t\n")] = 0;
	return *p == '/' ? p : NULL;
}

/* NULL: it may. */
static const char *judge(int dir, const char *path)
{
	char name[HEAD_BYTES];
	struct file f;
	const char *why = NULL;
	char *next;

	for (int depth = 0; depth <= SCRIPTS_MAX; depth++) {
		f.fd = sys_call4(SYS_openat, dir, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK,
			0);
		if (f.fd < 0)
			return NULL; /* the kernel says it better */
		f.n = sys_call4(SYS_pread64, f.fd, f.head, HEAD_BYTES, 0);
		f.head[f.n > 0 ? f.n : 0] = 0;
		next = f.n > 2 && memcmp(f.head, "#!", 2) == 0 ? interpreter(&f) : NULL;
		if (f.n >= (long)sizeof(Elf64_Ehdr) && memcmp(f.head, ELFMAG, SELFMAG) == 0) {
			why = judge_rights(&f);
			if (!why)
				why = judge_elf(&f, path);
		}
		sys_close((int)f.fd);
		if (!next)
			break;
		dir = AT_FDCWD;
		path = strcpy(name, next);
	}
	return why;
}

static bool any_may(void)
{
	const char *s = getenv("ENCHUFE_EXEC");

	return s && strcmp(s, "any") == 0;
}

static void say(const char *path, const char *why)
{
	static const char *const more[] = { ": not started, as it is ",
		" and would use the real network (enchufe doctor says more; "
		"ENCHUFE_EXEC=any starts it there)\n" };
	const char *parts[] = { "enchufe: ", path, more[0], why, more[1] };
	char line[1024];
	size_t n = 0;

	for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
		size_t len = strlen(parts[k]);

		if (len > sizeof(line) - n)
			len = sizeof(line) - n;
		memcpy(line + n, parts[k], len);
		n += len;
	}
	sys_call3(SYS_write, 2, line, n);
}

/* A number's file, by its name in /proc. */
static const char *file_of_number(int fd, char name[32])
{
	static const char folder[] = "/proc/self/fd/";
	char *p = name + 31;

	*p = 0;
	for (unsigned n = (unsigned)fd; p == name + 31 || n; n /= 10)
		*--p = (char)('0' + n % 10);
	p -= sizeof(folder) - 1;
	return memcpy(p, folder, sizeof(folder) - 1);
}

long shim_may_execute(int dir, const char *path, int flags)
{
	char name[32];
	const char *why;

	if (!client_configured())
		return 0;
	if ((flags & AT_EMPTY_PATH) && dir >= 0 && path && touch_read(path, 1) &&
		!path[0]) {
		path = file_of_number(dir, name);
		dir = AT_FDCWD;
	}
	if (sys_call3(SYS_faccessat, dir, path, X_OK) < 0 ||
		(flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)))
		return 0;
	why = judge(dir, path);
	if (!why || any_may())
		return 0;
	say(path, why);
	return -EACCES;
}
