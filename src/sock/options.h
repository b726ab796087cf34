/* Inside sock: one entry of the options' table.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_OPTIONS_H
#define SOCK_OPTIONS_H

#include "inside.h"

enum { /* on which sockets an option exists */
	ON_STREAM = 1,
	ON_DGRAM = 2,
	ON_V4 = 4,
	ON_V6 = 8,
	ON_PACKET = 32, /* packet sockets, which also have SOL_SOCKET's */
	ON_RAW = 16, /* raw sockets also have what datagram sockets have */
	ON_BOTH = ON_STREAM | ON_DGRAM | ON_V4 | ON_V6,
	ON_TCP = ON_STREAM | ON_V4 | ON_V6,
	ON_UDP = ON_DGRAM | ON_V4 | ON_V6,
};

/* Level IPPROTO_UDPLITE; libc has no names for them. */
#define UDPLITE_SEND_CSCOV 10
#define UDPLITE_RECV_CSCOV 11

enum { EFFECT_YES, EFFECT_STACK, EFFECT_NONE, EFFECT_REFUSED };

struct option_call {
	struct sock_env *e;
	struct shm_sock *s; /* locked for set */
	const struct option *o;
	uint32_t i; /* s's index */
	struct sock_effect *fx; /* of a set */
};

struct option {
	int level, name;
	const char *label;
	uint8_t on, effect;
	/* An int's, most are; NULL: -ENOPROTOOPT. */
	int (*get)(const struct option_call *c, int *v);
	int (*set)(const struct option_call *c, int v);
	/* Any other shape: instead of those. len as the user gave it. */
	int (*get_raw)(const struct option_call *c, void *val, socklen_t *len);
	int (*set_raw)(const struct option_call *c, const void *val, socklen_t len);
	uint32_t arg;	/* a bit, or a field's offset in struct shm_opts */
	int lo, hi;	/* range, else -EINVAL */
	const char *doc;
};

struct option_table {
	const struct option *rows;
	unsigned n;
};

extern const struct option_table sock_options_raw;  /* option_raw.c */
extern const struct option_table sock_options_packet; /* option_packet.c */
extern const struct option_table sock_options;	    /* option_table.c */
extern const struct option_table sock_options_rest; /* option_table_rest.c */
extern const struct option_table sock_options_ip; /* option_table_ip.c */

/* option_value.c: by bit and by field */
int option_get_bit(const struct option_call *c, int *v);
int option_set_bit(const struct option_call *c, int v);
int option_set_nodelay(const struct option_call *c, int v);
int option_set_cork(const struct option_call *c, int v);
/* The words besides `bits`: enum shm_ip_bit, shm_ip6_bit, shm_dgram_bit. */
int option_get_ip_bit(const struct option_call *c, int *v);
int option_set_ip_bit(const struct option_call *c, int v);
int option_get_ip6_bit(const struct option_call *c, int *v);
int option_set_ip6_bit(const struct option_call *c, int v);
int option_get_dgram_bit(const struct option_call *c, int *v);
int option_set_dgram_bit(const struct option_call *c, int v);
/* The same upside down: the option is 1 by default. */
int option_get_ip_not(const struct option_call *c, int *v);
int option_set_ip_not(const struct option_call *c, int v);
int option_get_ip6_not(const struct option_call *c, int *v);
int option_set_ip6_not(const struct option_call *c, int v);
int option_get_u32(const struct option_call *c, int *v);
int option_set_u32(const struct option_call *c, int v);
int option_get_u8(const struct option_call *c, int *v);
int option_set_u8(const struct option_call *c, int v);
/* SOL_SOCKET */
int option_get_type(const struct option_call *c, int *v);
int option_get_domain(const struct option_call *c, int *v);
int option_get_protocol(const struct option_call *c, int *v);
int option_get_error(const struct option_call *c, int *v);
int option_get_acceptconn(const struct option_call *c, int *v);
int option_get_one(const struct option_call *c, int *v);
int option_get_sndbuf(const struct option_call *c, int *v);
int option_set_sndbuf(const struct option_call *c, int v);
int option_set_rcvbuf(const struct option_call *c, int v);
int option_set_sndbuf_force(const struct option_call *c, int v);
int option_set_rcvbuf_force(const struct option_call *c, int v);
int option_set_rcvlowat(const struct option_call *c, int v);
int option_set_priority(const struct option_call *c, int v);
int option_set_mark(const struct option_call *c, int v);
int option_get_linger(const struct option_call *c, void *val, socklen_t *len);
int option_set_linger(const struct option_call *c, const void *val, socklen_t len);
int option_get_time(const struct option_call *c, void *val, socklen_t *len);
int option_set_time(const struct option_call *c, const void *val, socklen_t len);
int option_get_cookie(const struct option_call *c, void *val, socklen_t *len);
int option_get_ip_options(const struct option_call *c, void *val, socklen_t *len);
int option_set_ip_options(const struct option_call *c, const void *val, socklen_t len);
int option_set_device(const struct option_call *c, const void *val, socklen_t len);
int option_get_device(const struct option_call *c, void *val, socklen_t *len);
int option_set_ifindex(const struct option_call *c, int v);
/* option_dgram.c: of datagrams */
int option_get_stamp(const struct option_call *c, int *v);
int option_set_stamp(const struct option_call *c, int v);
int option_get_timestamping(const struct option_call *c, void *val, socklen_t *len);
int option_set_timestamping(const struct option_call *c, const void *val,
	socklen_t len);
