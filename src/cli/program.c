/* Can a program be joined? Our way in is the dynamic loader's LD_PRELOAD, so it
 * must have one, of our machine and C library, that heeds it.
 *
 *	what was typed -> along PATH -> "#!" interpreter ... -> what env, nice or
 *	timeout will execute ... -> the ELF file that is judged
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "cli.h"
#include "elffile.h"

#define SCRIPT_LINE 256 /* bytes, BINPRM_BUF_SIZE */
#define WORDS_MAX 3	/* of a "#!" line: interpreter, argument, script */

/* Stands for the path that the kernel gives an interpreter as its last word. */
static char script_itself[] = "script";

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

/* --- programs that execute another -------------------------------------------------- */

/* How to find the command among a wrapper's arguments. */
struct wrapper {
	const char *name;
	const char *with_value; /* options that take the next word */
	unsigned operands;	/* words before the command */
};

static const struct wrapper wrappers[] = {
	{ "env", "uCS", 0 },
	{ "nice", "n", 0 },
	{ "nohup", "", 0 },
	{ "setsid", "", 0 },
	{ "stdbuf", "ioe", 0 },
	{ "timeout", "ks", 1 },
	{ "taskset", "", 1 },
	{ "chrt", "TPD", 1 },
	{ "ionice", "cnp", 0 },
	{ "setarch", "", 0 },
	{ "strace", "eoaspuPISbXUE", 0 },
	{ "sudo", "ugCDhprRTU", 0 },
	{ "doas", "uC", 0 },
};

static const struct wrapper *wrapper_of(const char *path)
{
	const char *base = strrchr(path, '/');

	base = base ? base + 1 : path;
	for (size_t k = 0; k < sizeof(wrappers) / sizeof(wrappers[0]); k++) {
		if (strcmp(wrappers[k].name, base) == 0)
			return &wrappers[k];
	}
	return NULL;
}

/* The words from the command on; NULL when there is none, or no telling. */
static char *const *wrapped(const struct wrapper *w, char *const argv[])
{
	unsigned operands = w->operands;

	for (argv++; *argv; argv++) {
		const char *a = *argv;

		if (a[0] == '-' && a[1] == '-' && !a[2])
			continue;
		if (a[0] == '-' && a[1]) {
			/* "-n 5"; in "-n5" and "--adjustment=5" it is inside. */
			if (a[1] != '-' && !a[2] && strchr(w->with_value, a[1]) &&
				argv[1])
				argv++;
			continue;
		}
		if (!strcmp(w->name, "env") && strchr(a, '='))
			continue;
		if (operands == 0)
			return argv;
		operands--;
	}
	return NULL;
}

/* --- one file ---------------------------------------------------------------------- */

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

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* This very program is made for the shim's machine and C library. */
static enum program_kind compare_with_self(const struct elf_file *f)
{
	enum program_kind kind = PROGRAM_FOREIGN;
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct elf_file own;

	if (fd < 0)
		return PROGRAM_OK; /* no /proc: cannot say */
	if (elf_open(&own, fd) == 0) {
		if (own.is_64 == f->is_64 && own.machine == f->machine)
			kind = PROGRAM_OK;
		if (kind == PROGRAM_OK && own.loader && f->loader &&
			strcmp(base_name(own.loader), base_name(f->loader)) != 0)
			kind = PROGRAM_OTHER_LIBC;
		elf_close(&own);
	}
	close(fd);
	return kind;
}

static enum program_kind judge_elf(const struct elf_file *f)
{
	enum program_kind kind = compare_with_self(f);

	if (kind == PROGRAM_FOREIGN)
		return kind;
	if (!f->loader)
		return f->is_go ? PROGRAM_GO : PROGRAM_STATIC;
	return f->is_go ? PROGRAM_GO : kind;
}

static void describe(struct program_report *r, const struct elf_file *f)
{
	r->machine = elf_machine_name(f);
	r->loader = f->loader ? findings_keep(r, f->loader) : NULL;
	for (unsigned k = 0; k < f->n_libraries; k++)
		r->libraries[r->n_libraries++] = findings_keep(r, f->libraries[k]);
	if (r->closely)
		findings_of(r, f);
}

static bool step(struct program_report *r, const char *name, const char *role)
{
	struct program_step *s = &r->steps[r->n_steps];

	if (r->n_steps == PROGRAM_STEPS_MAX)
		return false;
	s->role = role;
	r->kind = find(name, s->path, sizeof(s->path));
	r->n_steps++;
	return r->kind == PROGRAM_OK;
}

