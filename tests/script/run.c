/* Playing: events in their order and time. SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "play.h"
#include "words.h"

#define WAIT_LIMIT DURATION_S(3600) /* for a packet at any time */

/* --- verdicts --------------------------------------------------------------------- */

bool play_over(const struct play *p)
{
	return p->verdict != PLAY_PASS;
}

static void conclude(struct play *p, enum play_verdict verdict, unsigned line,
	const char *fmt, va_list ap)
{
	if (play_over(p))
		return;
	p->verdict = verdict;
	p->line = line;
	vsnprintf(p->reason, sizeof(p->reason), fmt, ap);
}

void play_fail(struct play *p, unsigned line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	conclude(p, PLAY_FAIL, line, fmt, ap);
	va_end(ap);
}

void play_unknown(struct play *p, unsigned line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	conclude(p, PLAY_UNKNOWN, line, fmt, ap);
	va_end(ap);
}

/* --- time -------------------------------------------------------------------------- */

static struct duration since_start(const struct play *p)
{
	return instant_sub(p->host.now, p->start);
}

static double seconds(struct duration d)
{
	return (double)d.ns / 1e9;
}

/* When is it due? Packets that come in one after another are timed from each
 * other, everything else from now, as in packetdrill. */
static struct duration due_at(const struct play *p, const struct script_event *e)
{
	bool in = e->kind == SCRIPT_PACKET && !e->packet.outbound;
	struct duration base = in && p->last_in ? p->last : since_start(p);

	if (e->when == SCRIPT_AFTER || e->when == SCRIPT_AFTER_RANGE)
		return (struct duration){ base.ns + e->from.ns };
	return e->when == SCRIPT_ANY_TIME ? since_start(p) : e->from;
}

static int64_t tolerance(const struct play *p, struct duration due)
{
	double share = p->tolerance_share * (double)(due.ns - p->last.ns);

	return share > (double)p->tolerance.ns ? (int64_t)share : p->tolerance.ns;
}

/* --- calls ---------------------------------------------------------------------------- */

static void result_text(int64_t value, char *buf, size_t size)
{
	if (value < 0)
		snprintf(buf, size, "-1 %s", word_of_errno((int)-value));
	else
		snprintf(buf, size, "%lld", (long long)value);
}

static void compare_result(struct play *p, const struct script_event *e, int64_t got)
{
	const struct script_call *call = &e->call;
	char want_text[40], got_text[40];
	int64_t want = 0;

	if (call->result.kind == SCRIPT_ELLIPSIS ||
		!play_number(p, e->line, &call->result, &want))
		return;
	if (call->err) {
		want = -word_errno(call->err);
		if (!want)
			return play_unknown(p, e->line, "unknown errno %s", call->err);
	}
	/* "= -1" alone: any error. */
	if (got == want || (want == -1 && !call->err && got < 0))
		return;
	result_text(want, want_text, sizeof(want_text));
	result_text(got, got_text, sizeof(got_text));
	play_fail(p, e->line, "%s gave %s\n  expected  %s", call->name, got_text,
		want_text);
}

static void check_return_time(struct play *p, const struct script_event *e,
	struct duration due)
{
	int64_t slack = tolerance(p, due);
	struct duration at = since_start(p);

	if (at.ns < due.ns - slack || at.ns > due.ns + slack)
		play_fail(p, e->line, "%s returned at %.6f\n  expected  %.6f",
			e->call.name, seconds(at), seconds(due));
}

static struct duration return_due(const struct script_event *e)
{
	return e->call.until;
}

/* Has the call that waits come through? */
static void try_blocked(struct play *p)
{
	const struct script_event *e = p->blocked;
	struct play_result r;

	if (!e || play_over(p))
		return;
	r = play_call(p, e);
	if (r.blocks && !instant_before(p->host.now, p->wake))
		p->wake = INSTANT_NEVER; /* it has no use for it */
	if (r.blocks || play_over(p))
		return;
	p->blocked = NULL;
	check_return_time(p, e, return_due(e));
	compare_result(p, e, r.value);
}

