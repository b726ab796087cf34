/* Can a program be joined, and what will happen to it there? Told without running
 * it; the same judgement serves `run`, which refuses, and `doctor`, which explains.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum program_kind {
	PROGRAM_OK,
	PROGRAM_MISSING,    /* no such file */
	PROGRAM_FORBIDDEN,  /* no right to execute it */
	PROGRAM_STATIC,	    /* no dynamic loader: nothing can be preloaded */
	PROGRAM_GO,	    /* makes its system calls itself */
	PROGRAM_FOREIGN,    /* of another machine than our shim */
	PROGRAM_OTHER_LIBC, /* with a loader that cannot load our shim */
	PROGRAM_PRIVILEGED, /* set-uid, set-gid or capabilities: the loader
			       ignores LD_PRELOAD */
};

enum finding_level {
	FINDING_NOTE,	 /* good to know */
	FINDING_WARNING, /* some of it will fail, or go by the real network */
};

struct finding {
	enum finding_level level;
	const char *what; /* a word, for programs */
	const char *text;
};

#define PROGRAM_STEPS_MAX 8
#define PROGRAM_FINDINGS_MAX 24
#define PROGRAM_CALLS_MAX 40
#define PROGRAM_TEXT_MAX 4096

/* A file on the way from what was typed to what runs. */
struct program_step {
	char path[PATH_MAX];
	const char *role; /* "program", "interpreter", "started by it" */
};

/* All texts are static, or lie in `text`. Large: not for the stack. */
struct program_report {
	enum program_kind kind;
	bool closely;
	struct program_step steps[PROGRAM_STEPS_MAX]; /* the last is the judged one */
	unsigned n_steps;
	struct finding findings[PROGRAM_FINDINGS_MAX];
	unsigned n_findings;
	const char *calls[PROGRAM_CALLS_MAX]; /* of the network, that it imports */
	unsigned n_calls;
	const char *machine, *loader; /* NULL: not an ELF file, static */
	const char *libraries[64];
	unsigned n_libraries;
	const char *own_calls[PROGRAM_CALLS_MAX]; /* those of the network */
	unsigned n_own_calls;
	char text[PROGRAM_TEXT_MAX];
	size_t text_used;
};

/* Looks for argv[0] as execvp does, follows "#!" lines and what env, nice and the
 * like will execute. Closely: with findings, by a look into its code and libraries,
 * which takes time. */
void program_judge(struct program_report *r, char *const argv[], bool closely);
/* The path of the program that decided. */
const char *program_path(const struct program_report *r);
/* What is wrong with it, as a sentence that begins with its path. */
void program_explain(const struct program_report *r, const char *name, char *out,
	size_t size);
/* What `run` exits with: 0, CLI_NOT_FOUND or CLI_NOT_RUNNABLE. */
int program_status(const struct program_report *r);

/* findings.c: of the file that will run. */
struct elf_file;
void findings_of(struct program_report *r, const struct elf_file *f);
void findings_add(struct program_report *r, enum finding_level level,
	const char *what, const char *text);
/* A copy of the text that lives as long as the report. */
const char *findings_keep(struct program_report *r, const char *text);

/* system.c: what this machine lacks. Adds to the findings. */
void system_check(struct program_report *r);

#endif