static void judge(struct program_report *r, char *const argv[], const char *role);

/* "#!INTERPRETER [ARGUMENT]": the kernel gives it these and the script. */
static void judge_script(struct program_report *r, char *line)
{
	char *words[WORDS_MAX + 1] = { NULL }, *at = line + 2;
	unsigned n = 0;

	line[strcspn(line, "\n")] = 0;
	at += strspn(at, " \t");
	if (!*at)
		return; /* the kernel will say what is wrong with it */
	words[n++] = at;
	at += strcspn(at, " \t");
	if (*at) {
		*at++ = 0;
		at += strspn(at, " \t");
		/* env -S splits what the kernel gives as one word. */
		if (!strncmp(at, "-S", 2))
			at += 2 + strspn(at + 2, " \t");
		if (*at)
			words[n++] = at;
		if (wrapper_of(words[0]))
			at[strcspn(at, " \t")] = 0;
	}
	words[n] = script_itself;
	judge(r, words, "interpreter");
}

/* The file of the last step; true: it is an ELF file that can be joined. */
static bool judge_file(struct program_report *r)
{
	const char *path = r->steps[r->n_steps - 1].path;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char head[SCRIPT_LINE + 1] = "";
	struct elf_file f;
	ssize_t n;

	if (fd < 0)
		return false; /* not readable: cannot say */
	n = pread(fd, head, SCRIPT_LINE, 0);
	if (n > 2 && !memcmp(head, "#!", 2)) {
		close(fd);
		judge_script(r, head);
		return false;
	}
	if (elf_open(&f, fd) == 0) {
		r->kind = is_privileged(fd) ? PROGRAM_PRIVILEGED : judge_elf(&f);
		describe(r, &f);
		elf_close(&f);
	}
	close(fd);
	return r->kind == PROGRAM_OK;
}

static void judge(struct program_report *r, char *const argv[], const char *role)
{
	const struct wrapper *w;
	char *const *command;

	if (!step(r, argv[0], role) || !judge_file(r))
		return;
	w = wrapper_of(argv[0]);
	command = w ? wrapped(w, argv) : NULL;
	if (!command || command[0] == script_itself)
		return;
	r->machine = r->loader = NULL;
	r->n_libraries = r->n_calls = r->n_findings = 0;
	judge(r, command, "started by it");
	/* The wrapper may look elsewhere (another PATH), and will say so itself. */
	if (r->kind == PROGRAM_MISSING || r->kind == PROGRAM_FORBIDDEN) {
		r->kind = PROGRAM_OK;
		findings_add(r, FINDING_NOTE, "not-found", "what it is to start was "
			"not found here, and was not looked at");
	}
}

void program_judge(struct program_report *r, char *const argv[], bool closely)
{
	memset(r, 0, sizeof(*r));
	r->closely = closely;
	judge(r, argv, "program");
}

const char *program_path(const struct program_report *r)
{
	return r->steps[r->n_steps ? r->n_steps - 1 : 0].path;
}

int program_status(const struct program_report *r)
{
	return r->kind == PROGRAM_OK ? 0 :
		r->kind == PROGRAM_MISSING ? CLI_NOT_FOUND : CLI_NOT_RUNNABLE;
}

void program_explain(const struct program_report *r, const char *name, char *out,
	size_t size)
{
	static const char *const why[] = {
		[PROGRAM_OK] = " can be joined",
		[PROGRAM_MISSING] = ": No such file or directory",
		[PROGRAM_FORBIDDEN] = ": Permission denied",
		[PROGRAM_STATIC] = " is statically linked: it cannot be joined, it "
				   "would use the real network",
		[PROGRAM_GO] = " is made by Go, whose programs make their system calls "
			       "themselves: it cannot be joined, it would use the real "
			       "network",
		[PROGRAM_FOREIGN] = " is made for another machine than enchufe",
		[PROGRAM_OTHER_LIBC] = " has the loader of another C library (as musl): "
				       "it cannot load what enchufe preloads",
		[PROGRAM_PRIVILEGED] = " has privileges of its own (set-uid or "
				       "capabilities): it cannot be joined, it would use "
				       "the real network",
	};
	const char *path = r->kind == PROGRAM_MISSING && r->n_steps <= 1 ? name :
		program_path(r);

	snprintf(out, size, "%s%s", path, why[r->kind]);
	if (r->kind == PROGRAM_FOREIGN && r->machine) {
		size_t n = strlen(out);

		snprintf(out + n, size - n, " (%s)", r->machine);
	}
}
