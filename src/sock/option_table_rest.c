/* The rest of the options that Linux's headers name: those that are kept without
 * further effect, those that have but one truthful answer, and those that are
 * refused, each with the errno that Linux has for it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <asm/socket.h>
#include <linux/in6.h>
#include <netinet/tcp.h>

#include "option_kept.h"

/* Newer than the headers of Debian 12. */
enum {
	SO_PASSPIDFD_ = 76,
	SO_PEERPIDFD_ = 77,
	SO_DEVMEM_DONTNEED_ = 80,
	SO_PASSRIGHTS_ = 83,
	IP_LOCAL_PORT_RANGE_ = 51,
	IP_PROTOCOL_ = 52,
	TCP_AO_ADD_KEY_ = 38,
	TCP_AO_DEL_KEY_ = 39,
	TCP_AO_INFO_ = 40,
	TCP_AO_GET_KEYS_ = 41,
	TCP_AO_REPAIR_ = 42,
	TCP_IS_MPTCP_ = 43,
	TCP_RTO_MAX_MS_ = 44,
	TCP_RTO_MIN_US_ = 45,
	TCP_DELACK_MAX_US_ = 46,
};

#define SOCKET SOL_SOCKET
#define ALL ON_BOTH
#define SIX (ON_STREAM | ON_DGRAM | ON_V6)
#define KEPT(f) offsetof(struct shm_kept, f)
#define MOST 0x7fffffff

#define ROW(level_, name_, label_, on_, effect_, get_, set_, arg_, lo_, hi_, doc_) \
	{ level_, name_, label_, on_, effect_, get_, set_, NULL, NULL, arg_, lo_, \
		hi_, doc_ }
#define RAW_ROW(level_, name_, label_, on_, effect_, get_, set_, doc_) \
	{ level_, name_, label_, on_, effect_, NULL, NULL, get_, set_, 0, 0, 0, doc_ }

/* A bit, and a word within a range, that are kept. */
#define BIT(level_, name_, on_, bit_, doc_) \
	ROW(level_, name_, #name_, on_, EFFECT_NONE, kept_get_bit, kept_set_bit, \
		bit_, 0, 0, doc_)
#define WORD(level_, name_, label_, on_, field_, lo_, hi_, doc_) \
	ROW(level_, name_, label_, on_, EFFECT_NONE, kept_get_word, kept_set_word, \
		KEPT(field_), lo_, hi_, doc_)
/* Always the same; it cannot be set. */
#define FIXED(level_, name_, label_, on_, value_, doc_) \
	ROW(level_, name_, label_, on_, EFFECT_YES, kept_get_fixed, NULL, value_, 0, \
		0, doc_)
/* Both ENOPROTOOPT, and both another errno. */
#define REFUSED(level_, name_, label_, on_, doc_) \
	ROW(level_, name_, label_, on_, EFFECT_REFUSED, NULL, NULL, 0, 0, 0, doc_)
#define REFUSED_AS(level_, name_, label_, on_, errno_, doc_) \
	ROW(level_, name_, label_, on_, EFFECT_REFUSED, kept_refuse_get, \
		kept_refuse, 0, errno_, 0, doc_)
/* Reads as 0; may refuse to be set with an errno of its own. */
#define READS_0(level_, name_, label_, on_, set_, errno_, doc_) \
	ROW(level_, name_, label_, on_, EFFECT_REFUSED, kept_get_fixed, set_, 0, \
		errno_, 0, doc_)
#define SETS(level_, name_, label_, on_, effect_, set_, errno_, doc_) \
	ROW(level_, name_, label_, on_, effect_, NULL, set_, 0, errno_, 0, doc_)
#define SET_REFUSED(level_, name_, label_, on_, errno_, doc_) \
	SETS(level_, name_, label_, on_, EFFECT_REFUSED, kept_refuse, errno_, doc_)

