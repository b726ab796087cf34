/* Timers of a connection. Other files report facts ("data sent", "acked"); this
 * one knows which timers follow from them. Each connection has one node in the
 * host's queue, set to the earliest thing due; a node that fires too early (the
 * thing has moved) just settles again, so that moving a deadline onwards on each
 * acknowledgement costs nothing.
 *
 * SYN-SENT, SYN-RECEIVED: RTO resends the SYN, for as long as syn_retries say.
 * data or FIN in flight: RTO; TLP and REORDER come before it.
 * nothing in flight, something to send, window shut: PERSIST.
 * nothing to do: KEEPALIVE, if the user wants it.
 * something to send, and its time has not come: PACE, beside the others, which then
 * count from that time (Linux: tcp_pacing_delay()).
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "acktime.h"
#include "conn.h"
#include "output.h"
#include "recovery.h"
#include "timers.h"

static void set(struct conn *c, enum conn_timer k, struct instant at)
{
	c->due[k] = at;
}

static void stop(struct conn *c, enum conn_timer k)
{
	c->due[k] = INSTANT_NEVER;
}

static bool is_set(const struct conn *c, enum conn_timer k)
{
	return !instant_is_never(c->due[k]);
}

void timers_stop(struct conn *c)
{
	for (int k = 0; k < CONN_TIMERS; k++)
		c->due[k] = INSTANT_NEVER;
}

void timers_init(struct conn *c)
{
	timers_stop(c);
}

void timers_settle(struct conn *c)
{
	struct instant first = INSTANT_NEVER;

	for (int k = 0; k < CONN_TIMERS; k++)
		first = instant_min(first, c->due[k]);
	/* A node set too early is harmless; one that is too late is not. */
	if (instant_is_never(first) || instant_before(first, c->e.timer.at))
		timerq_set(&c->t->timers, &c->e.timer, first);
}

static struct duration keep_idle(const struct conn *c)
{
	return DURATION_S(c->opt.keep_idle ? c->opt.keep_idle :
		c->t->rules.keepalive_time);
}

static struct duration keep_intvl(const struct conn *c)
{
	return DURATION_S(c->opt.keep_intvl ? c->opt.keep_intvl :
		c->t->rules.keepalive_intvl);
}

void timers_keepalive_changed(struct conn *c, struct instant now)
{
	if (c->opt.keepalive && c->state >= TCP_ESTABLISHED)
		set(c, CONN_TIMER_KEEPALIVE, instant_add(
			c->last_received.ns ? c->last_received : now,
			keep_idle(c)));
	else
		stop(c, CONN_TIMER_KEEPALIVE);
}

void timers_syn_sent(struct conn *c, struct instant now)
{
	set(c, CONN_TIMER_RTO, instant_add(now, rtt_rto(&c->rtt)));
}

void timers_syn_again(struct conn *c, struct instant now)
{
	set(c, CONN_TIMER_RTO, instant_add(now, DURATION_MS(TCP_TIMEOUT_MIN_MS)));
}

/* RTO, TLP and REORDER are one timer, as in Linux: each takes the others' place. */
static void set_only(struct conn *c, enum conn_timer k, struct instant at)
{
	stop(c, CONN_TIMER_RTO);
	stop(c, CONN_TIMER_TLP);
	stop(c, CONN_TIMER_REORDER);
	if (c->sendq.n)
		set(c, k, at);
}

/* From when on an answer is waited for. */
static struct instant paced(const struct conn *c, struct instant now)
{
	return instant_add(now, conn_pacing_delay(c, now));
}

/* When the RTO would fire, counted from the first segment's last sending. */
static struct instant rto_of_head(const struct conn *c)
{
	return instant_add(sendq_at(&c->sendq, 0)->sent, rtt_rto(&c->rtt));
}

/* RFC 6298 5.1, 5.3. What came in the place of an RTO must not put it off. */
static void rearm_rto(struct conn *c, struct instant now)
{
	struct instant at = instant_add(paced(c, now), rtt_rto(&c->rtt));

	if (c->sendq.n && (is_set(c, CONN_TIMER_REORDER) ||
		is_set(c, CONN_TIMER_TLP))) {
		at = rto_of_head(c);
		if (instant_before(at, now))
			at = now;
	}
	set_only(c, CONN_TIMER_RTO, at);
}

/* RFC 8985 7.2: when to probe for a lost tail; never later than the RTO. False: it
 * does not apply. */
