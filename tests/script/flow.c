/* Between a script's numbers and the wire's. SPDX-License-Identifier: BSD-2-Clause */
#include "flow.h"

#include <stdlib.h>
#include <string.h>

enum { FIN = 1, SYN = 2, RST = 4, ACK = 16 };

void flows_fini(struct flows *f)
{
	for (unsigned k = 0; k < f->n; k++)
		free(f->list[k]);
	f->n = 0;
}

const struct script_tcp_option *packet_option(const struct script_packet *p,
	enum script_tcp_option_kind kind)
{
	for (unsigned k = 0; k < p->noptions; k++)
		if (p->options[k].kind == kind)
			return &p->options[k];
	return NULL;
}

static struct flow *flow_new(struct flows *f, const char **why)
{
	struct flow *flow = f->n < FLOWS_MAX ? calloc(1, sizeof(*flow)) : NULL;

	if (!flow) {
		*why = "too many connections";
		return NULL;
	}
	f->list[f->n++] = f->current = flow;
	f->phase = FLOW_OPEN;
	return flow;
}

static struct flow *flow_by_ports(struct flows *f, const struct script_packet *p)
{
	uint16_t local = p->outbound ? p->sport : p->dport;
	uint16_t remote = p->outbound ? p->dport : p->sport;

	for (unsigned k = f->n; k-- > 0;)
		if (f->list[k]->script_local == local &&
			f->list[k]->script_remote == remote)
			return f->list[k];
	return NULL;
}

static void name_ports(struct flow *flow, const struct script_packet *p)
{
	flow->script_local = p->outbound ? p->sport : p->dport;
	flow->script_remote = p->outbound ? p->dport : p->sport;
}

/* --- in --------------------------------------------------------------------------- */

static struct flow *begin_in(struct flows *f, const struct script_packet *p,
	const char **why)
{
	struct flow *flow = flow_new(f, why);

	if (!flow)
		return NULL;
	name_ports(flow, p);
	flow->live = f->names;
	if (p->dport)
		flow->live.src.port = p->dport;
	flow->live.dst.port = p->sport ? p->sport : ++f->next_remote;
	return flow;
}

static struct flow *find_in(struct flows *f, const struct script_packet *p,
	const char **why)
{
	struct flow *flow;

	if (p->sport) {
		flow = flow_by_ports(f, p);
		return flow ? flow : begin_in(f, p, why);
	}
	if (p->proto == SCRIPT_TCP &&
		(f->phase == FLOW_LISTENING || f->phase == FLOW_NONE))
		return begin_in(f, p, why);
	if (!f->current)
		*why = "no connection to which it could belong";
	return f->current;
}

static uint32_t stamp_to_live(const struct flow *flow, uint32_t script)
{
	if (!flow->nstamps)
		return script;
	for (unsigned k = flow->nstamps; k-- > 0;)
		if (flow->stamps[k].script == script)
			return flow->stamps[k].live;
	return script - flow->stamps[0].script + flow->stamps[0].live;
}

/* Wire - script, of what the stack sends and of what the script does. */
static uint32_t local_offset(const struct flow *flow, bool syn)
{
	if (!flow->local_known)
		return 0;
	return syn ? flow->local_offset : flow->local_isn;
}

static uint32_t remote_offset(const struct flow *flow, bool syn)
{
	return syn || !flow->remote_known ? 0 : flow->remote_isn;
}

struct flow *flow_to_live(struct flows *f, const struct script_packet *p,
	struct script_packet *live, const char **why)
{
	struct flow *flow = find_in(f, p, why);
	uint32_t offset;

