/* The records that programs of one host and the service share: one arena (a
 * sealed memfd) for each virtual host.
 *
 *   header | processes | sockets | fifos | rings | epolls | items | ports |
 *   TIME-WAITs | bytes
 *
 * Only fixed-width integers and references: a reference is an index into its
 * table, 0 is "none", never a pointer. All-zero is a valid fresh record. Whoever
 * reads checks an index against the geometry in its own private struct
 * shm_arena, copies once, and uses the copy.
 *
 * Who writes what stands beside each field: P a program of the host (holding
 * the lock named, if any), S the service. Only the service frees sockets, fifos
 * and rings; anybody of the host may take them.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHM_LAYOUT_H
#define SHM_LAYOUT_H

#include <assert.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fifo.h"
#include "shm/hello.h"
#include "shm/kept.h"
#include "shm/opts.h"
#include "shm/view.h"

#define SHM_MAGIC 0x68636e45u /* "Ench" */
#define SHM_VERSION 2u

#define SHM_NAME_MAX 32	   /* bytes of a host's or network's name, with zero */
#define SHM_PREFIX_MAX 64  /* bytes of the abstract socket names' prefix */
#define SHM_PATH_MAX 256   /* bytes of a file's path, with zero */
#define SHM_ADDRS_MAX 256  /* local addresses of a host */
#define SHM_IFACES_MAX 64  /* interfaces of a host; ifindex 1 is lo */
#define SHM_ROUTES_MAX 128 /* routes of a host that programs are told of */
#define SHM_PATHS_MAX 64   /* paths with an MTU of their own */
#define SHM_NEIGHS_MAX 64  /* neighbours that programs are told of */
#define SHM_PROCS 4096	   /* processes joined at once; slot 0 is the service */
#define SHM_RING_CLASSES 17 /* ring sizes 2^12 (4 KiB) .. 2^28 (256 MiB) */
#define SHM_RING_MIN_LOG2 12
#define SHM_RING_SHARE 2048 /* bytes of a page that two rings share */
#define SHM_FASTOPENS 256  /* servers whose cookies programs know of */
#define SHM_FO_KEY 16	   /* bytes of a key of TCP_FASTOPEN_KEY */

/* A lock is one word: 0 free, else owner's slot + 1 in the high half and the
 * low 16 bits of the owner's generation (shm/lock.h). */
struct shm_lock {
	_Atomic uint32_t word;
};

/* Lock-free stack of free records: tag in the high half (against ABA), index
 * in the low. Records never taken yet lie above `fresh`. */
struct shm_pool {
	_Atomic uint64_t head;
	_Atomic uint32_t fresh; /* next never-used index; first is 1 */
	uint32_t capacity;	/* S, at creation */
};

struct shm_header {
	uint32_t magic, version;
	uint64_t size; /* bytes of the whole arena */
	uint64_t off_procs, off_socks, off_fifos, off_rings, off_epolls,
		off_items, off_ports, off_time_waits, off_infos, off_bytes;
	uint32_t n_procs, n_socks, n_fifos, n_rings, n_epolls, n_items, n_ports;
	uint32_t n_time_waits;
	uint64_t key; /* secret of this host: in every hello */
	char net[SHM_NAME_MAX], host[SHM_NAME_MAX];
	/* Abstract AF_UNIX names begin with this (no leading zero byte here):
	 * PREFIX "/s"		the service's stream rendezvous
	 * PREFIX "/d"		the service's datagram doorbell
	 * PREFIX "/N.G"	stand-in of socket N, generation G (decimal) */
	char prefix[SHM_PREFIX_MAX];
	/* This host's own /etc/hosts, resolv.conf ... are at this path with
	 * "hosts", "resolv.conf" ... added; "" none. */
	char etc_path[SHM_PATH_MAX];
	int32_t service_pid;
	uint32_t n_addrs;
	struct shm_addr addrs[SHM_ADDRS_MAX]; /* S; all but loopback's */
	uint16_t addr_ifindex[SHM_ADDRS_MAX];
	uint32_t n_ifaces, n_routes;
	struct shm_iface ifaces[SHM_IFACES_MAX]; /* S; [ifindex - 1] */
	struct shm_route routes[SHM_ROUTES_MAX]; /* S; longest prefix first */
	/* S; neigh_seq is odd while it writes them: who reads copies, then looks
	 * whether the word still is what it was. */
	_Atomic uint32_t neigh_seq, n_neighs;
	struct shm_neigh neighs[SHM_NEIGHS_MAX];
	_Atomic uint32_t n_paths; /* S; those of them that were ever written */
	struct shm_path paths[SHM_PATHS_MAX];
	uint16_t port_first, port_last;	      /* ephemeral range */
	uint16_t privileged_ports;	      /* binding below needs root; 0 none */
	uint16_t loopback_packets; /* the host talks to itself by packets, too */
	uint16_t raw_for_all; /* SOCK_RAW without being root */
	uint16_t pad3;
	uint32_t rcvbuf_default, rcvbuf_max, sndbuf_default, sndbuf_max;
	struct shm_sysctl sysctl;
	_Atomic uint64_t fastopen[SHM_FASTOPENS]; /* S; sock/fastopen.h */
	_Atomic uint32_t service_gone; /* S: 1 when it leaves in good order */
	_Atomic uint32_t changes;      /* P: + 1 at each close; S sweeps on it */
	_Atomic uint32_t port_rover;   /* P: next ephemeral candidate */