static bool arm_tlp(struct conn *c, struct instant now, bool advancing)
{
	struct instant at, rto;
	int64_t pto = 2 * c->rtt.srtt.ns;

	if (c->t->rules.early_retrans < 3 || !c->sack_on ||
		c->rec.state == CA_DISORDER ||
		c->rec.state >= CA_RECOVERY || c->sendq.n == 0)
		return false;
	if (!rtt_has_sample(&c->rtt))
		pto = DURATION_MS(TCP_RTO_INITIAL_MS).ns;
	else if (c->sendq.n == 1) /* its ACK may be delayed: Linux's RTO_MIN */
		pto += DURATION_MS(TCP_RTO_MIN_MS).ns;
	else
		pto += DURATION_MS(TCP_TIMEOUT_MIN_MS).ns;
	at = instant_add(now, (struct duration){ pto });
	rto = advancing ? instant_add(now, rtt_rto(&c->rtt)) : rto_of_head(c);
	if (instant_before(now, rto))
		at = instant_min(at, rto);
	set_only(c, CONN_TIMER_TLP, instant_add(at, conn_pacing_delay(c, now)));
	return true;
}

static void send_unblocked(struct conn *c)
{
	stop(c, CONN_TIMER_PERSIST);
	c->persist_backoff = 0;
	c->probes_since = (struct instant){ 0 };
}

/* New data went out; first: nothing was in flight. */
void timers_data_sent(struct conn *c, struct instant now, bool first)
{
	if (c->dead)
		return;
	if (first || is_set(c, CONN_TIMER_TLP))
		rearm_rto(c, now);
	send_unblocked(c);
	arm_tlp(c, now, false);
}

void timers_head_resent(struct conn *c, struct instant now)
{
	if (!c->dead && !is_set(c, CONN_TIMER_REORDER))
		set_only(c, CONN_TIMER_RTO,
			instant_add(paced(c, now), rtt_rto(&c->rtt)));
}

/* SND.UNA moved. */
void timers_progress(struct conn *c)
{
	c->rec.timeouts = 0;
	c->retrans_since = (struct instant){ 0 };
	c->probes = 0;
}

/* Segments arrived. RFC 6298 5.2, 5.3. */
void timers_acked(struct conn *c, struct instant now)
{
	if (!arm_tlp(c, now, true))
		rearm_rto(c, now);
}

void timers_rto_in(struct conn *c, struct instant now, struct duration d)
{
	set_only(c, CONN_TIMER_RTO, instant_add(now, d));
}

/* The reordering timer has fired, and set nothing new. */
void timers_reorder_done(struct conn *c, struct instant now)
{
	struct instant at;

	if (c->dead || c->sendq.n == 0 || is_set(c, CONN_TIMER_RTO))
		return;
	at = rto_of_head(c);
	set_only(c, CONN_TIMER_RTO, instant_before(at, now) ? now : at);
}

/* Something acceptable came from the peer: it lives. */
void timers_heard(struct conn *c, struct instant now)
{
	c->last_received = now;
	if (c->sendq.n == 0)
		c->probes = 0;
	if (is_set(c, CONN_TIMER_KEEPALIVE))
		set(c, CONN_TIMER_KEEPALIVE, instant_add(now, keep_idle(c)));
}

/* RFC 1122 4.2.3.2 allows 500 ms; see acktime.c. */
bool timers_ack_wait(struct conn *c, struct instant now, struct duration wait)
{
	struct instant at = instant_add(now, wait);
	struct instant soon = instant_add(now, (struct duration){ wait.ns / 4 });

	if (is_set(c, CONN_TIMER_DELACK)) {
		if (!instant_before(soon, c->due[CONN_TIMER_DELACK]))
			return true;
		at = instant_min(at, c->due[CONN_TIMER_DELACK]);
	}
	c->ack_pending = true;
	set(c, CONN_TIMER_DELACK, at);
	return false;
}

void timers_ack_compress(struct conn *c, struct instant now, struct duration wait)
{
	set(c, CONN_TIMER_COMPRESS, instant_add(now, wait));
}

void timers_ack_sent(struct conn *c)
{
	stop(c, CONN_TIMER_DELACK);
	stop(c, CONN_TIMER_COMPRESS);
}

/* Linux: tcp_probe0_base(), tcp_probe0_when(). */
static struct duration probe_wait(const struct conn *c)
{
	unsigned most = 0, doublings;
	struct duration wait = rtt_rto_base(&c->rtt);

