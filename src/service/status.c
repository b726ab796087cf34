/* Status: hosts, addresses, sockets, links, counters. What is read from an arena
 * is copied first; a scribbled record gives odd lines, nothing else.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "status.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/atomic.h"
#include "host.h"
#include "process.h"
#include "shm/packet.h"
#include "topology.h"

/* One socket as it was at one moment. */
struct socket_view {
	uint32_t index, state, via, flags;
	uint16_t protocol;
	uint8_t type;
	struct ip_name local, remote;
	uint32_t recv_q, send_q; /* unread bytes */
	int32_t pid;
	bool embryo;
	bool has_tcp;
	bool left; /* no socket any more, only its names */
	struct tcp_info_view tcp;
};

static struct ip_name view_name(const struct shm_addr *a)
{
	struct ip_name n = { .port = a->port };

	n.addr = ip_addr_from(a->family == IP_V6 ? IP_V6 : IP_V4, a->b);
	return n;
}

static uint32_t fifo_queued(const struct host *h, uint32_t i)
{
	struct shm_fifo *f = shm_fifo_at(&h->arena, i);
	uint32_t n;

	if (!f)
		return 0;
	/* A look from aside: the two need not be of the same moment. */
	n = atomic_get_relaxed(&f->sh.tail) - atomic_get_relaxed(&f->sh.head);
	return n > FIFO_SIZE_MAX ? 0 : n;
}

static bool socket_view(const struct host *h, uint32_t i, struct socket_view *v)
{
	const struct shm_sock *s = shm_sock_at(&h->arena, i);
	struct shm_addr local, remote;

	memset(v, 0, sizeof(*v));
	if (!s)
		return false;
	v->state = atomic_get_acquire(&s->state);
	if (v->state == SHM_SOCK_FREE)
		return false;
	v->index = i;
	v->via = atomic_get_relaxed(&s->via);
	v->flags = atomic_get_relaxed(&s->flags);
	v->protocol = s->protocol;
	v->type = s->type;
	local = s->local;
	remote = s->remote;
	v->local = view_name(&local);
	v->remote = view_name(&remote);
	v->recv_q = fifo_queued(h, s->rx);
	v->send_q = v->via == SHM_VIA_NET ? fifo_queued(h, s->tx) : 0;
	v->pid = process_pid(h, s->owner_slot);
	v->has_tcp = net_info(h->net, i, &v->tcp);
	return true;
}

static uint32_t sockets_end(const struct host *h)
{
	uint32_t end = atomic_get_acquire(&h->arena.hdr->socks.fresh);

	return end < h->arena.n_socks ? end : h->arena.n_socks;
}

/* A packet socket's is what it watches: another kind of number. */
static const char *protocol_name(const struct socket_view *v)
{
	uint16_t p = v->protocol;

	if (v->type == SHM_TYPE_PACKET)
		return "packet";
	return v->type == SOCK_RAW ? "raw" : p == IPPROTO_TCP ? "tcp" : p == IPPROTO_UDP ? "udp" :
		p == IPPROTO_UDPLITE ? "udplite" :
		p == IPPROTO_ICMP || p == IPPROTO_ICMPV6 ? "ping" : "?";
}

static const char *const tcp_states[] = {
	[TCP_CLOSED] = "CLOSED",
	[TCP_LISTEN] = "LISTEN",
	[TCP_SYN_SENT] = "SYN-SENT",
	[TCP_SYN_RECEIVED] = "SYN-RECV",
	[TCP_ESTABLISHED] = "ESTAB",
	[TCP_CLOSE_WAIT] = "CLOSE-WAIT",
	[TCP_FIN_WAIT_1] = "FIN-WAIT-1",
	[TCP_CLOSING] = "CLOSING",
	[TCP_LAST_ACK] = "LAST-ACK",
	[TCP_FIN_WAIT_2] = "FIN-WAIT-2",
	[TCP_TIME_WAIT] = "TIME-WAIT",
};

static const char *state_name(const struct socket_view *v)
{
	if (v->has_tcp && v->tcp.state <= TCP_TIME_WAIT)
		return tcp_states[v->tcp.state];
	return sock_state_name(v->state);
}

static const char *name_text(const struct ip_name *n, char *buf, size_t size)
{
	char addr[IPADDR_TEXT_MAX];

	ip_addr_format(&n->addr, addr);
	snprintf(buf, size, n->addr.family == IP_V6 ? "[%s]:%u" : "%s:%u", addr,
		n->port);
	return buf;
}

static double ms_of(struct duration d)
{
	return (double)d.ns / 1e6;
}