int option_get_peek_off(const struct option_call *c, int *v);
int option_set_peek_off(const struct option_call *c, int v);
int option_set_recverr(const struct option_call *c, int v);
int option_set_ip6_mtu(const struct option_call *c, int v);
int option_set_rfc4884(const struct option_call *c, int v);
int option_get_unicast_if(const struct option_call *c, int *v);
int option_set_unicast_if(const struct option_call *c, int v);
int option_set_multicast_ttl(const struct option_call *c, int v);
int option_set_multicast_hops(const struct option_call *c, int v);
int option_set_multicast_all(const struct option_call *c, int v);
int option_set_multicast_loop6(const struct option_call *c, int v);
int option_set_multicast_if6(const struct option_call *c, int v);
int option_get_multicast_if(const struct option_call *c, void *val, socklen_t *len);
int option_set_multicast_if(const struct option_call *c, const void *val,
	socklen_t len);
int option_get_pathmtu(const struct option_call *c, void *val, socklen_t *len);
int option_set_udp_cork(const struct option_call *c, int v);
int option_get_encap(const struct option_call *c, int *v);
int option_set_udp_encap(const struct option_call *c, int v);
int option_get_coverage(const struct option_call *c, int *v);
int option_set_coverage(const struct option_call *c, int v);
int option_get_gso(const struct option_call *c, int *v);
int option_set_gso(const struct option_call *c, int v);
/* filter.c */
int option_set_filter(const struct option_call *c, const void *val, socklen_t len);
int option_detach_filter(const struct option_call *c, int v);
int option_get_filter(const struct option_call *c, void *val, socklen_t *len);
/* reuse.c */
int option_set_chooser(const struct option_call *c, const void *val, socklen_t len);
int option_detach_chooser(const struct option_call *c, int v);
/* option_group.c: joining groups */
int option_group_mreq(const struct option_call *c, const void *val, socklen_t len);
int option_group_mreq6(const struct option_call *c, const void *val, socklen_t len);
int option_group_mreqs(const struct option_call *c, const void *val, socklen_t len);
int option_group_req(const struct option_call *c, const void *val, socklen_t len);
int option_group_source_req(const struct option_call *c, const void *val,
	socklen_t len);
int option_set_msfilter(const struct option_call *c, const void *val,
	socklen_t len);
int option_get_msfilter(const struct option_call *c, void *val, socklen_t *len);
int option_set_group_filter(const struct option_call *c, const void *val,
	socklen_t len);
int option_get_group_filter(const struct option_call *c, void *val,
	socklen_t *len);
/* option_proto.c: IP, IPv6, TCP */
int option_get_ttl(const struct option_call *c, int *v);
int option_set_ttl(const struct option_call *c, int v);
int option_set_tos(const struct option_call *c, int v);
int option_get_mtu(const struct option_call *c, int *v);
int option_set_v6only(const struct option_call *c, int v);
int option_get_hops(const struct option_call *c, int *v);
int option_set_hops(const struct option_call *c, int v);
int option_get_maxseg(const struct option_call *c, int *v);
int option_set_maxseg(const struct option_call *c, int v);
int option_set_defer(const struct option_call *c, int v);
int option_set_quickack(const struct option_call *c, int v);
int option_set_linger2(const struct option_call *c, int v);
int option_set_clamp(const struct option_call *c, int v);
int option_get_congestion(const struct option_call *c, void *val, socklen_t *len);
int option_set_congestion(const struct option_call *c, const void *val,
	socklen_t len);
int option_get_info(const struct option_call *c, void *val, socklen_t *len);
/* info.c */
int option_get_cc_info(const struct option_call *c, void *val, socklen_t *len);

/* fastopen.c */
int option_get_fastopen(const struct option_call *c, int *v);
int option_set_fastopen(const struct option_call *c, int v);
int option_set_fo_connect(const struct option_call *c, int v);
int option_set_fo_no_cookie(const struct option_call *c, int v);
int option_get_fo_key(const struct option_call *c, void *val, socklen_t *len);
int option_set_fo_key(const struct option_call *c, const void *val, socklen_t len);

#endif