/* To the next moment at which something happens, the end of a call's patience
 * included; false: nothing does by `until`. */
static bool step(struct play *p, struct instant until)
{
	bool gives_up = p->blocked && instant_before(p->wake, until);

	return subject_step(&p->host, gives_up ? p->wake : until) || gives_up;
}

static void run_to(struct play *p, struct instant until)
{
	while (!play_over(p) && step(p, until))
		try_blocked(p);
}

/* One call at a time: the one before has to return first. */
static void finish_blocked(struct play *p, unsigned line)
{
	struct instant limit;

	if (!p->blocked)
		return;
	limit = instant_add(p->start, p->blocked->call.until);
	limit.ns += p->tolerance.ns;
	run_to(p, limit);
	if (p->blocked)
		play_fail(p, line, "the %s of line %u has not returned yet",
			p->blocked->call.name, p->blocked->line);
}

static void play_call_event(struct play *p, struct script_event *e,
	struct duration due)
{
	struct play_result r;

	/* A relative end counts from the same base as the beginning. */
	if (e->call.blocking && e->when == SCRIPT_AFTER)
		e->call.until.ns += due.ns - e->from.ns;
	finish_blocked(p, e->line);
	if (play_over(p))
		return;
	p->wake = INSTANT_NEVER;
	r = play_call(p, e);
	if (play_over(p))
		return;
	if (!r.blocks)
		return compare_result(p, e, r.value);
	if (!e->call.blocking)
		return play_fail(p, e->line, "%s would block", e->call.name);
	p->blocked = e;
}

/* --- packets ------------------------------------------------------------------------------ */

static void send_packet(struct play *p, const struct script_event *e)
{
	static uint8_t bytes[PACKET_BYTES_MAX];
	struct script_packet live;
	const char *why = "";
	struct flow *flow = flow_to_live(&p->flows, &e->packet, &live, &why);
	struct packet_names names;
	size_t len;

	if (!flow)
		return play_unknown(p, e->line, "the packet has %s", why);
	names = (struct packet_names){ flow->live.dst, flow->live.src };
	if (live.proto == SCRIPT_ICMP)
		names = flow->live; /* as we sent what it is about */
	len = packet_encode(&live, &names, bytes, &why);
	if (!len)
		return play_unknown(p, e->line, "no such packet: %s", why);
	subject_inject(&p->host, bytes, len);
	try_blocked(p);
}

static void tell_difference(struct play *p, const struct script_event *e,
	const struct script_packet *seen, struct duration due, struct duration at,
	const char *what)
{
	char want_text[PACKET_TEXT_MAX], seen_text[PACKET_TEXT_MAX];

	play_fail(p, e->line, "%s differs\n  expected  %.6f %s\n  seen      %.6f %s",
		what, seconds(due), packet_text(&e->packet, want_text),
		seconds(at), packet_text(seen, seen_text));
}

static bool in_time(const struct play *p, const struct script_event *e,
	struct duration due, struct duration at)
{
	struct duration last = due;
	int64_t slack = tolerance(p, due);

	if (e->when == SCRIPT_ANY_TIME)
		return true;
	if (e->when == SCRIPT_AT_RANGE || e->when == SCRIPT_AFTER_RANGE)
		last.ns += e->to.ns - e->from.ns;
	return at.ns >= due.ns - slack && at.ns <= last.ns + slack;
}

static bool stamp_in_time(const struct play *p, const struct script_packet *want,
	const struct script_packet *seen)
{
	const struct script_tcp_option *w = packet_option(want, SCRIPT_OPT_TS);
	const struct script_tcp_option *s = packet_option(seen, SCRIPT_OPT_TS);
	int64_t off;

	if (!w || !s || !p->ts_tick_us)
		return true;
	off = (int32_t)(w->a - s->a);
	return (off < 0 ? -off : off) * p->ts_tick_us * 1000 <= p->tolerance.ns;
}

