/* Scripts in packetdrill's language, as read: a list of events, each a call, a
 * packet, a command or an assertion, with its time. The language is that of
 * packetdrill's public syntax.md; what of it is understood stands in README.md.
 *
 * All memory of a script belongs to it and goes with script_free(). Nothing in
 * here knows the stack: run.h plays a script.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/time.h"

#define SCRIPT_ERROR_MAX 200
#define SCRIPT_TCP_OPTIONS 16 /* in one packet */
#define SCRIPT_SACK_BLOCKS 4
#define SCRIPT_COOKIE_MAX 36 /* bytes; more than the option may hold */
#define SCRIPT_IP_OPTIONS 40  /* bytes in one IPv4 header */

/* --- values: arguments and results of calls -------------------------------- */

enum script_value_kind {
	SCRIPT_ELLIPSIS, /* ... */
	SCRIPT_NUMBER,
	SCRIPT_WORD,	 /* a constant of the system headers, by name */
	SCRIPT_STRING,
	SCRIPT_OR,	 /* items joined by | */
	SCRIPT_LIST,	 /* [ items ] */
	SCRIPT_STRUCT,	 /* { items }, of which some are fields */
	SCRIPT_FIELD,	 /* text = items[0]; msg_iov(2)=[..] has items[1], the 2 */
	SCRIPT_FUNCTION, /* text(items), as htons(8080) */
};

struct script_value {
	enum script_value_kind kind;
	bool more; /* a string that was followed by ... */
	int64_t number;
	const char *text; /* word, field, function: terminated */
	size_t len;	  /* of a string, bytes */
	struct script_value *items;
	unsigned n;
};

struct script_call {
	const char *name;
	struct script_value *args;
	unsigned nargs;
	struct script_value result;
	const char *err; /* name of an errno, NULL: none */
	bool blocking;	 /* given as from...to: returns at `to` */
	struct duration until;
};

/* --- packets ---------------------------------------------------------------- */

enum script_tcp_option_kind {
	SCRIPT_OPT_EOL = 0,
	SCRIPT_OPT_NOP = 1,
	SCRIPT_OPT_MSS = 2,
	SCRIPT_OPT_WSCALE = 3,
	SCRIPT_OPT_SACKOK = 4,
	SCRIPT_OPT_SACK = 5,
	SCRIPT_OPT_TS = 8,
	SCRIPT_OPT_MD5 = 19,
	SCRIPT_OPT_FASTOPEN = 34,
	SCRIPT_OPT_FASTOPEN_EXP = 254,
};

struct script_tcp_option {
	enum script_tcp_option_kind kind;
	uint32_t a, b; /* mss; scale; ts val and ecr */
	struct {
		uint32_t left, right;
	} sack[SCRIPT_SACK_BLOCKS];
	unsigned nsack;
	uint8_t cookie[SCRIPT_COOKIE_MAX];
	unsigned cookie_len;
};

enum script_proto { SCRIPT_TCP, SCRIPT_UDP, SCRIPT_ICMP };
enum script_tos { SCRIPT_TOS_ANY, SCRIPT_TOS_ECN, SCRIPT_TOS_ECT01, SCRIPT_TOS_ALL };

struct script_packet {
	bool outbound; /* from the stack under test */
	enum script_proto proto;
	enum script_tos tos_check;
	uint8_t tos;
	uint8_t ttl; /* 0: any */
	uint8_t ip_options[SCRIPT_IP_OPTIONS]; /* IPv4's */
	unsigned ip_options_len; /* bytes, a multiple of four */
	uint16_t sport, dport; /* 0: not given */
	/* TCP; len also UDP. */
	uint16_t flags; /* as in the header: FIN 1 SYN 2 RST 4 PSH 8 ACK 16 URG 32
			   ECE 64 CWR 128 AE 256 */
	uint32_t seq, ack;
	uint16_t len;
	int32_t window; /* -1: not given */
	uint16_t urg;
	bool any_options;
	unsigned noptions;
	struct script_tcp_option options[SCRIPT_TCP_OPTIONS];
	/* ICMP: an error about a packet of ours. */
	const char *icmp_type, *icmp_code; /* code NULL: none */
	int32_t icmp_mtu;		   /* -1: none */
	bool icmp_quotes;		   /* [seq:end(len)] was given */
	bool icmp_udp;			   /* [udp (len)] */
};

/* --- events ------------------------------------------------------------------ */

enum script_event_kind { SCRIPT_CALL, SCRIPT_PACKET, SCRIPT_COMMAND, SCRIPT_CODE };
enum script_when {
	SCRIPT_AT,	    /* 0.1: from the script's start */
	SCRIPT_AFTER,	    /* +0.1: from the event before */
	SCRIPT_ANY_TIME,    /* * */
	SCRIPT_AT_RANGE,    /* 0.1~0.2 */
	SCRIPT_AFTER_RANGE, /* +0.1~+0.2 */
};

struct script_event {
	struct script_event *next;
	unsigned line;
	enum script_when when;
	struct duration from, to; /* to: of a range */
	enum script_event_kind kind;
	struct script_call call;
	struct script_packet packet;
	const char *text; /* of a command, of an assertion */
};

struct script_option {
	struct script_option *next;
	const char *name, *value; /* value "" when there is none */
	unsigned line;
};

struct script {
	const char *path; /* the caller's */
	const char *source; /* of the whole file, terminated: to quote lines from */
	struct script_option *options;
	struct script_event *events;
	const char *init, *cleanup; /* commands before and after, or NULL */
	struct script_chunk *memory;
};

struct script_error {
	unsigned line; /* 0: the file as a whole */
	char text[SCRIPT_ERROR_MAX];
};

/* NAME=VALUE for the script's numbers and cookies: "TFO_COOKIE=3021b9d889017eeb".
 * The script's own --define=NAME=VALUE come first. */
struct script_defines {
	const char *const *list;
	unsigned n;
};

/* Read a script. 0, or -EINVAL (a mistake in it), -ENOMEM, or what reading the
 * file gave, and *err says why; *out is empty then. */
int script_read(const char *path, const struct script_defines *defines,
	struct script *out, struct script_error *err);
int script_parse(const char *text, size_t len, const char *path,
	const struct script_defines *defines, struct script *out,
	struct script_error *err);
void script_free(struct script *s);

/* The script's line of that number, without its end, for messages: copied to
 * buf, cut where it does not fit. */
void script_line(const struct script *s, unsigned line, char *buf, size_t size);

#endif