	while (TCP_RTO_MIN_MS << most < TCP_RTO_MAX_MS)
		most++;
	doublings = c->persist_backoff < most ? c->persist_backoff : most;
	wait.ns <<= doublings;
	if (wait.ns > DURATION_MS(TCP_RTO_MAX_MS).ns)
		wait = DURATION_MS(TCP_RTO_MAX_MS);
	return wait;
}

/* A wait that would pass the user's timeout ends with it (Linux:
 * tcp_clamp_rto_to_user_timeout(), tcp_clamp_probe0_to_user_timeout()). */
static struct duration clamp_to_user(const struct conn *c, struct instant now,
	struct instant since, struct duration wait)
{
	int64_t left;

	if (!c->opt.user_timeout || since.ns == 0)
		return wait;
	left = DURATION_MS(c->opt.user_timeout).ns - instant_sub(now, since).ns;
	if (left < DURATION_MS(TCP_TICK_MS).ns)
		left = DURATION_MS(TCP_TICK_MS).ns;
	return left < wait.ns ? (struct duration){ left } : wait;
}

/* Something waits and nothing is in flight that would bring an acknowledgement.
 * Linux: tcp_check_probe_timer(). That this also ends a cork (tcp(7): after 200
 * ms) is what Linux does. */
void timers_send_blocked(struct conn *c, struct instant now)
{
	if (!is_set(c, CONN_TIMER_PERSIST) && !is_set(c, CONN_TIMER_RTO))
		set(c, CONN_TIMER_PERSIST,
			instant_add(paced(c, now), rtt_rto_base(&c->rtt)));
}

void timers_pace(struct conn *c, struct instant at)
{
	set(c, CONN_TIMER_PACE, at);
}

/* An acknowledgement came while nothing was in flight. Linux: tcp_ack_probe(). But
 * no number of them keeps the last probes of an orphan away. */
void timers_window(struct conn *c, struct instant now)
{
	struct piece *p = writeq_first(&c->wq);
	struct seq edge = conn_window_end(c);

	c->probes = 0;
	if (!p)
		return;
	if (!seq_lt(edge, seq_add(p->end, !!(p->flags & PIECE_FIN)))) {
		c->persist_backoff = 0;
		c->probes_since = (struct instant){ 0 };
		stop(c, CONN_TIMER_PERSIST);
		return;
	}
	if (c->detached && is_set(c, CONN_TIMER_PERSIST))
		return;
	set(c, CONN_TIMER_PERSIST, instant_add(now, clamp_to_user(c, now,
		c->probes_since, probe_wait(c))));
}

void timers_reorder_wait(struct conn *c, struct instant at)
{
	set_only(c, CONN_TIMER_REORDER, at);
}

/* Give up: what ICMP said last, if anything (Linux: tcp_write_err(), which tells
 * the peer nothing), else ETIMEDOUT. */
static void give_up(struct conn *c, struct instant now)
{
	conn_kill(c, now, c->soft_err ? c->soft_err : ETIMEDOUT);
}

/* How long so many doublings of the shortest RTO last (Linux:
 * tcp_model_timeout()): RFC 1122 4.2.3.5's R1 and R2 are times, not counts. */
static struct duration model_timeout(unsigned tries)
{
	unsigned doublings = 0;
	int64_t ms;

	while (TCP_RTO_MIN_MS << (doublings + 1) <= TCP_RTO_MAX_MS)
		doublings++;
	if (tries <= doublings)
		ms = ((2ll << tries) - 1) * TCP_RTO_MIN_MS;
	else
		ms = ((2ll << doublings) - 1) * TCP_RTO_MIN_MS +
			(int64_t)(tries - doublings) * TCP_RTO_MAX_MS;
	return DURATION_MS(ms);
}

/* Linux: retransmits_timed_out(), of data. */
static bool lasted(const struct conn *c, struct instant now, unsigned tries,
	struct duration limit)
{
	if (c->rec.timeouts == 0 || c->retrans_since.ns == 0)
		return false;
	if (limit.ns == 0)
		limit = model_timeout(tries);
	return instant_sub(now, c->retrans_since).ns >= limit.ns;
}

/* Linux: tcp_orphan_retries(). */
static unsigned orphan_retries(const struct conn *c, bool alive)
{
	unsigned n = c->t->rules.orphan_retries;

	if (c->soft_err && !alive)
		return 0;
	return n == 0 && alive ? TCP_ORPHAN_RETRIES : n;
}

/* A window that was shut after we had sent. Without a user's timeout (RFC 5482) a peer
 * that answers may keep it so. Linux: tcp_rtx_probe0_timed_out(). */