/* Of IPsec, which there is not. */
#define POLICY(level_, name_, label_, on_, errno_) \
	{ level_, name_, label_, on_, EFFECT_REFUSED, NULL, NULL, NULL, \
		kept_refuse_policy, 0, errno_, 0, #errno_ }

#define NOT_YET(level_, name_, label_, on_) \
	REFUSED(level_, name_, label_, on_, "not yet: ENOPROTOOPT")
/* A byte among the socket's other options. */
#define OPTS_U8(level_, name_, label_, on_, field_, doc_) \
	ROW(level_, name_, label_, on_, EFFECT_STACK, option_get_u8, option_set_u8, \
		offsetof(struct shm_opts, field_), 0, 255, doc_)

static const struct option rows[] = {
	/* clang-format off */
	ROW(SOCKET, SO_DEBUG, "SO_DEBUG", ALL, EFFECT_NONE, kept_get_bit,
		kept_set_debug, SHM_K_DEBUG, 0, 0,
		"kept; to turn it on without privilege: EACCES"),
	BIT(SOCKET, SO_DONTROUTE, ALL, SHM_K_DONTROUTE,
		"kept; gateways are used all the same"),
	ROW(SOCKET, SO_BSDCOMPAT, "SO_BSDCOMPAT", ALL, EFFECT_NONE, kept_get_fixed,
		kept_set_ignored, 0, 0, 0, "always 0, as on Linux"),
	REFUSED_AS(SOCKET, SO_PASSCRED, "SO_PASSCRED", ALL, EOPNOTSUPP,
		"EOPNOTSUPP: of AF_UNIX only"),
	RAW_ROW(SOCKET, SO_PEERCRED, "SO_PEERCRED", ALL, EFFECT_YES,
		kept_get_peercred, NULL, "nobody: pid 0, the others -1"),
	REFUSED(SOCKET, SO_SECURITY_AUTHENTICATION, "SO_SECURITY_AUTHENTICATION", ALL,
		"ENOPROTOOPT, as on Linux"),
	REFUSED(SOCKET, SO_SECURITY_ENCRYPTION_TRANSPORT,
		"SO_SECURITY_ENCRYPTION_TRANSPORT", ALL, "ENOPROTOOPT, as on Linux"),
	REFUSED(SOCKET, SO_SECURITY_ENCRYPTION_NETWORK,
		"SO_SECURITY_ENCRYPTION_NETWORK", ALL, "ENOPROTOOPT, as on Linux"),
	RAW_ROW(SOCKET, SO_ATTACH_FILTER, "SO_ATTACH_FILTER", ON_UDP, EFFECT_YES,
		option_get_filter, option_set_filter,
		"classic BPF over what comes in; to be read as SO_GET_FILTER"),
	RAW_ROW(SOCKET, SO_ATTACH_FILTER, "SO_ATTACH_FILTER", ON_TCP, EFFECT_NONE,
		option_get_filter, option_set_filter,
		"checked and kept; a stream is not cut into packets for it"),
	SETS(SOCKET, SO_DETACH_FILTER, "SO_DETACH_FILTER", ALL, EFFECT_YES,
		option_detach_filter, 0, "ENOENT: there is none"),
	ROW(SOCKET, SO_LOCK_FILTER, "SO_LOCK_FILTER", ALL, EFFECT_YES, kept_get_bit,
		kept_set_lock_filter, SHM_K_LOCK_FILTER, 0, 0,
		"once on it stays on: EPERM"),
	SETS(SOCKET, SO_ATTACH_BPF, "SO_ATTACH_BPF", ALL, EFFECT_REFUSED,
		kept_refuse_bpf, 0, "EINVAL; EBADF for no descriptor"),
	RAW_ROW(SOCKET, SO_ATTACH_REUSEPORT_CBPF, "SO_ATTACH_REUSEPORT_CBPF", ALL,
		EFFECT_YES, NULL, option_set_chooser,
		"a program chooses among the sockets of one name"),
	SETS(SOCKET, SO_ATTACH_REUSEPORT_EBPF, "SO_ATTACH_REUSEPORT_EBPF", ALL,
		EFFECT_REFUSED, kept_refuse_bpf, 0,
		"EINVAL; EBADF for no descriptor"),
	SETS(SOCKET, SO_DETACH_REUSEPORT_BPF, "SO_DETACH_REUSEPORT_BPF", ALL,
		EFFECT_YES, option_detach_chooser, 0,
		"ENOENT: there is none; EINVAL without SO_REUSEPORT"),
	FIXED(SOCKET, SO_BPF_EXTENSIONS, "SO_BPF_EXTENSIONS", ALL, 64,
		"64: SKF_AD_MAX"),
	RAW_ROW(SOCKET, SO_PEERNAME, "SO_PEERNAME", ALL, EFFECT_YES,
		kept_get_peername, NULL, "as getpeername"),
	REFUSED(SOCKET, SO_PEERSEC, "SO_PEERSEC", ALL,
		"ENOPROTOOPT: there are no security labels"),
	REFUSED_AS(SOCKET, SO_PASSSEC, "SO_PASSSEC", ALL, EOPNOTSUPP,
		"EOPNOTSUPP: of AF_UNIX only"),
	BIT(SOCKET, SO_WIFI_STATUS, ALL, SHM_K_WIFI_STATUS, "kept; there is no radio"),
	BIT(SOCKET, SO_NOFCS, ALL, SHM_K_NOFCS, "kept; of packet sockets only"),
	WORD(SOCKET, SO_BUSY_POLL, "SO_BUSY_POLL", ALL, busy_poll, 0, MOST,
		"kept, us; ENCHUFE_SPIN_US says how long waiting spins"),
	ROW(SOCKET, SO_PREFER_BUSY_POLL, "SO_PREFER_BUSY_POLL", ALL, EFFECT_NONE,
		kept_get_bit, kept_set_prefer_busy, SHM_K_PREFER_BUSY_POLL, 0, 0,
		"kept; EPERM without privilege"),
	SETS(SOCKET, SO_BUSY_POLL_BUDGET, "SO_BUSY_POLL_BUDGET", ALL, EFFECT_NONE,
		kept_set_busy_budget, 0, "kept; EPERM without privilege"),
	RAW_ROW(SOCKET, SO_MAX_PACING_RATE, "SO_MAX_PACING_RATE", ALL, EFFECT_YES,
		kept_get_pacing, kept_set_pacing,
		"bytes a second, of streams to other hosts"),
	WORD(SOCKET, SO_INCOMING_CPU, "SO_INCOMING_CPU", ALL, incoming_cpu, -MOST - 1,
		MOST, "kept; no packet changes it"),
	FIXED(SOCKET, SO_INCOMING_NAPI_ID, "SO_INCOMING_NAPI_ID", ALL, 0,
		"0: there are no device queues"),
	SETS(SOCKET, SO_CNX_ADVICE, "SO_CNX_ADVICE", ALL, EFFECT_NONE,
		kept_set_ignored, 0, "taken as the hint that it is"),
	RAW_ROW(SOCKET, SO_MEMINFO, "SO_MEMINFO", ALL, EFFECT_YES, kept_get_meminfo,
		NULL, "bytes that wait, both buffers, lost datagrams"),
	RAW_ROW(SOCKET, SO_PEERGROUPS, "SO_PEERGROUPS", ALL, EFFECT_REFUSED,
		kept_get_no_data, NULL, "ENODATA: of AF_UNIX only"),
	RAW_ROW(SOCKET, SO_PEERPIDFD_, "SO_PEERPIDFD", ALL, EFFECT_REFUSED,
		kept_get_no_data, NULL, "ENODATA: of AF_UNIX only"),
	REFUSED_AS(SOCKET, SO_PASSPIDFD_, "SO_PASSPIDFD", ALL, EOPNOTSUPP,
		"EOPNOTSUPP: of AF_UNIX only"),
	REFUSED_AS(SOCKET, SO_PASSRIGHTS_, "SO_PASSRIGHTS", ALL, EOPNOTSUPP,
		"EOPNOTSUPP: of AF_UNIX only"),
	ROW(SOCKET, SO_ZEROCOPY, "SO_ZEROCOPY", ALL, EFFECT_YES, kept_get_bit,
		kept_set_zerocopy, SHM_K_ZEROCOPY, 0, 0,
		"MSG_ZEROCOPY has notices, which say that it was copied; of TCP and "
		"UDP, else EOPNOTSUPP"),
	RAW_ROW(SOCKET, SO_TXTIME, "SO_TXTIME", ALL, EFFECT_NONE, kept_get_txtime,
		kept_set_txtime, "kept; as on Linux without a queue that heeds it"),
	RAW_ROW(SOCKET, SO_NETNS_COOKIE, "SO_NETNS_COOKIE", ALL, EFFECT_YES,
		kept_get_netns, NULL, "a number of the virtual host"),
	ROW(SOCKET, SO_BUF_LOCK, "SO_BUF_LOCK", ALL, EFFECT_NONE, kept_get_buf_lock,
		kept_set_buf_lock, 0, 0, 0, "kept; SO_RCVBUF, SO_SNDBUF bind anyway"),
	ROW(SOCKET, SO_RESERVE_MEM, "SO_RESERVE_MEM", ALL, EFFECT_REFUSED,
		kept_get_fixed, kept_set_reserve, 0, 0, 0,
		"EOPNOTSUPP, as Linux without memory accounting"),
	ROW(SOCKET, SO_TXREHASH, "SO_TXREHASH", ALL, EFFECT_NONE, kept_get_txrehash,
		kept_set_txrehash, SHM_K_TXREHASH, 0, 0,
		"kept; of streams, else EOPNOTSUPP"),
	SET_REFUSED(SOCKET, SO_DEVMEM_DONTNEED_, "SO_DEVMEM_DONTNEED", ON_TCP, EINVAL,
		"EINVAL: there is no device memory"),
	SET_REFUSED(SOCKET, SO_DEVMEM_DONTNEED_, "SO_DEVMEM_DONTNEED", ON_UDP, EBADF,
		"EBADF: of streams only"),

	READS_0(IPPROTO_IP, IP_HDRINCL, "IP_HDRINCL", ALL, NULL, 0,
		"ENOPROTOOPT: of raw sockets only"),
	READS_0(IPPROTO_IP, IP_ROUTER_ALERT, "IP_ROUTER_ALERT", ALL, kept_refuse, EINVAL,
		"EINVAL: of raw sockets only"),
	RAW_ROW(IPPROTO_IP, IP_PKTOPTIONS, "IP_PKTOPTIONS", ON_TCP, EFFECT_YES,
		kept_get_none, NULL, "none are ever there"),
	POLICY(IPPROTO_IP, IP_IPSEC_POLICY, "IP_IPSEC_POLICY", ALL, EOPNOTSUPP),
	POLICY(IPPROTO_IP, IP_XFRM_POLICY, "IP_XFRM_POLICY",
		ON_STREAM | ON_DGRAM | ON_V4, EINVAL),
	POLICY(IPPROTO_IP, IP_XFRM_POLICY, "IP_XFRM_POLICY", SIX, EOPNOTSUPP),
	BIT(IPPROTO_IP, IP_PASSSEC, ALL, SHM_K_PASSSEC, "kept; there are no labels"),
	ROW(IPPROTO_IP, IP_TRANSPARENT, "IP_TRANSPARENT", ALL, EFFECT_YES,
		kept_get_bit, kept_set_transparent, SHM_K_TRANSPARENT, 0, 0,
		"bind to an address that the host does not have; EPERM without "
		"privilege"),
	READS_0(IPPROTO_IP, IP_NODEFRAG, "IP_NODEFRAG", ALL, NULL, 0,
		"ENOPROTOOPT: of raw sockets only"),
	{ IPPROTO_IP, IP_LOCAL_PORT_RANGE_, "IP_LOCAL_PORT_RANGE", ALL, EFFECT_YES,
		kept_get_word, NULL, NULL, kept_set_port_range, KEPT(port_range), 0, 0,
		"first port, last << 16; within the host's range" },
	FIXED(IPPROTO_IP, IP_PROTOCOL_, "IP_PROTOCOL", ALL, 0, "0 but of raw sockets"),
	OPTS_U8(IPPROTO_IP, IP_MINTTL, "IP_MINTTL", ALL, min_ttl,
		"of connections with other hosts: segments with less are dropped"),
	NOT_YET(IPPROTO_IP, IP_RECVFRAGSIZE, "IP_RECVFRAGSIZE", ALL),

	NOT_YET(IPPROTO_IPV6, IPV6_RECVFRAGSIZE, "IPV6_RECVFRAGSIZE", SIX),
	OPTS_U8(IPPROTO_IPV6, IPV6_MINHOPCOUNT, "IPV6_MINHOPCOUNT", SIX, min_hops,
		"as IP_MINTTL"),
	RAW_ROW(IPPROTO_IPV6, IPV6_PKTINFO, "IPV6_PKTINFO", SIX, EFFECT_YES, NULL,
		kept_set_pktinfo6,
		"the interface that datagrams leave by; its address is not used"),
	ROW(IPPROTO_IPV6, IPV6_ADDRFORM, "IPV6_ADDRFORM", SIX, EFFECT_YES,
		kept_get_addrform, kept_set_addrform, 0, 0, 0,
		"AF_INET: a connection with a mapped address becomes IPv4's"),
	RAW_ROW(IPPROTO_IPV6, IPV6_2292PKTOPTIONS, "IPV6_2292PKTOPTIONS",
		ON_STREAM | ON_V6, EFFECT_REFUSED, kept_get_none, kept_set_pktoptions,
		"no extension headers are sent: EINVAL, EPERM without privilege"),
	RAW_ROW(IPPROTO_IPV6, IPV6_2292PKTOPTIONS, "IPV6_2292PKTOPTIONS",
		ON_DGRAM | ON_V6, EFFECT_REFUSED, NULL, kept_set_pktoptions,
		"no extension headers are sent: EINVAL, EPERM without privilege"),
	REFUSED(IPPROTO_IPV6, IPV6_CHECKSUM, "IPV6_CHECKSUM", SIX,
		"ENOPROTOOPT: of raw sockets only"),
	REFUSED(IPPROTO_IPV6, IPV6_NEXTHOP, "IPV6_NEXTHOP", SIX,
		"ENOPROTOOPT, as on Linux"),
	REFUSED(IPPROTO_IPV6, IPV6_AUTHHDR, "IPV6_AUTHHDR", SIX,
		"ENOPROTOOPT, as on Linux"),
	READS_0(IPPROTO_IPV6, IPV6_ROUTER_ALERT, "IPV6_ROUTER_ALERT", SIX, kept_refuse,
		ENOPROTOOPT,
		"ENOPROTOOPT: of raw sockets only"),
	BIT(IPPROTO_IPV6, IPV6_ROUTER_ALERT_ISOLATE, SIX, SHM_K_ALERT_ISOLATE,
		"kept; of raw sockets only"),
	SET_REFUSED(IPPROTO_IPV6, IPV6_JOIN_ANYCAST, "IPV6_JOIN_ANYCAST", SIX, EINVAL,
		"EINVAL: there are no anycast addresses"),
	SET_REFUSED(IPPROTO_IPV6, IPV6_LEAVE_ANYCAST, "IPV6_LEAVE_ANYCAST", SIX,
		EINVAL, "EINVAL: there are no anycast addresses"),
	REFUSED_AS(IPPROTO_IPV6, IPV6_FLOWLABEL_MGR, "IPV6_FLOWLABEL_MGR", SIX, EINVAL,
		"EINVAL: flow labels are not leased"),
	BIT(IPPROTO_IPV6, IPV6_FLOWINFO_SEND, SIX, SHM_K_FLOWINFO_SEND,
		"kept; flow labels are 0"),
	POLICY(IPPROTO_IPV6, IPV6_IPSEC_POLICY, "IPV6_IPSEC_POLICY", SIX, EOPNOTSUPP),
	POLICY(IPPROTO_IPV6, IPV6_XFRM_POLICY, "IPV6_XFRM_POLICY", SIX, EINVAL),
	REFUSED(IPPROTO_IPV6, IPV6_HDRINCL, "IPV6_HDRINCL", SIX,
		"ENOPROTOOPT: of raw sockets only"),
	RAW_ROW(IPPROTO_IPV6, IPV6_HOPOPTS, "IPV6_HOPOPTS", SIX, EFFECT_REFUSED,
		kept_get_none, kept_set_exthdr,
		"no extension headers are sent: EINVAL, EPERM without privilege"),
	RAW_ROW(IPPROTO_IPV6, IPV6_RTHDRDSTOPTS, "IPV6_RTHDRDSTOPTS", SIX,
		EFFECT_REFUSED, kept_get_none, kept_set_exthdr,
		"no extension headers are sent: EINVAL, EPERM without privilege"),
	RAW_ROW(IPPROTO_IPV6, IPV6_RTHDR, "IPV6_RTHDR", SIX, EFFECT_REFUSED,
		kept_get_none, kept_set_exthdr,
		"no extension headers are sent: EINVAL, EPERM without privilege"),
	RAW_ROW(IPPROTO_IPV6, IPV6_DSTOPTS, "IPV6_DSTOPTS", SIX, EFFECT_REFUSED,
		kept_get_none, kept_set_exthdr,
		"no extension headers are sent: EINVAL, EPERM without privilege"),
	BIT(IPPROTO_IPV6, IPV6_AUTOFLOWLABEL, SIX, SHM_K_AUTOFLOWLABEL,
		"kept; flow labels are 0"),
	ROW(IPPROTO_IPV6, IPV6_ADDR_PREFERENCES, "IPV6_ADDR_PREFERENCES", SIX,
		EFFECT_NONE, kept_get_addr_prefs, kept_set_addr_prefs, 0, 0, 0,
		"kept; a host has no temporary addresses"),
	ROW(IPPROTO_IPV6, IPV6_TRANSPARENT, "IPV6_TRANSPARENT", SIX, EFFECT_YES,
		kept_get_bit, kept_set_transparent, SHM_K_TRANSPARENT, 0, 0,
		"as IP_TRANSPARENT"),
	ROW(IPPROTO_IPV6, IPV6_FREEBIND, "IPV6_FREEBIND", SIX, EFFECT_YES,
		option_get_bit, option_set_bit, SHM_O_FREEBIND, 0, 0,
		"as IP_FREEBIND"),

	SET_REFUSED(IPPROTO_TCP, TCP_MD5SIG, "TCP_MD5SIG", ON_TCP, EINVAL, "EINVAL"),
	SET_REFUSED(IPPROTO_TCP, TCP_MD5SIG_EXT, "TCP_MD5SIG_EXT", ON_TCP, EINVAL,
		"EINVAL"),
	REFUSED(IPPROTO_TCP, TCP_COOKIE_TRANSACTIONS, "TCP_COOKIE_TRANSACTIONS",
		ON_TCP, "ENOPROTOOPT, as on Linux"),
	ROW(IPPROTO_TCP, TCP_THIN_LINEAR_TIMEOUTS, "TCP_THIN_LINEAR_TIMEOUTS", ON_TCP,
		EFFECT_NONE, kept_get_bit, kept_set_flag, SHM_K_THIN_LINEAR, 0, 0,
		"kept; timeouts double"),
	ROW(IPPROTO_TCP, TCP_THIN_DUPACK, "TCP_THIN_DUPACK", ON_TCP, EFFECT_NONE,
		kept_get_fixed, kept_set_thin_dupack, 0, 0, 0,
		"always 0, as on Linux"),
	ROW(IPPROTO_TCP, TCP_REPAIR, "TCP_REPAIR", ON_TCP, EFFECT_REFUSED,
		kept_get_fixed, kept_set_repair, 0, 0, 0,
		"EPERM: no checkpointing"),
	ROW(IPPROTO_TCP, TCP_REPAIR_QUEUE, "TCP_REPAIR_QUEUE", ON_TCP, EFFECT_REFUSED,
		kept_refuse_get, kept_refuse_repair, 0, EINVAL, 0,
		"EINVAL, EPERM: no checkpointing"),
	ROW(IPPROTO_TCP, TCP_QUEUE_SEQ, "TCP_QUEUE_SEQ", ON_TCP, EFFECT_REFUSED,
		kept_refuse_get, kept_refuse, 0, EINVAL, 0,
		"EINVAL: no checkpointing"),
	SET_REFUSED(IPPROTO_TCP, TCP_REPAIR_OPTIONS, "TCP_REPAIR_OPTIONS", ON_TCP,
		EINVAL, "EINVAL: no checkpointing"),
	ROW(IPPROTO_TCP, TCP_TIMESTAMP, "TCP_TIMESTAMP", ON_TCP, EFFECT_REFUSED,
		kept_get_timestamp, kept_refuse, 0, EPERM, 0,
		"the clock of the timestamps; EPERM to set: no checkpointing"),
	ROW(IPPROTO_TCP, TCP_REPAIR_WINDOW, "TCP_REPAIR_WINDOW", ON_TCP,
		EFFECT_REFUSED, kept_refuse_get, kept_refuse_repair, 0, EINVAL, 0,
		"EINVAL, EPERM: no checkpointing"),
	RAW_ROW(IPPROTO_TCP, TCP_CC_INFO, "TCP_CC_INFO", ON_TCP, EFFECT_YES,
		option_get_cc_info, NULL,
		"struct tcp_bbr_info; no bytes: cubic and reno tell nothing"),
	ROW(IPPROTO_TCP, TCP_SAVE_SYN, "TCP_SAVE_SYN", ON_TCP, EFFECT_NONE,
		kept_get_save_syn, kept_set_save_syn, 0, 0, 0,
		"kept; no SYN is saved"),
	RAW_ROW(IPPROTO_TCP, TCP_SAVED_SYN, "TCP_SAVED_SYN", ON_TCP, EFFECT_NONE,
		kept_get_none, NULL, "no bytes: no SYN is saved"),
	RAW_ROW(IPPROTO_TCP, TCP_ULP, "TCP_ULP", ON_TCP, EFFECT_REFUSED,
		kept_get_none, kept_set_ulp, "ENOENT: there is none, as kTLS"),
	ROW(IPPROTO_TCP, TCP_ZEROCOPY_RECEIVE, "TCP_ZEROCOPY_RECEIVE", ON_TCP,
		EFFECT_REFUSED, kept_refuse_get, NULL, 0, EINVAL, 0,
		"EINVAL: a socket cannot be mapped"),
	WORD(IPPROTO_TCP, TCP_TX_DELAY, "TCP_TX_DELAY", ON_TCP, tx_delay, 0,
		(1 << 28) - 1, "kept, us; a link has a delay"),
	ROW(IPPROTO_TCP, TCP_INQ, "TCP_INQ", ON_TCP, EFFECT_YES, kept_get_bit,
		kept_set_flag, SHM_K_INQ, 0, 0,
		"ancillary data: unread bytes, 1 at the end"),
	RAW_ROW(IPPROTO_TCP, TCP_FASTOPEN_KEY, "TCP_FASTOPEN_KEY", ON_TCP,
		EFFECT_STACK, option_get_fo_key, option_set_fo_key,
		"16 bytes, or 32: the key before, too"),
	ROW(IPPROTO_TCP, TCP_FASTOPEN_CONNECT, "TCP_FASTOPEN_CONNECT", ON_TCP,
		EFFECT_YES, kept_get_bit, option_set_fo_connect, SHM_K_FO_CONNECT,
		0, 0, "connect() waits for the first send if there is a cookie"),
	ROW(IPPROTO_TCP, TCP_FASTOPEN_NO_COOKIE, "TCP_FASTOPEN_NO_COOKIE", ON_TCP,
		EFFECT_STACK, kept_get_bit, option_set_fo_no_cookie,
		SHM_K_FO_NO_COOKIE, 0, 0, "data in SYNs without a cookie"),
	REFUSED(IPPROTO_TCP, TCP_AO_ADD_KEY_, "TCP_AO_ADD_KEY", ON_TCP, "ENOPROTOOPT"),
	REFUSED(IPPROTO_TCP, TCP_AO_DEL_KEY_, "TCP_AO_DEL_KEY", ON_TCP, "ENOPROTOOPT"),
	REFUSED(IPPROTO_TCP, TCP_AO_INFO_, "TCP_AO_INFO", ON_TCP, "ENOPROTOOPT"),
	REFUSED(IPPROTO_TCP, TCP_AO_GET_KEYS_, "TCP_AO_GET_KEYS", ON_TCP,
		"ENOPROTOOPT"),
	REFUSED(IPPROTO_TCP, TCP_AO_REPAIR_, "TCP_AO_REPAIR", ON_TCP, "ENOPROTOOPT"),
	FIXED(IPPROTO_TCP, TCP_IS_MPTCP_, "TCP_IS_MPTCP", ON_TCP, 0, "0"),
	ROW(IPPROTO_TCP, TCP_RTO_MAX_MS_, "TCP_RTO_MAX_MS", ON_TCP, EFFECT_NONE,
		kept_get_word, kept_set_ms, KEPT(rto_max_ms), 1000, 120000,
		"kept, rounded up to Debian's tick of 4 ms; it is 120 s"),
	ROW(IPPROTO_TCP, TCP_RTO_MIN_US_, "TCP_RTO_MIN_US", ON_TCP, EFFECT_NONE,
		kept_get_word, kept_set_us, KEPT(rto_min_us), 4001, 200000,
		"kept, rounded up to Debian's tick of 4 ms; it is 200 ms"),
	ROW(IPPROTO_TCP, TCP_DELACK_MAX_US_, "TCP_DELACK_MAX_US", ON_TCP, EFFECT_NONE,
		kept_get_word, kept_set_us, KEPT(delack_max_us), 4001, 200000,
		"kept, rounded up to Debian's tick of 4 ms"),
	/* clang-format on */
};

const struct option_table sock_options_rest = { rows, sizeof(rows) / sizeof(rows[0]) };
