/* Files of /proc/net as the virtual host has them: what netstat, route, arp, ifconfig
 * and Java read, and `ss` when it gets no answer by netlink. Written whole into a
 * memory file when they are opened. The formats are Linux's, to the blank.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <linux/memfd.h>
#include <linux/sockios.h>
#include <net/route.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "netif.h"
#include "procnet.h"
#include "sock/packets.h"

static void flush(struct procnet_text *t)
{
	if (t->used)
		sys_call3(SYS_write, t->fd, t->buf, t->used);
	t->used = 0;
}

void procnet_line(struct procnet_text *t, size_t width, const char *format, ...)
{
	va_list ap;
	size_t n;

	if (t->used + 512 > sizeof(t->buf))
		flush(t);
	va_start(ap, format);
	n = (size_t)vsnprintf(t->buf + t->used, 480, format, ap);
	va_end(ap);
	while (n < width)
		t->buf[t->used + n++] = ' ';
	t->buf[t->used + n++] = '\n';
	t->used += n;
}

/* --- interfaces and routes --------------------------------------------------------- */

static void dev(struct procnet_text *t)
{
	struct iface i;

	procnet_line(t, 0, "Inter-|   Receive                                        "
		"        |  Transmit");
	procnet_line(t, 0, " face |bytes    packets errs drop fifo frame compressed "
		"multicast|bytes    packets errs drop fifo colls carrier compressed");
	for (uint32_t k = 0; netif_iface(k, &i); k++)
		procnet_line(t, 0, "%6s: %7llu %7llu %4d %4d %4d %5d %10d %9d "
			"%8llu %7llu %4d %4d %4d %5d %7d %10d", i.name,
			(unsigned long long)i.rx_bytes,
			(unsigned long long)i.rx_frames, 0, 0, 0, 0, 0, 0,
			(unsigned long long)i.tx_bytes,
			(unsigned long long)i.tx_frames, 0, 0, 0, 0, 0, 0);
}

static uint32_t word(const struct shm_addr *a)
{
	uint32_t v;

	memcpy(&v, a->b, sizeof(v));
	return v;
}

static void route(struct procnet_text *t)
{
	struct shm_route r;
	struct iface i;

	procnet_line(t, 127, "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\t"
		"Mask\t\tMTU\tWindow\tIRTT");
	for (uint32_t k = 0; netif_route(k, &r); k++) {
		if (r.dst.family != IP_V4 || r.ifindex == 1 || r.dst.bits > 32 ||
			!netif_by_index(r.ifindex, &i))
			continue;
		procnet_line(t, 127, "%s\t%08X\t%08X\t%04X\t%d\t%u\t%d\t%08X\t%d\t%u\t%u",
			i.name, word(&r.dst), r.gateway.family ? word(&r.gateway) : 0,
			RTF_UP | (r.gateway.family ? RTF_GATEWAY : 0), 0, 0, 0,
			netif_mask(r.dst.bits), 0, 0, 0);
	}
}

static void hex16(const struct shm_addr *a, char out[33])
{
	for (int k = 0; k < 16; k++)
		snprintf(out + 2 * k, 3, "%02x", a->family ? a->b[k] : 0);
}

static void if_inet6(struct procnet_text *t)
{
	struct iface_addr a;
	struct iface i;
	char hex[33];

	for (uint32_t k = 0; netif_addr(k, &a); k++) {
		bool link = a.addr.b[0] == 0xfe && (a.addr.b[1] & 0xc0) == 0x80;

		if (a.addr.family != IP_V6 || !netif_by_index(a.ifindex, &i))
			continue;
		hex16(&a.addr, hex);
		procnet_line(t, 0, "%s %02x %02x %02x %02x %8s", hex, a.ifindex,
			a.addr.bits, netif_is_lo(&i) ? 0x10 : link ? 0x20 : 0,
			0x80, i.name);
	}
}

static void ipv6_route(struct procnet_text *t)
{
	struct shm_addr none = { 0 };
	char dst[33], src[33], hop[33];
	struct shm_route r;
	struct iface i;

	hex16(&none, src);
	for (uint32_t k = 0; netif_route(k, &r); k++) {
		if (r.dst.family != IP_V6 || !netif_by_index(r.ifindex, &i))
			continue;
		hex16(&r.dst, dst);
		hex16(&r.gateway, hop);
		procnet_line(t, 0, "%s %02x %s %02x %s %08x %08x %08x %08x %8s", dst,
			r.dst.bits, src, 0, hop, r.gateway.family ? 1024 : 256, 1,
			0, RTF_UP | (r.gateway.family ? RTF_GATEWAY : 0), i.name);
	}
}

