/* Can a program be joined? Our way in is the dynamic loader's LD_PRELOAD, so it
 * must have one, of our machine, that heeds it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "cli.h"

#define SCRIPT_DEPTH 4	 /* Linux: BINPRM_MAX_RECURSION */
#define SCRIPT_LINE 256	 /* bytes, BINPRM_BUF_SIZE */
#define HEADERS_MAX 1024 /* program headers looked at */

static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* As execvp: with a slash as it is, else along PATH. */
static enum program_kind find(const char *name, char *path, size_t size)
{
	enum program_kind worst = PROGRAM_MISSING;
	const char *p = getenv("PATH");

	if (strchr(name, '/')) {
		snprintf(path, size, "%s", name);
		if (!is_file(path))
			return access(path, F_OK) ? PROGRAM_MISSING :
				PROGRAM_FORBIDDEN;
		return access(path, X_OK) ? PROGRAM_FORBIDDEN : PROGRAM_OK;
	}
	if (!p)
		p = "/usr/local/bin:/bin:/usr/bin";
	for (;;) {
		const char *end = strchrnul(p, ':');
		int n = snprintf(path, size, "%.*s%s%s", (int)(end - p), p,
			end > p ? "/" : "./", name);

		if (n > 0 && (size_t)n < size && is_file(path)) {
			if (access(path, X_OK) == 0)
				return PROGRAM_OK;
			worst = PROGRAM_FORBIDDEN;
		}
		if (!*end)
			break;
		p = end + 1;
	}
	snprintf(path, size, "%s", name);
	return worst;
}

static bool is_privileged(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return false;
	if ((st.st_mode & S_ISUID) && st.st_uid != geteuid())
		return true;
	if ((st.st_mode & S_ISGID) && st.st_gid != getegid())
		return true;
	return geteuid() != 0 &&
		fgetxattr(fd, "security.capability", NULL, 0) > 0;
}

static bool has_loader(int fd, const Elf64_Ehdr *e)
{
	for (unsigned i = 0; i < e->e_phnum && i < HEADERS_MAX; i++) {
		Elf64_Phdr ph;
		off_t at = (off_t)(e->e_phoff + (uint64_t)i * e->e_phentsize);

		if (pread(fd, &ph, sizeof(ph), at) != (ssize_t)sizeof(ph))
			return false;
		if (ph.p_type == PT_INTERP)
			return true;
	}
	return false;
}

/* The machine that this very program is made for is the shim's. */
static bool is_our_machine(const Elf64_Ehdr *e)
{
	Elf64_Ehdr own = { 0 };
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	bool same = fd >= 0 && read(fd, &own, sizeof(own)) == (ssize_t)sizeof(own) &&
		own.e_ident[EI_CLASS] == e->e_ident[EI_CLASS] &&
		own.e_machine == e->e_machine;

	if (fd >= 0)
		close(fd);
	return same;
}

static enum program_kind judge_file(const char *path, int depth);

static enum program_kind judge_script(char *line, int depth)
{
	char *at = line + 2;
	char *word;

	line[strcspn(line, "\n")] = 0;
	do
		word = strsep(&at, " \t");
	while (word && !*word);
	/* The kernel will say what is wrong with it. */
	return word && depth < SCRIPT_DEPTH ? judge_file(word, depth + 1) :
		PROGRAM_OK;
}

static enum program_kind judge_elf(int fd, const void *head, size_t len)
{
	Elf64_Ehdr e;

	if (len < sizeof(e))
		return PROGRAM_OK;
	memcpy(&e, head, sizeof(e));
	if (!is_our_machine(&e))
		return PROGRAM_FOREIGN;
	return has_loader(fd, &e) ? PROGRAM_OK : PROGRAM_STATIC;
}

static enum program_kind judge_file(const char *path, int depth)
{
	char head[SCRIPT_LINE + 1] = "";
	enum program_kind kind = PROGRAM_OK;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return PROGRAM_OK; /* not readable: cannot say */
	n = read(fd, head, SCRIPT_LINE);
	if (is_privileged(fd) && !(n > 2 && !memcmp(head, "#!", 2)))
		kind = PROGRAM_PRIVILEGED;
	else if (n > 2 && !memcmp(head, "#!", 2))
		kind = judge_script(head, depth);
	else if (n > SELFMAG && !memcmp(head, ELFMAG, SELFMAG))
		kind = judge_elf(fd, head, (size_t)n);
	close(fd);
	return kind;
}

enum program_kind program_judge(const char *name, char *path, size_t size)
{
	enum program_kind kind = find(name, path, size);

	return kind == PROGRAM_OK ? judge_file(path, 0) : kind;
}