static bool shut_too_long(const struct conn *c, struct instant now)
{
	struct duration shut = DURATION_MS(2 * TCP_RTO_MAX_MS);
	struct duration user = DURATION_MS(c->opt.user_timeout);

	if (c->opt.user_timeout && lasted(c, now, 0, user))
		return true;
	return instant_sub(now, c->last_received).ns > shut.ns && lasted(c, now, 0, shut);
}

/* RFC 1122 4.2.3.5 and RFC 5482: has it lasted too long? Linux:
 * tcp_write_timeout(). */
static bool is_over(struct conn *c, struct instant now)
{
	unsigned tries = c->t->rules.retries2;

	if (c->snd_wnd == 0 && !c->detached)
		return shut_too_long(c, now);
	if (c->detached)
		tries = orphan_retries(c, rtt_rto(&c->rtt).ns <
			DURATION_MS(TCP_RTO_MAX_MS).ns);
	return lasted(c, now, tries, DURATION_MS(c->opt.user_timeout));
}

static uint32_t syn_age_ms(const struct conn *c, struct instant now)
{
	return conn_ts_now(c, now) - c->syn_ts;
}

/* TCP_USER_TIMEOUT, or Linux's tcp_model_timeout(): as long as so many retries would
 * take, each after twice the time of the one before. */
static bool syn_lasted(const struct conn *c, struct instant now, unsigned retries)
{
	unsigned doubled = retries < 6 ? retries : 6;
	uint32_t ms = ((2u << doubled) - 1) * TCP_RTO_INITIAL_MS +
		(retries - doubled) * TCP_RTO_MAX_MS;

	return syn_age_ms(c, now) >= (c->opt.user_timeout ? c->opt.user_timeout : ms);
}

/* Linux's tcp_clamp_rto_to_user_timeout(): no later than the user's limit. */
static void clamp_syn(struct conn *c, struct instant now)
{
	uint32_t limit = c->opt.user_timeout, age = syn_age_ms(c, now);

	if (limit && limit > age && DURATION_MS(limit - age).ns < rtt_rto(&c->rtt).ns)
		set(c, CONN_TIMER_RTO, instant_add(now, DURATION_MS(limit - age)));
}

static void syn_timeout(struct conn *c, struct instant now)
{
	uint32_t linear = c->opened_actively ? c->t->rules.syn_linear_timeouts : 0;
	unsigned limit = c->opt.syn_retries ? c->opt.syn_retries :
		c->t->rules.syn_retries;

	if (!c->opened_actively) /* fast open: Linux's tcp_fastopen_synack_timer() */
		limit = c->t->rules.synack_retries + 1;
	c->t->stats.timeouts++;
	tally_rto(c, now);
	if (c->rec.timeouts++ >= limit + linear ||
		(c->opened_actively && syn_lasted(c, now, limit))) {
		give_up(c, now);
		return;
	}
	fastopen_timed_out(c, now);
	/* Linux since 6.5: the first few at equal distances. */
	if (c->rec.timeouts > linear)
		rtt_backoff(&c->rtt);
	c->retrans++;
	c->t->stats.retrans++;
	conn_send_syn(c, now);
	if (!c->dead && c->opened_actively)
		clamp_syn(c, now);
}

static void rto_timeout(struct conn *c, struct instant now)
{
	if (c->state < TCP_ESTABLISHED) {
		syn_timeout(c, now);
		return;
	}
	if (c->sendq.n == 0)
		return;
	if (is_over(c, now)) {
		give_up(c, now);
		return;
	}
	/* R1 (RFC 1122 4.2.3.5). Linux: tcp_write_timeout(). */
	if (lasted(c, now, c->t->rules.retries1, DURATION_MS(0)))
		mtuprobe_black_hole(c, now);
	tally_rto(c, now);
	c->rec.timeouts++;
	c->t->stats.timeouts++;
	fastopen_timed_out(c, now);
	recovery_timeout(c, now);
	/* RFC 6298 5.4: the first one now, whatever the windows say. */
	conn_retransmit(c, now, 0);
	rtt_backoff(&c->rtt); /* RFC 6298 5.5 */
	if (c->dead)
		return;
	if (c->retrans_since.ns == 0)
		c->retrans_since = now;
	/* RFC 6298 5.6 */
	set_only(c, CONN_TIMER_RTO, instant_add(now, clamp_to_user(c, now,
		c->retrans_since, rtt_rto(&c->rtt))));
}