static void arp(struct procnet_text *t)
{
	size_t size = SHM_NEIGHS_MAX * sizeof(struct shm_neigh);
	struct shm_neigh *all = sys_alloc(size);
	uint32_t n = all ? netif_neighs(all) : 0;
	char ip[16], mac[18];
	struct iface i;

	procnet_line(t, 0, "IP address       HW type     Flags       HW address        "
		"    Mask     Device");
	for (uint32_t k = 0; k < n; k++) {
		const uint8_t *b = all[k].addr.b, *m = all[k].mac;

		if (all[k].addr.family != IP_V4 ||
			!netif_by_index(all[k].ifindex, &i))
			continue;
		snprintf(ip, sizeof(ip), "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
		snprintf(mac, sizeof(mac), "%02x:%02x:%02x:%02x:%02x:%02x", m[0],
			m[1], m[2], m[3], m[4], m[5]);
		procnet_line(t, 0, "%-16s 0x%-10x0x%-10x%-17s     *        %s", ip,
			netif_type(&i), all[k].has_mac ? 2 /* ATF_COM */ : 0, mac,
			i.name);
	}
	if (all)
		sys_free(all, size);
}

/* --- sockets ------------------------------------------------------------------------ */

struct kind {
	const char *file;
	uint8_t family, type;
	int protocol; /* -1: any */
};

static const struct kind kinds[] = {
	{ "tcp", IP_V4, SOCK_STREAM, IPPROTO_TCP },
	{ "tcp6", IP_V6, SOCK_STREAM, IPPROTO_TCP },
	{ "udp", IP_V4, SOCK_DGRAM, IPPROTO_UDP },
	{ "udp6", IP_V6, SOCK_DGRAM, IPPROTO_UDP },
	{ "udplite", IP_V4, SOCK_DGRAM, IPPROTO_UDPLITE },
	{ "udplite6", IP_V6, SOCK_DGRAM, IPPROTO_UDPLITE },
	{ "icmp", IP_V4, SOCK_DGRAM, IPPROTO_ICMP },
	{ "icmp6", IP_V6, SOCK_DGRAM, IPPROTO_ICMPV6 },
	{ "raw", IP_V4, SOCK_RAW, -1 },
	{ "raw6", IP_V6, SOCK_RAW, -1 },
};

/* As %08X of each word of the machine, mapped into IPv6 where that is shown. */
static void name_text(const struct shm_addr *a, uint16_t port, bool v6,
	char out[48])
{
	struct ip_addr ip = { .family = a->family };
	uint32_t w[4];

	memcpy(ip.b, a->b, sizeof(ip.b));
	if (v6 && a->family == IP_V4 && word(a) != 0)
		ip = ip_addr_map(&ip);
	memcpy(w, ip.b, sizeof(w));
	if (v6)
		snprintf(out, 48, "%08X%08X%08X%08X:%04X", w[0], w[1], w[2], w[3],
			port);
	else
		snprintf(out, 48, "%08X:%04X", w[0], port);
}

static unsigned state_of(uint32_t i, const struct shm_sock *s)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (s->type != SOCK_STREAM)
		return s->remote.port ? TCP_ESTABLISHED : TCP_CLOSE;
	return sock_getopt(&cl.env, i, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 ?
		info.tcpi_state :
		(unsigned)TCP_CLOSE;
}

static void queues(uint32_t i, const struct shm_sock *s, unsigned *tx, unsigned *rx)
{
	int v = 0;

	*tx = *rx = 0;
	if (atomic_get_relaxed(&s->state) == SHM_SOCK_LISTEN) {
		*tx = (unsigned)s->backlog;
		return;
	}
	if (sock_ioctl(&cl.env, i, SIOCOUTQ, &v) == 0)
		*tx = (unsigned)v;
	if (sock_ioctl(&cl.env, i, FIONREAD, &v) == 0)
		*rx = (unsigned)v;
}

static bool shown(const struct shm_sock *s, const struct kind *k)
{
	uint32_t state = atomic_get_relaxed(&s->state);

	if (state == SHM_SOCK_FREE || s->family != k->family || s->type != k->type ||
		(k->protocol >= 0 && s->protocol != k->protocol) ||
		(atomic_get_relaxed(&s->flags) & SHM_F_EMBRYO))
		return false;
	/* Linux shows what has a port. */
	return k->type == SOCK_RAW || s->local.port != 0;
}

/* Lines of IPv4 are filled up, but of raw sockets. */
static size_t width_of(const struct kind *k)
{
	return k->family != IP_V4 || k->type == SOCK_RAW ? 0 :
		k->type == SOCK_STREAM			 ? 149 :
							   127;
}

static void head(struct procnet_text *t, const struct kind *k)
{
	const char *more = k->type == SOCK_STREAM ? "" : " ref pointer drops";

	if (k->family == IP_V4)
		procnet_line(t, width_of(k), "%s  sl  local_address rem_address   st "
			"tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode%s",
			k->protocol == IPPROTO_UDP ? " " : "", more);
	else
		procnet_line(t, 0, "  sl  local_address                         "
			"remote_address                        st tx_queue rx_queue "
			"tr tm->when retrnsmt   uid  timeout inode%s", more);
}

static void sockets(struct procnet_text *t, const struct kind *k)
{
	uint32_t n = atomic_get_relaxed(&cl.arena.hdr->socks.fresh);
	unsigned row = 0, tx, rx;
	char local[48], remote[48];

	head(t, k);
	for (uint32_t i = 1; i < n && i < cl.arena.n_socks; i++) {
		struct shm_sock *s = &cl.arena.socks[i];

		if (!shown(s, k))
			continue;
		/* Closed, and the sweep has not been there yet. */
		if ((atomic_get_relaxed(&s->flags) & SHM_F_MAYBE_CLOSED) &&
			s->type != SOCK_STREAM && standin_is_dead(NULL, i) == 1)
			continue;
		name_text(&s->local, k->type == SOCK_RAW ? s->protocol :
			s->local.port, k->family == IP_V6, local);
		name_text(&s->remote, s->remote.port, k->family == IP_V6, remote);
		queues(i, s, &tx, &rx);
		procnet_line(t, width_of(k), "%*u: %s %s %02X %08X:%08X %02X:%08lX %08X "
			"%5u %8d %llu %d %016x %d", k->type == SOCK_DGRAM ? 5 : 4,
			row++, local, remote, state_of(i, s), tx, rx, 0, 0ul, 0,
			(unsigned)sys_call0(SYS_getuid), 0,
			(unsigned long long)atomic_get_relaxed(&s->ino), 1, 0, 0);
	}
}

/* Linux: packet_seq_show(). */
static void packet(struct procnet_text *t)
{
	uint32_t n = atomic_get_relaxed(&cl.arena.hdr->socks.fresh);
	struct sock_packet_view v;

	procnet_line(t, 0, "sk               RefCnt Type Proto  Iface R Rmem   User   Inode");
	for (uint32_t i = 1; i < n && i < cl.arena.n_socks; i++) {
		struct shm_sock *s = &cl.arena.socks[i];

		if (!sock_packet_view(&cl.env, i, &v) ||
			((atomic_get_relaxed(&s->flags) & SHM_F_MAYBE_CLOSED) &&
				standin_is_dead(NULL, i) == 1))
			continue;
		procnet_line(t, 0, "%016x %-6d %-4d %04x   %-5u %1d %-6u %-6u %-6llu", 0, 3,
			v.type, v.protocol, v.ifindex, v.protocol != 0, v.unread,
			(unsigned)sys_call0(SYS_getuid),
			(unsigned long long)atomic_get_relaxed(&s->ino));
	}
}

/* --- opening ------------------------------------------------------------------------ */

static const struct {
	const char *file;
	void (*write)(struct procnet_text *t);
} files[] = { { "dev", dev }, { "route", route }, { "if_inet6", if_inet6 },
	{ "ipv6_route", ipv6_route }, { "arp", arp }, { "packet", packet },
	{ "igmp", procnet_igmp }, { "igmp6", procnet_igmp6 },
	{ "mcfilter", procnet_mcfilter }, { "mcfilter6", procnet_mcfilter6 },
	{ "dev_mcast", procnet_dev_mcast } };

static bool write_file(struct procnet_text *t, const char *name)
{
	for (size_t k = 0; k < sizeof(files) / sizeof(files[0]); k++) {
		if (strcmp(files[k].file, name) == 0) {
			if (t)
				files[k].write(t);
			return true;
		}
	}
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		if (strcmp(kinds[k].file, name) == 0) {
			if (t)
				sockets(t, &kinds[k]);
			return true;
		}
	}
	return false;
}

static const char *name_in(const char *path)
{
	static const char *const folders[] = { "/proc/net/", "/proc/self/net/",
		"/proc/thread-self/net/" };

	for (size_t k = 0; k < sizeof(folders) / sizeof(folders[0]); k++) {
		size_t n = strlen(folders[k]);

		if (strncmp(path, folders[k], n) == 0)
			return path + n;
	}
	return NULL;
}

int client_proc_net(const char *path, int flags)
{
	const char *name = name_in(path);
	struct procnet_text t = { .fd = -1 };

	if (!name || !write_file(NULL, name) || !client_configured() ||
		client_enter() < 0)
		return -ENOENT;
	t.fd = (int)sys_call2(SYS_memfd_create, name,
		flags & O_CLOEXEC ? MFD_CLOEXEC : 0);
	if (t.fd < 0)
		return t.fd;
	write_file(&t, name);
	flush(&t);
	sys_call3(SYS_lseek, t.fd, 0, SEEK_SET);
	return t.fd;
}
