/* Playing a script against a host of its own, in virtual time.
 *
 *   run.c      events in their order; time; what the stack sends is compared
 *   calls*.c   calls, by a table; arguments.c has their values
 *   command.c  `sysctl ...` and the like
 *   option.c   --name=value
 *   code.c     %{ assert ... }%
 *
 * Blocking calls ("0.1...0.2 read(...)") are tried again whenever something has
 * happened, until they no longer would block.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SCRIPT_PLAY_H
#define SCRIPT_PLAY_H

#include "flow.h"
#include "script.h"
#include "subject.h"

#define PLAY_FDS 64
#define PLAY_REASON_MAX 600
#define PLAY_VARIABLES 16
#define PLAY_PIPES 4
#define PLAY_WATCHES 16
#define PLAY_FILES 4
#define PLAY_DATA_MAX (1 << 20) /* bytes of one read or write */

enum play_verdict { PLAY_PASS, PLAY_FAIL, PLAY_UNKNOWN /* cannot be played */ };

enum play_fd_kind { PLAY_FD_SOCKET, PLAY_FD_EPOLL, PLAY_FD_PIPE, PLAY_FD_FILE };

struct play_fd {
	bool used;
	bool nonblock;
	enum play_fd_kind kind;
	uint32_t sock; /* or the index of an epoll, pipe, file */
	size_t at;     /* file: the offset */
};

/* A pipe: how many bytes lie in it; their values do not matter to scripts. */
struct play_pipe {
	size_t bytes;
	unsigned ends; /* open */
};

struct play_watch { /* of an epoll */
	bool used;
	bool fired;    /* a listener's, one-shot */
	int epfd, fd;
	uint32_t item; /* the arena's; 0: a listener's, which has none */
	uint32_t events;
	unsigned seen; /* a listener's: how many waited at the last look */
	int64_t data;
};

struct play_file { /* of zeroes */
	char name[64]; /* "": none */
	size_t bytes;
};

struct play_variable {
	char name[32];
	double value;
};

struct play {
	const struct script *script;
	struct subject host;
	struct flows flows;
	struct instant start;	    /* of the script, in the host's time */
	struct duration last;	    /* the event before: since start */
	bool last_in;		    /* it was a packet that came in */
	struct duration tolerance;
	double tolerance_share;	    /* of the time since the last event */
	bool strict_segments;
	bool look_on;		    /* at the end nothing may be sent ... */
	struct duration quiet;	    /* ... for so long */
	int64_t ts_tick_us;	    /* 0: timestamps are not compared with time */
	struct tcp_rules rules;	    /* as the last command left them */
	int family;		    /* IP_V4, IP_V6 on the wire */
	uint32_t mtu;		    /* of the host's interface */
	const struct script_option *asked; /* on the command line; they win */
	bool mapped;		    /* sockets are AF_INET6, the wire is IPv4 */
	struct play_fd fds[PLAY_FDS]; /* by the script's number */
	int under_test;		    /* descriptor that assertions are about; -1 */
	const struct script_event *blocked; /* a call that has not returned */
	struct instant wake; /* when it gives up; or never */
	size_t progress;     /* bytes that it has moved */
	bool connecting;     /* it connects first (RFC 7413) */
	struct play_watch watches[PLAY_WATCHES];
	struct play_pipe pipes[PLAY_PIPES];
	struct play_file files[PLAY_FILES];
	struct tcp_rules restore; /* as set_sysctls.py found them */
	bool restorable;
	struct tcp_stats counted; /* at the last nstat */
	struct play_variable variables[PLAY_VARIABLES];
	unsigned nvariables;
	/* Why not. */
	enum play_verdict verdict;
	unsigned line;
	char reason[PLAY_REASON_MAX];
};

/* What a call has come to. */
struct play_result {
	bool blocks; /* it would; nothing has changed */
	int64_t value; /* >= 0, or -errno */
};

/* Play it whole. The verdict and, if it is not PASS, p->line and p->reason, which
 * may have several lines. */
enum play_verdict play_script(const struct script *s, struct play *p);

/* Inside: the first complaint sticks. */
void play_fail(struct play *p, unsigned line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void play_unknown(struct play *p, unsigned line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
bool play_over(const struct play *p);

/* calls.c: make the call, or try it again; compares all that it gives but its
 * result, when it does not block. */
struct play_result play_call(struct play *p, const struct script_event *e);
/* arguments.c: the number that a value stands for. */
bool play_number(struct play *p, unsigned line, const struct script_value *v,
	int64_t *out);
/* calls_file.c: a file of so many zeroes; false: no room for it. */
bool play_file_make(struct play *p, const char *name, size_t bytes);
/* command.c */
void play_command(struct play *p, unsigned line, const char *text);
/* option.c */
void play_option(struct play *p, const struct script_option *o);
/* code.c */
void play_code(struct play *p, unsigned line, const char *text);
/* tcp_info.c: the field of struct tcp_info that is called "tcpi_NAME". */
bool play_tcp_info(struct play *p, const char *name, double *out);
/* The field of struct tcp_bbr_info of that name. */
bool play_bbr_info(struct play *p, const char *name, double *out);

#endif