static void impair_text(struct text *t, const struct link_impair *i)
{
	if (i->delay.ns)
		text_add(t, " delay %gms", ms_of(i->delay));
	if (i->jitter.ns)
		text_add(t, " jitter %gms", ms_of(i->jitter));
	if (i->loss > 0)
		text_add(t, " loss %g%%", i->loss * 100);
	if (i->loss_burst > 1)
		text_add(t, " burst %g", i->loss_burst);
	if (i->duplicate > 0)
		text_add(t, " duplicate %g%%", i->duplicate * 100);
	if (i->corrupt > 0)
		text_add(t, " corrupt %g%%", i->corrupt * 100);
	if (i->reorder > 0)
		text_add(t, " reorder %g%%", i->reorder * 100);
	if (i->rate)
		text_add(t, " rate %gMbit/s", (double)i->rate / 1e6);
}

/* What closed connections have left: record k as a socket; false past the end. */
static bool left_view(const struct host *h, uint32_t k, struct socket_view *v,
	bool *there)
{
	struct sock_time_wait w;

	memset(v, 0, sizeof(*v));
	if (!sock_time_wait_at(&h->env, k, &w))
		return false;
	*there = w.there;
	v->protocol = IPPROTO_TCP;
	v->via = SHM_VIA_NONE;
	v->local = view_name(&w.local);
	v->remote = view_name(&w.remote);
	v->has_tcp = true;
	v->left = true;
	v->tcp.state = w.fin_wait ? TCP_FIN_WAIT_2 : TCP_TIME_WAIT;
	return true;
}

/* --- text ------------------------------------------------------------------------- */

static void socket_text(struct text *t, const struct socket_view *v)
{
	char a[IPADDR_TEXT_MAX + 8], b[IPADDR_TEXT_MAX + 8];

	text_add(t, "  %-4s %-11s recv-q %-7u send-q %-7u %s %s",
		protocol_name(v), state_name(v), v->recv_q, v->send_q,
		name_text(&v->local, a, sizeof(a)),
		name_text(&v->remote, b, sizeof(b)));
	if (v->pid)
		text_add(t, "  pid %d", v->pid);
	if (v->has_tcp && !v->left)
		text_add(t, "  rtt %gms cwnd %u retrans %llu",
			ms_of(v->tcp.srtt), v->tcp.cwnd,
			(unsigned long long)v->tcp.retrans);
	text_add(t, "\n");
}

static void host_text(struct text *t, const struct host *h)
{
	const struct tcp_stats *ts = tcp_stats(stack_tcp(net_stack(h->net)));
	char a[IPADDR_TEXT_MAX + 8];

	text_add(t, "host %s", h->name);
	for (unsigned i = 0; i < h->n_addrs; i++)
		text_add(t, " %s/%u", ip_addr_format(&h->addrs[i].addr, a),
			h->addrs[i].bits);
	text_add(t, "  (%u processes)\n", h->n_procs);
	text_add(t, "  tcp segments in %llu out %llu retransmitted %llu, connections "
		"out %llu in %llu\n", (unsigned long long)ts->segs_in,
		(unsigned long long)ts->segs_out, (unsigned long long)ts->retrans,
		(unsigned long long)ts->active_opens,
		(unsigned long long)ts->passive_opens);
	for (uint32_t i = 1; i < sockets_end(h); i++) {
		struct socket_view v;

		if (socket_view(h, i, &v))
			socket_text(t, &v);
	}
	for (uint32_t k = 0;; k++) {
		struct socket_view v;
		bool there;

		if (!left_view(h, k, &v, &there))
			break;
		if (there)
			socket_text(t, &v);
	}
}

static const char *const kind_names[] = {
	[WIRE_PAIR] = "pair",
	[WIRE_SWITCH] = "switch",
	[WIRE_TAP] = "tap",
	[WIRE_PACKET] = "packet",
};

static void wire_text(struct text *t, const struct wire *w)
{
	struct link_impair imp;

	link_get_impair(w->link, &imp);
	text_add(t, "link %s (%s%s%s)", w->name, kind_names[w->kind],
		wire_has_device(w) ? " " : "",
		wire_has_device(w) ? link_ifname(w->link) : "");
	impair_text(t, &imp);
	if (capture_path(w))
		text_add(t, " capture %s", capture_path(w));
	text_add(t, "\n");
	for (unsigned i = 0; i < w->n_ports; i++) {
		struct link_port_stats st;

		link_get_stats(w->link, (int)i, &st);
		text_add(t, "  %s/%s sent %llu frames %llu bytes, received %llu "
			"frames %llu bytes, lost %llu, queue full %llu\n",
			w->ports[i]->host->name, w->ports[i]->name,
			(unsigned long long)st.frames_in,
			(unsigned long long)st.bytes_in,
			(unsigned long long)st.frames_out,
			(unsigned long long)st.bytes_out,
			(unsigned long long)st.lost,
			(unsigned long long)st.queue_full);
	}
}