	/* Sockets that want the service's eye; see shm_sock.svc_queued. */
	alignas(64) _Atomic uint64_t svc_ready;
	_Atomic uint32_t svc_armed; /* S: 1 while it may sleep: ring */

	alignas(64) struct shm_pool socks, fifos, rings, epolls, items;
	struct shm_pool ring_free[SHM_RING_CLASSES]; /* head only */
	_Atomic uint64_t bytes_next; /* first never-used byte of the ring area */
	struct shm_lock port_lock[2]; /* TCP, UDP (and echo) */
	_Atomic uint32_t tw_last; /* number of the newest TIME-WAIT; port_lock */
	uint32_t group_first; /* first socket with memberships; port_lock[1] */
	_Atomic uint32_t group_changes; /* + 1 at each of them; S looks at it */
	_Atomic uint32_t packet_first; /* packet sockets, by port_next; port_lock[1] */
};

struct shm_proc {
	_Atomic uint32_t gen; /* S: + 1 at death: locks of the old one are free */
	_Atomic uint32_t state; /* S: 0 free, 1 live */
	int32_t pid;
	uint32_t pad[13];
};
static_assert(sizeof(struct shm_proc) == 64, "shm_proc");

/* One direction of a stream, or one queue of datagrams (shm/msgq.h). What a message
 * changes lies in a cache line for each end, that end's own but for tail and head: so
 * that nothing but tail and the bytes themselves crosses between two processors. */
struct shm_fifo {
	struct fifo_shared sh; /* tail, head: two cache lines */
	alignas(64) _Atomic uint32_t fin; /* writer: enum shm_fin, after its last bytes */
	uint32_t ring;	      /* fixed before the fifo is seen by others; SHM_RING_LATE */
	_Atomic uint32_t limit; /* unread bytes allowed: buffer size option */
	_Atomic uint32_t nospace; /* writer saw it full: tell me (reader clears) */
	_Atomic uint32_t told; /* reader: head at its last report to the service; of a
				  stream to another host, sending: service: tail
				  at which its last piece is full */
	_Atomic uint32_t next_free; /* pool link */
	union { _Atomic uint32_t drops, held_at; }; /* datagrams that found no room; of a
						       stream: sock/hold.c */
	uint32_t urg_skip;	/* see sock/urgent.c */
	_Atomic uint64_t urg;	/* urgent mark of a stream; 0 none */
	/* Writer. Of a stream to another host (sock/room.c): tail after a write that
	 * had flags, and enum shm_write_mark; of one within the host: sock/hold.c. */
	union { _Atomic uint32_t mark_at, held_to; };
	union { _Atomic uint32_t marks, held_other; };
	_Atomic uint32_t edge;	/* service: tail up to which all may leave */
	_Atomic uint32_t goal;	/* service: a full piece; told when read so much; 0: neither */
	/* Hints for spinning: processor + 1 of who wrote, or read, last, and
	 * whether it spins; 0 unknown. */
	_Atomic uint32_t w_cpu, r_cpu;
	alignas(64) struct shm_lock w_lock; /* writers' end */
	/* Of streams that programs write, and of datagrams: w_lock; shm_kept_writer(). */
	_Atomic uint32_t head_seen; /* head when last looked at */
	_Atomic uint32_t tail_kept, tail_sure; /* tail, if so */
	alignas(64) struct shm_lock r_lock; /* readers' end */
};
static_assert(sizeof(struct shm_fifo) == 320, "shm_fifo");

