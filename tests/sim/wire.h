/* Two hosts of TCP alone, joined by a simulated wire in virtual time: delay,
 * loss, reordering, duplication, rate, from one seeded generator. An end of a
 * connection is a pair of fifos and a program of four rules: write so much, read
 * when there is something, close when done.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_WIRE_H
#define SIM_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "tcp/congestion.h"

enum { SIM_PACKET_MAX = 2048 };

struct sim;
struct sim_host;

struct sim_path {
	struct duration delay;
	struct duration jitter; /* uniform, reorders */
	double loss;		/* 0..1 */
	double burst;		/* packets lost in a row, mean; 0, 1: alone */
	double reorder;		/* 0..1: neither queued nor delayed */
	double duplicate;
	uint64_t rate;		/* bytes/s, 0: infinite */
	uint32_t queue;		/* bytes that may wait for it, 0: endless */
	uint32_t mtu;
	/* Test's own: true drops the packet. n counts from 0. */
	bool (*drop)(void *user, struct sim *s, int from, uint64_t n,
		const uint8_t *tcp, size_t len);
	void *drop_user;
	/* Test's own: sees each packet that was sent, and its fate. */
	void (*watch)(void *user, struct sim *s, int from, const uint8_t *tcp,
		size_t len, bool lost);
	void *watch_user;
};

struct sim_packet {
	struct sim_packet *next;
	struct instant at;
	int to;
	size_t len;
	uint8_t data[SIM_PACKET_MAX];
};

/* One end of one connection. */
struct sim_end {
	struct sim_host *host;
	struct tcp_id id;
	bool used, closed, eof, connected;
	int err, soft_err;
	unsigned events;      /* all that ever came */
	struct fifo_shared tx_sh, rx_sh;
	uint8_t *tx_mem, *rx_mem;
	struct fifo_end tx, rx; /* our ends: writer of tx, reader of rx */
	uint64_t to_send, sent, received; /* bytes; content by offset */
	uint64_t key;	      /* of the content that it sends */
	uint64_t peer_key;
	bool reading;	      /* reads whatever comes */
	bool close_when_done; /* detaches after sending and EOF or at once */
	bool shut_when_done;
	bool shut_done, let_go;
};

struct sim_host {
	struct sim *sim;
	int n;
	struct tcp *tcp;
	struct ip_addr addr;
	bool listening, dead;
	enum tcp_listen_verdict syn_verdict;
	int accept_error;
	uint32_t buf; /* bytes of each fifo */
	struct tcp_options opt;
	struct sim_end end[4];
	unsigned accepted;
	uint64_t packets; /* sent */
	struct duration late, slack; /* at most; this time */
	struct sim_packet *inbox, **inbox_end; /* while it is late */
	struct sim_end template; /* rules of accepted ends; .reading: does not */
};

struct sim {
	struct instant now;
	struct rng rng;
	struct sim_path path[2]; /* from host 0, from host 1 */
	struct instant free_at[2];
	bool in_burst[2];
	struct instant last_lost[2];
	struct sim_packet *queue;
	struct sim_packet *last; /* of a queue that is not empty */
	struct sim_host host[2];
	uint64_t key;
};

struct sim_config {
	uint64_t seed;
	uint32_t buf;
	bool no_sack, no_ts, no_wscale, v6;
	enum tcp_cc cc; /* both ends */
	struct sim_path path; /* both ways */
	struct duration origin; /* clock's first value */
	/* A process that is woken late, after whatever it waits for, by up to this
	 * (uniform); it finds all that has come meanwhile. */
	struct duration late[2];
	uint32_t pace_path; /* both hosts' rule of that name */
};

/* What decides the numbers of host n: keys and seed; no verbs, no rules. */
struct tcp_config sim_tcp_config(const struct sim_config *cfg, int n);
void sim_init(struct sim *s, const struct sim_config *cfg);
void sim_fini(struct sim *s);
/* host 0 connects to host 1's port 80. */
struct sim_end *sim_connect(struct sim *s, uint16_t port);
/* Runs until `until` or until nothing can happen any more. */
void sim_run(struct sim *s, struct duration d);
/* Runs until cond holds; false when it did not within d. */
bool sim_run_until(struct sim *s, struct duration d,
	bool (*cond)(struct sim *s));
/* One raw segment into host `to` from the other side, checksum as good. */
void sim_inject(struct sim *s, int to, const uint8_t *tcp, size_t len);
void sim_end_step(struct sim_end *e); /* obey its rules now */
struct instant sim_next(const struct sim *s);

#endif