static void tlp_timeout(struct conn *c, struct instant now)
{
	/* RFC 8985 7.3: one probe, and the RTO starts again from it. */
	if (!c->rec.tlp_out && conn_send_tlp(c, now)) {
		c->rec.tlp_out = true;
		c->rec.tlp_end = c->snd_nxt;
		stop(c, CONN_TIMER_TLP);
		if (!c->dead)
			set_only(c, CONN_TIMER_RTO,
				instant_add(now, rtt_rto(&c->rtt)));
		return;
	}
	if (!c->dead)
		timers_reorder_done(c, now);
}

/* Linux: tcp_probe_timer(). A peer that answers may keep its window shut as long as
 * it likes (RFC 9293 3.8.6.1), but not against a user who has gone, nor beyond the
 * user's timeout. */
static bool probed_enough(struct conn *c, struct instant now)
{
	unsigned most = c->t->rules.retries2;
	bool alive;

	if (c->probes_since.ns == 0)
		c->probes_since = now;
	else if (c->opt.user_timeout && instant_sub(now, c->probes_since).ns >=
		DURATION_MS(c->opt.user_timeout).ns)
		return true;
	if (c->detached) {
		alive = rtt_rto_base(&c->rtt).ns << (c->persist_backoff < 16 ?
			c->persist_backoff : 16) < DURATION_MS(TCP_RTO_MAX_MS).ns;
		most = orphan_retries(c, alive);
		if (!alive && c->persist_backoff >= most)
			return true;
	}
	return c->probes >= most;
}

static void persist_timeout(struct conn *c, struct instant now)
{
	if (c->sendq.n || c->wq.n == 0) {
		c->probes = 0;
		c->probes_since = (struct instant){ 0 };
		return;
	}
	if (probed_enough(c, now)) {
		give_up(c, now);
		return;
	}
	if (conn_persist_push(c, now) || c->dead) {
		c->probes = c->persist_backoff = 0;
		c->probes_since = (struct instant){ 0 };
		return;
	}
	c->probes++;
	if (c->persist_backoff < c->t->rules.retries2) /* RFC 9293 3.8.6.1: exponential */
		c->persist_backoff++;
	set(c, CONN_TIMER_PERSIST, instant_add(now, clamp_to_user(c, now,
		c->probes_since, probe_wait(c))));
}

/* RFC 9293 3.8.4. Only a silent connection is probed: data in flight or a shut
 * window have their own timers. */
static void keepalive_timeout(struct conn *c, struct instant now)
{
	unsigned limit = c->opt.keep_cnt ? c->opt.keep_cnt :
		c->t->rules.keepalive_probes;

	if (c->sendq.n || is_set(c, CONN_TIMER_PERSIST)) {
		set(c, CONN_TIMER_KEEPALIVE, instant_add(now, keep_idle(c)));
		return;
	}
	if (c->opt.user_timeout ? c->probes && instant_sub(now,
		c->last_received).ns >= DURATION_MS(c->opt.user_timeout).ns :
		c->probes >= limit) {
		conn_send_rst(c, now); /* Linux: tcp_keepalive_timer() */
		give_up(c, now);
		return;
	}
	c->probes++;
	conn_send_probe(c, now);
	set(c, CONN_TIMER_KEEPALIVE, instant_add(now, keep_intvl(c)));
}

static void reorder_timeout(struct conn *c, struct instant now)
{
	recovery_reorder_timeout(c, now);
	conn_output(c, now);
}

/* Linux: tcp_tsq_write(). */
static void pace_timeout(struct conn *c, struct instant now)
{
	if (!conn_may_send_data(c))
		return;
	conn_repair(c, now);
	if (!c->dead)
		conn_push(c, now, conn_nagle(c));
}

void timers_run(struct conn *c, struct instant now)
{
	static void (*const fire[CONN_TIMERS])(struct conn *, struct instant) = {
		[CONN_TIMER_RTO] = rto_timeout,
		[CONN_TIMER_REORDER] = reorder_timeout,
		[CONN_TIMER_TLP] = tlp_timeout,
		[CONN_TIMER_PERSIST] = persist_timeout,
		[CONN_TIMER_DELACK] = acktime_late,
		[CONN_TIMER_COMPRESS] = acktime_flush,
		[CONN_TIMER_KEEPALIVE] = keepalive_timeout,
		[CONN_TIMER_PACE] = pace_timeout,
	};

	for (int k = 0; k < CONN_TIMERS && !c->dead; k++) {
		if (instant_before(now, c->due[k]))
			continue;
		stop(c, (enum conn_timer)k);
		fire[k](c, now);
	}
}