enum shm_write_mark { SHM_WRITE_MORE = 1 << 0, SHM_WRITE_EOR = 1 << 1 };

enum shm_fin { SHM_FIN_NONE, SHM_FIN_EOF, SHM_FIN_RESET };

/* Each ring begins and ends in the midst of a page, which is its neighbour's too. Of a
 * stream every other ring is used from that page on, and the next one from its begin:
 * the two touch one page together as long as neither has carried more than
 * SHM_RING_SHARE bytes. In shm_fifo.ring: the first byte lies so much before the
 * ring's end. */
#define SHM_RING_LATE 0x80000000u

struct shm_ring {
	uint64_t offset;    /* from the arena's start, bytes; fixed */
	uint32_t size_log2; /* fixed */
	_Atomic uint32_t next_free;
};

/* Life of a socket's record; the names that a person sees in `status`. */
enum shm_sock_state {
	SHM_SOCK_FREE,
	SHM_SOCK_OPEN,	     /* made, perhaps bound */
	SHM_SOCK_LISTEN,
	SHM_SOCK_CONNECTING, /* net only: SYN under way */
	SHM_SOCK_CONNECTED,  /* stream; datagram sockets stay OPEN */
	SHM_SOCK_DEAD,	     /* reset or failed: so_error tells, then ENOTCONN... */
};

enum shm_transport { SHM_VIA_NONE, SHM_VIA_LOCAL, SHM_VIA_NET };

enum shm_sock_flag {
	SHM_F_NONBLOCK = 1 << 0,     /* O_NONBLOCK of the open description */
	SHM_F_BOUND = 1 << 1,	     /* in the port table */
	SHM_F_RDSHUT = 1 << 2,	     /* shutdown(SHUT_RD) */
	SHM_F_WRSHUT = 1 << 3,	     /* shutdown(SHUT_WR), or FIN sent */
	SHM_F_MAYBE_CLOSED = 1 << 4, /* some process closed a descriptor of it:
					ask the kernel whether it was the last */
	SHM_F_PEER_GONE = 1 << 5,    /* local peer is dead: no reader any more */
	SHM_F_EMBRYO = 1 << 6,	     /* made by a connect, not accepted yet */
	SHM_F_AUTOBOUND = 1 << 7,    /* port chosen by connect or send */
	SHM_F_ADDR_BOUND = 1 << 8,   /* local address given by the user */
	SHM_F_FIN_SEEN = 1 << 9,     /* reader has returned 0 once */
	SHM_F_STANDIN_NAMED = 1 << 10, /* stand-in bound to PREFIX/N.G */
	SHM_F_STANDIN_RDSHUT = 1 << 11, /* doorbells cannot reach it any more */
	SHM_F_CONN_DONE = 1 << 12,   /* result of connect was reported */
	SHM_F_REPORTS = 1 << 24, /* an error queue was made */
	SHM_F_CHAIN_TAIL = 1 << 13,  /* among the connected ones, which come last in
					a port's chain */
	SHM_F_FASTOPEN = 1 << 22,    /* connect with fast open (RFC 7413) */
	SHM_F_FO_NO_COOKIE = 1 << 23, /* and without a cookie */
	SHM_F_FO_WAITS = 1 << 25,    /* CONNECTING only at the first send */
	SHM_F_SHARED = 1 << 20,	     /* several processes may have it */
	SHM_F_ASYNC = 1 << 21,	     /* O_ASYNC, of the open description */
	SHM_F_ENDED_FIRST = 1 << 16, /* of the two ends: TIME-WAIT is this one's */
	SHM_F_ENDED_LAST = 1 << 17,
	SHM_F_DEFERRED = 1 << 18,    /* the listener does not know of it yet; of both ends */
	SHM_F_PORT_GIVEN = 1 << 14,  /* port named in bind(); any other is given up
					when a connection fails or ends */
	SHM_F_PEER_STAMPS = 1 << 26, /* local peer wants to know when bytes came */
	SHM_F_TX_STAMPS = 1 << 28,   /* stream: times of sending are wanted */
	SHM_F_REBOUND = 1 << 27,     /* bind() after its connection's end */
	SHM_F_PEER_DEAF = 1 << 15,   /* local peer is shut both ways: our bytes meet RST */
};

