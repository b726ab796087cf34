/* What each laboratory program begins with: its arguments and usage, the
 * language of its messages, its steps and its errors. Plain POSIX; nothing of
 * enchufe.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef PROGRAMA_H
#define PROGRAMA_H

/* How a program is used. Arguments are counted without its name and without
 * options; max < 0: as many as one likes. */
struct programa {
	const char *forma; /* "puerto tam_recibir" */
	const char *es;	   /* what it does, in Spanish and in English */
	const char *en;
	int min;
	int max;
};

/* First thing in main. Sets the language, and ignores SIGPIPE (a peer that has
 * gone is an error of send, not the end of the program). Takes the options out
 * of argv: --help tells the usage and ends with status 0, --paso is for paso(),
 * --sigpipe leaves that signal to do its work. A wrong number of arguments or
 * an unknown option ends the program with status 2. Returns argc without the
 * options. */
int comienza(int argc, char **argv, const struct programa *programa);

/* The text in the language of the messages: Spanish when the locale's name
 * (LC_ALL, LC_MESSAGES, LANG) says so, else English. */
const char *dice(const char *es, const char *en)
	__attribute__((format_arg(1), format_arg(2)));

/* A number of an argument, between min and max; ends the program with status 2
 * if it is none. `que` is the argument's name in the usage. */
long numero(const char *texto, long min, long max, const char *que);

/* Which of these words (the last is NULL) an argument is; ends the program with
 * status 2 if it is none. */
int elige(const char *texto, const char *const *palabras, const char *que);

/* With --paso: says on standard error that the call of this name comes next and
 * waits for a line of standard input (or its end). Experiments choose so when
 * things happen. */
void paso(const char *llamada);

/* "programa: que: error of errno" or "programa: texto", a line on standard
 * error. */
void avisa_errno(const char *que);
void avisa(const char *formato, ...) __attribute__((format(printf, 1, 2)));
/* The same, then ends the program with status 1. */
void muere_errno(const char *que) __attribute__((noreturn));
void muere(const char *formato, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

/* printf() of one line that is seen at once, also through a pipe. */
void informa(const char *formato, ...) __attribute__((format(printf, 1, 2)));

#endif
