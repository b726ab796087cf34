/* Between a script's numbers and the wire's: ports, initial sequence numbers,
 * timestamps. A script's connection begins at any sequence number that it likes;
 * the stack chooses its own.
 *
 *     script            wire
 *     local seq    <->  local seq    what the stack sends: learnt from its SYN
 *     remote seq   <->  remote seq   what the script sends: as in its SYN
 *     TS val        ->  TS val       the stack's: each value learnt when it is met
 *
 * As in packetdrill a SYN says its sequence number, and what it acknowledges, as the
 * script likes; in all that follows both begin at 0 with the SYN.
 *
 * As in packetdrill one connection is under test at a time: a SYN that comes in
 * while a socket listens begins another, so does a SYN that goes out after
 * connect(). Packets with ports of their own ("1234 > 80:") are told apart by
 * these, and may belong to any number of connections.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SCRIPT_FLOW_H
#define SCRIPT_FLOW_H

#include "packet.h"

#define FLOWS_MAX 64
#define FLOW_STAMPS 1024

struct flow {
	uint16_t script_local, script_remote; /* ports; 0: not named */
	struct packet_names live;	      /* src: local, dst: remote */
	bool local_known;		      /* local offset learnt */
	uint32_t local_offset; /* wire - script, of the SYN that the stack sends */
	uint32_t local_isn;    /* of that SYN, in the wire's numbers */
	bool remote_known;     /* the script has sent a SYN */
	uint32_t remote_isn;   /* its number, which is also the wire's */
	unsigned nstamps;
	struct {
		uint32_t script, live;
	} stamps[FLOW_STAMPS];
};

enum flow_phase { FLOW_NONE, FLOW_LISTENING, FLOW_CONNECTING, FLOW_OPEN };

struct flows {
	enum flow_phase phase;
	struct packet_names names; /* addresses; src.port bound, dst.port connected */
	uint16_t next_remote;	   /* port of the next caller */
	unsigned n;
	struct flow *current;
	struct flow *list[FLOWS_MAX];
};

void flows_fini(struct flows *f);

/* For a packet of the script that comes in: its connection, and the packet in the
 * wire's numbers. NULL with *why: there is none. */
struct flow *flow_to_live(struct flows *f, const struct script_packet *p,
	struct script_packet *live, const char **why);
/* For a packet that went out, as decoded: the connection of the script's packet
 * that is expected (which it may begin), and the packet in the script's numbers.
 * NULL with *why: it belongs to no connection of the script. */
struct flow *flow_to_script(struct flows *f, const struct script_packet *expected,
	const struct packet_names *names, const struct script_packet *live,
	struct script_packet *script, const char **why);
/* Is it of a connection that is not under test any more? */
bool flow_is_past(const struct flows *f, const struct packet_names *names);
/* The packet was what was expected: remember its timestamp. */
void flow_learn(struct flow *flow, const struct script_packet *expected,
	const struct script_packet *live);

const struct script_tcp_option *packet_option(const struct script_packet *p,
	enum script_tcp_option_kind kind);

#endif