#define SHM_INSIDE 20 /* processes that sleep on one socket at a time */

/* One for each open file description: the structure that the documents draw. */
struct shm_sock {
	_Atomic uint32_t gen;	/* + 1 each time it is taken */
	_Atomic uint32_t state; /* enum shm_sock_state */
	_Atomic uint32_t flags; /* enum shm_sock_flag */
	_Atomic uint32_t so_error; /* pending positive errno; taken by swap */
	uint8_t family;		/* IP_V4, IP_V6, SHM_FAMILY_PACKET */
	uint8_t type;		/* SOCK_STREAM, SOCK_DGRAM, SOCK_RAW of Linux,
				   SHM_TYPE_PACKET */
	uint16_t protocol;	/* IPPROTO_TCP, UDP, ICMP, ICMPV6 */
	_Atomic uint32_t via;	/* enum shm_transport */
	uint32_t owner_slot;	/* process that took the record */
	_Atomic uint32_t next_free;
	_Atomic uint64_t cookie; /* SO_COOKIE of the stand-in; 0 not yet */
	_Atomic uint64_t ino;	 /* its inode number */
	uint32_t rx, tx;	/* fifos; fixed once connected (datagram: bound) */
	uint32_t peer, peer_gen; /* local transport */
	uint32_t listener, listener_gen; /* of an embryo */
	int32_t backlog;
	struct shm_lock lock;	/* bind, connect, listen, shutdown, options */
	struct shm_addr local, remote; /* IPv4 inside IPv6 sockets unmapped */
	_Atomic uint32_t rx_wait, tx_wait; /* sleepers that want a doorbell, and
					      SHM_WAIT_ASYNC */
	_Atomic uint32_t rung; /* doorbell bytes may lie in the stand-in */
	uint32_t port_next;    /* port table's chain; under port_lock */
	struct shm_lock watch_lock;
	_Atomic uint32_t watch; /* first epoll item; under watch_lock */
	_Atomic uint32_t svc_queued; /* in svc_ready: the pusher's word, else 0 */
	_Atomic uint32_t svc_next;
	uint32_t port_prev;    /* the chain backwards */
	uint32_t owner_gen;    /* of owner_slot: another may have the slot now */
	struct shm_opts opts; /* under lock, read anywhere */
	_Atomic uint64_t bytes_in, bytes_out; /* for status; approximate */
	/* P, local streams: when (monotonic ns) shutdown() sent the FIN, a
	 * descriptor was closed, the peer did either; 0 not yet. */
	_Atomic uint64_t fin_at, closed_at, peer_fin_at;
	uint32_t info[6]; /* S: some of what TCP_INFO shows (sock/info.h) */
	_Atomic uint32_t info_asked, info_told; /* P, S: all of it */
	_Atomic uint32_t owner_kind, owner_id; /* P: F_GETOWN_EX's type and pid */
	_Atomic uint32_t bell; /* + 1 when bells were taken out, or the last sleeper
				  of a process has left: a futex */
	_Atomic uint32_t bell_wait; /* who wait for that */
	uint16_t last_port; /* shown by getsockname() after it was given up */
	uint16_t pad0;
	struct shm_lock bell_lock; /* taking bells out; `inside` going up */
	struct shm_kept kept; /* under lock, as opts */
	_Atomic uint32_t eq; /* error queue (sock/report.h): a fifo of messages,
				made with the first; 0 none */
	_Atomic uint32_t cork; /* a datagram that grows (MSG_MORE, UDP_CORK) */
	_Atomic uint32_t cork_open; /* 1 one grows; 2 to the connected peer */
	uint32_t groups;       /* what it has joined (sock/member.c): a fifo; 0 none */
	struct shm_addr pathmtu_to; /* IPV6_RECVPATHMTU: what waits to be told */
	_Atomic uint32_t pathmtu;   /* 0: nothing */
	_Atomic uint32_t tskey; /* SOF_TIMESTAMPING_OPT_ID's counter */
	_Atomic int64_t stamp;	/* SIOCGSTAMP: ns; 0 none yet */
	_Atomic uint64_t inside[SHM_INSIDE]; /* who sleep on the stand-in: the
				process's word (as in a lock), number of threads */
	uint32_t group_next;   /* list of those who have any; port_lock[1] */
	/* RFC 7413, under lock. TCP_FASTOPEN: how many at once; its keys. */
	uint32_t fastopen;
	uint8_t fo_keys, fo_pad[3];
	uint8_t fo_key[2 * SHM_FO_KEY];
	uint32_t filter;       /* SO_ATTACH_FILTER's program (sock/filter.c) */
	/* P: sends with MSG_ZEROCOPY, and those of them whose end was read. */
	_Atomic uint32_t zerocopies, zerocopies_told;
	uint32_t packet;       /* a packet socket's page (shm/packet.h): a fifo */
	uint32_t chooser;      /* SO_ATTACH_REUSEPORT_CBPF's program (sock/reuse.c) */
	_Atomic uint32_t arrived, accepted; /* P, S: at a listener's stand-in */
	_Atomic int64_t came; /* stream's last bytes: ns since 1970; 0 not known */
	_Atomic uint32_t marks; /* whose times of sending are wanted (sock/stamps.c): a fifo
				   of messages, as eq */
	uint32_t sticky_if;    /* IPV6_PKTINFO as an option; 0 none. Under lock */
	uint32_t pad1[6];
};
static_assert(sizeof(struct shm_sock) == 896, "shm_sock");