void status_text(struct service *svc, struct text *t)
{
	text_add(t, "network %s, %u hosts, %u links, service %d\n", svc->net,
		svc->n_hosts, svc->n_wires, (int)getpid());
	for (unsigned i = 0; i < svc->n_hosts; i++)
		host_text(t, svc->hosts[i]);
	for (unsigned i = 0; i < svc->n_wires; i++)
		wire_text(t, svc->wires[i]);
}

/* --- JSON --------------------------------------------------------------------------- */

static void json_string(struct text *t, const char *key, const char *value)
{
	text_next(t);
	text_add(t, "\"%s\":", key);
	text_add_json(t, value);
}

static void json_number(struct text *t, const char *key, double value)
{
	text_next(t);
	text_add(t, "\"%s\":%.15g", key, value);
}

static void socket_json(struct text *t, const struct socket_view *v)
{
	char buf[IPADDR_TEXT_MAX + 8];

	text_next(t);
	text_add(t, "{");
	json_string(t, "protocol", protocol_name(v));
	json_string(t, "state", state_name(v));
	json_string(t, "via", v->via == SHM_VIA_NET ? "net" :
		v->via == SHM_VIA_LOCAL ? "local" : "none");
	json_string(t, "local", name_text(&v->local, buf, sizeof(buf)));
	json_string(t, "remote", name_text(&v->remote, buf, sizeof(buf)));
	json_number(t, "recv_q", v->recv_q);
	json_number(t, "send_q", v->send_q);
	json_number(t, "pid", v->pid);
	if (v->has_tcp && !v->left) {
		json_number(t, "rtt_ms", ms_of(v->tcp.srtt));
		json_number(t, "rto_ms", ms_of(v->tcp.rto));
		json_number(t, "cwnd", v->tcp.cwnd);
		json_number(t, "ssthresh", v->tcp.ssthresh);
		json_number(t, "mss", v->tcp.mss);
		json_number(t, "bytes_sent", (double)v->tcp.bytes_sent);
		json_number(t, "bytes_received", (double)v->tcp.bytes_received);
		json_number(t, "bytes_retransmitted",
			(double)v->tcp.bytes_retrans);
		json_number(t, "retransmissions", (double)v->tcp.retrans);
	}
	text_add(t, "}");
}

static void tcp_json(struct text *t, const struct tcp_stats *s)
{
	text_next(t);
	text_add(t, "\"tcp\":{");
	json_number(t, "segments_in", (double)s->segs_in);
	json_number(t, "segments_out", (double)s->segs_out);
	json_number(t, "retransmissions", (double)s->retrans);
	json_number(t, "timeouts", (double)s->timeouts);
	json_number(t, "fast_retransmissions", (double)s->fast_retrans);
	json_number(t, "active_opens", (double)s->active_opens);
	json_number(t, "passive_opens", (double)s->passive_opens);
	json_number(t, "established", (double)s->current_estab);
	json_number(t, "resets_in", (double)s->rst_in);
	json_number(t, "resets_out", (double)s->rst_out);
	json_number(t, "listen_drops", (double)s->listen_drops);
	json_number(t, "bad_checksum", (double)s->bad_checksum);
	json_number(t, "malformed", (double)s->malformed);
	text_add(t, "}");
}

static void ip_json(struct text *t, const struct stack_stats *s)
{
	text_next(t);
	text_add(t, "\"ip\":{");
	json_number(t, "packets_in", (double)s->ip_in);
	json_number(t, "packets_out", (double)s->ip_out);
	json_number(t, "malformed", (double)s->ip_malformed);
	json_number(t, "bad_checksum", (double)s->ip_bad_checksum);
	json_number(t, "no_route", (double)s->ip_no_route);
	json_number(t, "not_for_us", (double)s->not_for_us);
	json_number(t, "fragments_in", (double)s->ip_fragments);
	json_number(t, "reassembled", (double)s->ip_reasm_ok);
	json_number(t, "reassembly_failed", (double)s->ip_reasm_fail);
	json_number(t, "reassembly_timeouts", (double)s->ip_reasm_timeout);
	json_number(t, "fragmented", (double)s->ip_frag_ok);
	json_number(t, "fragmentation_failed", (double)s->ip_frag_fail);
	json_number(t, "fragments_made", (double)s->ip_frag_made);
	text_add(t, "}");
}