/* The next packet that the stack sends, waiting for it; NULL: none in time. */
static struct subject_packet *next_packet(struct play *p, struct instant limit)
{
	struct subject_packet *out;

	subject_settle(&p->host);
	while (!(out = subject_next(&p->host)) && !play_over(p) &&
		step(p, limit))
		try_blocked(p);
	return out;
}

static struct instant limit_of(const struct play *p, const struct script_event *e,
	struct duration due)
{
	struct duration last = due;

	if (e->when == SCRIPT_ANY_TIME)
		last.ns += WAIT_LIMIT.ns;
	if (e->when == SCRIPT_AT_RANGE || e->when == SCRIPT_AFTER_RANGE)
		last.ns += e->to.ns - e->from.ns;
	last.ns += tolerance(p, due);
	return instant_add(p->start, last);
}

/* One packet against the expected one; returns how much of its payload that was
 * when more has to follow, 0 when it is complete or the play is over. */
static uint32_t match(struct play *p, const struct script_event *e,
	const struct subject_packet *out, struct duration due, uint32_t before)
{
	const struct script_packet *want = &e->packet;
	struct duration at = instant_sub(out->at, p->start);
	struct script_packet live, seen;
	struct packet_names names;
	const char *why = "", *what;
	struct flow *flow = NULL;
	bool part;

	if (packet_decode(out->bytes, out->len, &live, &names, &why) < 0) {
		play_fail(p, e->line, "the stack sent %s", why);
		return 0;
	}
	flow = flow_to_script(&p->flows, want, &names, &live, &seen, &why);
	if (!flow) {
		tell_difference(p, e, &live, due, at, why);
		return 0;
	}
	part = !p->strict_segments && want->proto == SCRIPT_TCP &&
		seen.proto == SCRIPT_TCP && seen.len > 0 &&
		seen.len < want->len - before;
	what = packet_differs(want, &seen, before, part);
	if (!what && !stamp_in_time(p, want, &seen))
		what = "the timestamp";
	if (!what && !in_time(p, e, due, at))
		what = "the time";
	if (what) {
		tell_difference(p, e, &seen, due, at, what);
		return 0;
	}
	flow_learn(flow, want, &live);
	return part ? seen.len : 0;
}

/* As packetdrill: what connections send that are no longer under test is nobody's
 * business, unless the script calls them by their ports. */
static bool is_of_another(struct play *p, const struct script_event *e,
	const struct subject_packet *out)
{
	struct script_packet live;
	struct packet_names names;
	const char *why;

	return e->packet.proto == SCRIPT_TCP && !e->packet.sport &&
		packet_decode(out->bytes, out->len, &live, &names, &why) == 0 &&
		live.proto == SCRIPT_TCP && flow_is_past(&p->flows, &names);
}

static struct subject_packet *next_of_ours(struct play *p,
	const struct script_event *e, struct instant limit)
{
	struct subject_packet *out;

	while ((out = next_packet(p, limit)) && is_of_another(p, e, out))
		free(out);
	return out;
}

static void expect_packet(struct play *p, const struct script_event *e)
{
	struct duration due = due_at(p, e);
	struct instant limit = limit_of(p, e, due);
	uint32_t before = 0, got;

	do {
		struct subject_packet *out = next_of_ours(p, e, limit);
		char text[PACKET_TEXT_MAX];

		if (!out)
			return play_fail(p, e->line, "no packet was sent\n"
				"  expected  %.6f %s", seconds(due),
				packet_text(&e->packet, text));
		got = match(p, e, out, due, before);
		before += got;
		free(out);
	} while (got && !play_over(p));
}

/* After the last event: what is sent now, no event would ever see. packetdrill does
 * not look; a script that ends with what must not be answered would prove nothing. */