/* What the first to close a connection within the host leaves; sock/timewait.c. */
struct shm_time_wait {
	_Atomic uint32_t number; /* at this place of the ring; 0 none */
	uint32_t older;		 /* of the same bucket of local ports */
	int64_t since, until;	 /* monotonic ns */
	uint32_t flags;
	uint32_t older_pair;	 /* of the same bucket of pairs of ports */
	struct shm_addr local, remote;
};
static_assert(sizeof(struct shm_time_wait) == 80, "shm_time_wait");

/* In rx_wait, tx_wait: O_ASYNC, each doorbell is wanted as the kernel makes SIGIO of
 * it; and the rest of the word. */
#define SHM_WAIT_ASYNC 0x10000u
#define SHM_WAIT_SLEEPERS 0xffffu

/* A waiter may sleep on the real descriptor; and a bell has been rung for it that
 * nobody has taken from there yet. */
enum shm_armed { SHM_AWAKE, SHM_ARMED, SHM_RUNG };

#define SHM_EPOLL_HOLDER_WORDS (SHM_PROCS / 32)

struct shm_epoll {
	_Atomic uint32_t gen, live;
	_Atomic uint64_t ready; /* stack of items: tag, index */
	_Atomic uint32_t armed; /* enum shm_armed */
	struct shm_lock lock;	/* the list of its items */
	uint32_t items;		/* first */
	_Atomic uint32_t next_free;
	uint64_t mark; /* data of our registrations in the real epoll */
	_Atomic uint32_t shared; /* processes may hold it that do not say so yet */
	_Atomic uint32_t nested; /* items that are about other sets */
	_Atomic int64_t look_at; /* when held bytes may go (sock/hold.c); 0 never */
	_Atomic uint32_t holders[SHM_EPOLL_HOLDER_WORDS]; /* process slots */
};

/* shm_item.live: an item that was dropped while it hung on the ready stack is freed
 * by who takes it off, so that programs which add and delete in turn do not use up
 * the items. */
enum shm_item_life { ITEM_DEAD, ITEM_LIVE, ITEM_DROPPED };

#define SHM_ITEM_SET 0x80000000u /* no socket's index has this bit */

struct shm_item {
	_Atomic uint32_t queued; /* on the ready stack: the pusher's word, else 0 */
	_Atomic uint32_t ready_next;
	_Atomic uint32_t gen, live;
	uint32_t sock, sock_gen; /* or SHM_ITEM_SET and a set's */
	uint32_t epoll;
	uint32_t watch_next;	/* sock's list; under its watch_lock */
	uint32_t next, prev;	/* epoll's list; under its lock */
	_Atomic uint32_t next_free;
	_Atomic uint32_t events; /* EPOLL* asked for; 0 when ONESHOT fired */
	_Atomic uint64_t data;	 /* the program's; MOD may come while we read */
	int32_t fd;
	uint32_t owner_slot; /* process that added it: whose fd that is */
	_Atomic uint32_t resting; /* taken out of its set, but not of the kernel's */
};

#endif