static void host_json(struct text *t, const struct host *h)
{
	char buf[IPADDR_TEXT_MAX];
	const struct stack_stats *s = stack_stats(net_stack(h->net));

	text_next(t);
	text_add(t, "{");
	json_string(t, "name", h->name);
	json_number(t, "processes", h->n_procs);
	text_next(t);
	text_add(t, "\"addresses\":[");
	for (unsigned i = 0; i < h->n_addrs; i++) {
		text_next(t);
		text_add(t, "\"%s/%u\"", ip_addr_format(&h->addrs[i].addr, buf),
			h->addrs[i].bits);
	}
	text_add(t, "]");
	json_number(t, "frames_in", (double)s->frames_in);
	json_number(t, "frames_out", (double)s->frames_out);
	json_number(t, "bytes_in", (double)s->bytes_in);
	json_number(t, "bytes_out", (double)s->bytes_out);
	ip_json(t, s);
	tcp_json(t, tcp_stats(stack_tcp(net_stack(h->net))));
	text_next(t);
	text_add(t, "\"sockets\":[");
	for (uint32_t i = 1; i < sockets_end(h); i++) {
		struct socket_view v;

		if (socket_view(h, i, &v))
			socket_json(t, &v);
	}
	text_add(t, "]");
	text_next(t);
	text_add(t, "\"left\":[");
	for (uint32_t k = 0;; k++) {
		struct socket_view v;
		bool there;

		if (!left_view(h, k, &v, &there))
			break;
		if (there)
			socket_json(t, &v);
	}
	text_add(t, "]}");
}

static void port_json(struct text *t, const struct wire *w, unsigned i)
{
	struct link_port_stats st;

	link_get_stats(w->link, (int)i, &st);
	text_next(t);
	text_add(t, "{");
	json_string(t, "host", w->ports[i]->host->name);
	json_string(t, "interface", w->ports[i]->name);
	json_number(t, "frames_sent", (double)st.frames_in);
	json_number(t, "bytes_sent", (double)st.bytes_in);
	json_number(t, "frames_received", (double)st.frames_out);
	json_number(t, "bytes_received", (double)st.bytes_out);
	json_number(t, "lost", (double)st.lost);
	json_number(t, "queue_full", (double)st.queue_full);
	json_number(t, "corrupted", (double)st.corrupted);
	json_number(t, "duplicated", (double)st.duplicated);
	json_number(t, "reordered", (double)st.reordered);
	text_add(t, "}");
}

static void wire_json(struct text *t, const struct wire *w)
{
	struct link_impair imp;

	link_get_impair(w->link, &imp);
	text_next(t);
	text_add(t, "{");
	json_string(t, "name", w->name);
	json_string(t, "kind", kind_names[w->kind]);
	if (wire_has_device(w))
		json_string(t, "device", link_ifname(w->link));
	json_number(t, "delay_ms", ms_of(imp.delay));
	json_number(t, "jitter_ms", ms_of(imp.jitter));
	json_number(t, "loss", imp.loss);
	json_number(t, "loss_burst", imp.loss_burst);
	json_number(t, "duplicate", imp.duplicate);
	json_number(t, "corrupt", imp.corrupt);
	json_number(t, "reorder", imp.reorder);
	json_number(t, "rate_bps", (double)imp.rate);
	json_number(t, "queue_frames", imp.queue);
	if (capture_path(w))
		json_string(t, "capture", capture_path(w));
	text_next(t);
	text_add(t, "\"ports\":[");
	for (unsigned i = 0; i < w->n_ports; i++)
		port_json(t, w, i);
	text_add(t, "]}");
}

void status_json(struct service *svc, struct text *t)
{
	text_add(t, "{");
	json_string(t, "network", svc->net);
	json_number(t, "service_pid", getpid());
	text_next(t);
	text_add(t, "\"seed\":%llu", (unsigned long long)svc->seed);
	text_next(t);
	text_add(t, "\"hosts\":[");
	for (unsigned i = 0; i < svc->n_hosts; i++)
		host_json(t, svc->hosts[i]);
	text_add(t, "]");
	text_next(t);
	text_add(t, "\"links\":[");
	for (unsigned i = 0; i < svc->n_wires; i++)
		wire_json(t, svc->wires[i]);
	text_add(t, "]}\n");
}
