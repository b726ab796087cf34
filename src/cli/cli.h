/* The command `enchufe`: what its subcommands share.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "run/rundir.h"
#include "shm/layout.h"

/* Exit statuses: 0 done, 1 it could not be done, 2 usage; `run` as env(1): */
#define CLI_FAILED 1
#define CLI_USAGE 2
#define CLI_RUN_FAILED 125  /* enchufe itself */
#define CLI_NOT_RUNNABLE 126
#define CLI_NOT_FOUND 127

#define DEFAULT_NET "default"

struct subcommand {
	const char *name;
	const char *synopsis; /* after "enchufe "; NULL: not shown */
	const char *summary;
	int (*run)(int argc, char **argv); /* argv[0]: the name */
};

/* "enchufe: TEXT" on standard error, one line. */
void cli_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The usage of one subcommand on standard error; returns CLI_USAGE. */
int cli_usage(const char *name);
/* All commands in short (main.c). */
void cli_summary(FILE *f);
/* Opens the run directory or says why not. */
bool cli_rundir(struct rundir *d);
/* Which network is meant: `wanted` if not NULL, else the only one that is up. The
 * default network counts only if there is no other. False: it was said why. */
bool cli_network(const struct rundir *d, const char *wanted,
	char net[SHM_NAME_MAX]);

/* --- the service, as seen from here (service.c) ------------------------------ */

struct reply {
	char *text; /* closed by zero; ours until reply_fini */
	size_t len;
	char *body; /* after the first line; in text */
	bool ok;    /* else the first line is "error: ..." */
};

/* One command line to a network's service. 0, or -errno when it is not there or
 * does not answer. */
int service_command(const struct rundir *d, const char *net, const char *line,
	struct reply *r);
void reply_fini(struct reply *r);
/* The text after "error: ", without its end. */
const char *reply_error(struct reply *r);
/* A command whose answer matters only when it is an error. Says so; exit
 * status. */
int service_order(const struct rundir *d, const char *net, const char *line);
/* Register this process as a program of `host` ("": the only one). 0 or -errno as
 * in shm/session.h. fd: connected, closed by this call. */
int service_join(int fd, const char *host);
/* Start enchufed with these arguments (the --ready pair is added) and wait until
 * it is ready. 0 and the network's name, or -1 after saying why. */
int service_start(const char *const args[], char net[SHM_NAME_MAX]);

/* --- files beside us (where.c) -------------------------------------------------- */

/* The path of enchufed, of the shim: beside this program, or where they are
 * installed; $ENCHUFE_SERVICE is another enchufed. False: not there. */
bool where_service(char *path, size_t size);
bool where_shim(char *path, size_t size);
bool where_self(char *path, size_t size);
/* The folder of the experiments. */
bool where_experiments(char *path, size_t size);

/* --- joining (join.c) --------------------------------------------------------------- */

struct join {
	const char *net;  /* NULL: the default, or the one that has the host */
	const char *host; /* NULL: the only one */
	const char *pcap; /* NULL: no capture */
};

/* Become the program argv as a program of that host. Returns only on failure:
 * the exit status, after saying why. */
int join_exec(const struct join *j, char **argv);

/* --- watching it (child.c, report.c, trace.c) ---------------------------------------- */

struct report_wish {
	const char *path; /* NULL: standard error */
	bool json;
};

struct watch_wish {
	bool report; /* what it asked for */
	struct report_wish as;
	const char *trace; /* file for what it called, NULL: none */
};

/* As join_exec, but the program is a child of ours; when it has ended what it did is
 * written. Returns its exit status, or ends by its signal. */
int watch_run(const struct watch_wish *w, const struct join *j, char **argv);

/* --- subcommands -------------------------------------------------------------------- */

int cmd_run(int argc, char **argv);
int cmd_up(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_down(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_ping(int argc, char **argv);
int cmd_ping_here(int argc, char **argv);
int cmd_help(int argc, char **argv);
int cmd_link(int argc, char **argv);
int cmd_capture(int argc, char **argv);
int cmd_lab(int argc, char **argv);
int cmd_diagram(int argc, char **argv);

#endif