	if (!flow)
		return NULL;
	*live = *p;
	offset = local_offset(flow, p->proto == SCRIPT_ICMP || (p->flags & SYN));
	if (p->proto == SCRIPT_ICMP) /* it quotes what the stack sent */
		live->seq += offset;
	if (p->proto != SCRIPT_TCP)
		return flow;
	if ((p->flags & SYN) && !flow->remote_known) {
		flow->remote_known = true;
		flow->remote_isn = p->seq;
	}
	live->seq += remote_offset(flow, p->flags & SYN);
	if (p->flags & ACK)
		live->ack += offset;
	for (unsigned k = 0; k < p->noptions; k++) {
		struct script_tcp_option *o = &live->options[k];

		for (unsigned i = 0; i < o->nsack; i++) {
			o->sack[i].left += offset;
			o->sack[i].right += offset;
		}
		if (o->kind == SCRIPT_OPT_TS && (p->flags & ACK))
			o->b = stamp_to_live(flow, o->b);
	}
	return flow;
}

/* --- out -------------------------------------------------------------------------- */

static bool same_name(const struct ip_name *a, const struct ip_name *b)
{
	return a->port == b->port && ip_addr_equal(&a->addr, &b->addr);
}

static struct flow *find_out(struct flows *f, const struct script_packet *expected,
	const struct packet_names *n, const struct script_packet *live,
	const char **why)
{
	bool opens = live->proto != SCRIPT_TCP || (live->flags & (SYN | ACK)) == SYN;
	struct flow *flow;

	for (unsigned k = f->n; k-- > 0;) {
		flow = f->list[k];
		if (same_name(&flow->live.src, &n->src) &&
			same_name(&flow->live.dst, &n->dst))
			return flow;
	}
	if (!opens || (f->phase != FLOW_CONNECTING && !expected->sport)) {
		*why = "it belongs to no connection of the script";
		return NULL;
	}
	flow = flow_new(f, why);
	if (!flow)
		return NULL;
	flow->live = *n;
	name_ports(flow, expected);
	return flow;
}

bool flow_is_past(const struct flows *f, const struct packet_names *n)
{
	for (unsigned k = f->n; k-- > 0;) {
		const struct flow *flow = f->list[k];

		if (same_name(&flow->live.src, &n->src) &&
			same_name(&flow->live.dst, &n->dst))
			return flow != f->current;
	}
	return false;
}

struct flow *flow_to_script(struct flows *f, const struct script_packet *expected,
	const struct packet_names *names, const struct script_packet *live,
	struct script_packet *script, const char **why)
{
	struct flow *flow = find_out(f, expected, names, live, why);

	*script = *live;
	if (!flow || live->proto != SCRIPT_TCP)
		return flow;
	/* A connection begins where the script says that it does. */
	if ((live->flags & SYN) && !flow->local_known) {
		flow->local_known = true;
		flow->local_offset = live->seq - expected->seq;
		flow->local_isn = live->seq;
	}
	/* A reset for what was never a connection speaks the script's numbers. */
	script->seq -= local_offset(flow, live->flags & SYN);
	if (live->flags & ACK)
		script->ack -= remote_offset(flow, live->flags & SYN);
	for (unsigned k = 0; k < script->noptions; k++) {
		struct script_tcp_option *o = &script->options[k];
		const struct script_tcp_option *e = packet_option(expected, o->kind);

		for (unsigned i = 0; i < o->nsack; i++) {
			o->sack[i].left -= remote_offset(flow, false);
			o->sack[i].right -= remote_offset(flow, false);
		}
		if (o->kind != SCRIPT_OPT_TS)
			continue;
		if (flow->nstamps)
			o->a = o->a - flow->stamps[0].live + flow->stamps[0].script;
		else if (e)
			o->a = e->a;
	}
	return flow;
}

void flow_learn(struct flow *flow, const struct script_packet *expected,
	const struct script_packet *live)
{
	const struct script_tcp_option *e = packet_option(expected, SCRIPT_OPT_TS);
	const struct script_tcp_option *l = packet_option(live, SCRIPT_OPT_TS);

	if (!e || !l || flow->nstamps == FLOW_STAMPS)
		return;
	flow->stamps[flow->nstamps].script = e->a;
	flow->stamps[flow->nstamps++].live = l->a;
}