static void expect_quiet(struct play *p)
{
	struct script_event none = { .packet.proto = SCRIPT_TCP };
	struct subject_packet *out = next_of_ours(p, &none,
		instant_add(p->host.now, p->quiet));
	struct script_packet live;
	struct packet_names names;
	char text[PACKET_TEXT_MAX];
	const char *why = "";

	if (!out)
		return;
	if (packet_decode(out->bytes, out->len, &live, &names, &why) < 0)
		play_fail(p, 0, "at the end the stack sent %s", why);
	else
		play_fail(p, 0, "a packet after the end\n  seen      %.6f %s",
			seconds(instant_sub(out->at, p->start)),
			packet_text(&live, text));
	free(out);
}

/* --- the whole ------------------------------------------------------------------------------ */

static void play_event(struct play *p, struct script_event *e)
{
	bool out = e->kind == SCRIPT_PACKET && e->packet.outbound;
	struct duration due = due_at(p, e);

	/* An expected packet is waited for, everything else is done in time. */
	if (out)
		expect_packet(p, e);
	else if (due.ns < since_start(p).ns - tolerance(p, due))
		play_fail(p, e->line, "it should happen at %.6f, but it is %.6f "
			"already", seconds(due), seconds(since_start(p)));
	else
		run_to(p, instant_add(p->start, due));
	if (play_over(p) || out)
		return;
	if (e->kind == SCRIPT_CALL)
		play_call_event(p, e, due);
	else if (e->kind == SCRIPT_PACKET)
		send_packet(p, e);
	else if (e->kind == SCRIPT_COMMAND)
		play_command(p, e->line, e->text);
	else
		play_code(p, e->line, e->text);
}

static void play_events(struct play *p)
{
	for (struct script_event *e = p->script->events; e && !play_over(p);
		e = e->next) {
		struct duration due = due_at(p, e);

		play_event(p, e);
		p->last_in = e->kind == SCRIPT_PACKET && !e->packet.outbound;
		p->last = p->last_in ? due : since_start(p);
	}
	if (!play_over(p) && p->blocked)
		finish_blocked(p, p->blocked->line);
	if (!play_over(p) && p->look_on)
		expect_quiet(p);
}

static struct ip_name name_of(const char *text, uint16_t port)
{
	struct ip_name n = { .port = port };

	if (ip_addr_parse(text, &n.addr) < 0)
		abort();
	return n;
}

/* As packetdrill has them. */
static void set_scene(struct play *p)
{
	bool six = p->family == IP_V6;

	p->tolerance = DURATION_US(4000);
	p->tolerance_share = 0.125;
	p->under_test = -1;
	p->mtu = six ? 1520 : 1500; /* the same segment size */
	tcp_rules_default(&p->rules);
	p->flows.names.src = name_of(six ? "fd3d:a0b:17d6::1" : "192.168.0.1", 8080);
	p->flows.names.dst = name_of(six ? "fd3d:fa7b:d17d::1" : "192.0.2.1", 8080);
	p->flows.next_remote = 53055;
	for (const struct script_option *o = p->script->options; o; o = o->next)
		play_option(p, o);
	for (const struct script_option *o = p->asked; o; o = o->next)
		play_option(p, o);
}

static int open_host(struct play *p)
{
	struct subject_config cfg = { .mtu = p->mtu, .rules = p->rules };
	int k = p->family == IP_V6;

	cfg.local[k] = (struct ip_prefix){ p->flows.names.src.addr, k ? 64 : 16 };
	cfg.gateway[k] = name_of(k ? "fd3d:a0b:17d6:0:8888::" : "192.168.255.1", 0).addr;
	/* The gateway must be on the link. */
	memcpy(cfg.gateway[k].b, cfg.local[k].addr.b, k ? 8 : 2);
	return subject_init(&p->host, &cfg);
}

enum play_verdict play_script(const struct script *s, struct play *p)
{
	p->script = s;
	set_scene(p);
	if (s->init)
		play_command(p, 1, s->init);
	if (!play_over(p) && open_host(p) < 0)
		play_unknown(p, 0, "no host could be made");
	p->start = p->host.now;
	play_events(p);
	flows_fini(&p->flows);
	subject_fini(&p->host);
	return p->verdict;
}
