/* TCP's settings by name. SPDX-License-Identifier: BSD-2-Clause */
#include "tcp/rules.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "limits.h"

struct rule {
	const char *name;
	size_t offset; /* of its first number */
	unsigned n;
	uint32_t least, most;
};

#define RULE(name_, n_, least_, most_) \
	{ #name_, offsetof(struct tcp_rules, name_), n_, least_, most_ }
#define BYTES_MAX 0x7fffffff

static const struct rule rules[] = {
	RULE(timestamps, 1, 0, 2), RULE(window_scaling, 1, 0, 1),
	RULE(sack, 1, 0, 1), RULE(dsack, 1, 0, 1), RULE(ecn, 1, 0, 2),
	RULE(ecn_fallback, 1, 0, 1), RULE(syn_retries, 1, 1, 127),
	RULE(synack_retries, 1, 0, 255), RULE(syn_linear_timeouts, 1, 0, 127),
	RULE(syncookies, 1, 0, 2),
	RULE(max_syn_backlog, 1, 1, BYTES_MAX), RULE(abort_on_overflow, 1, 0, 1),
	RULE(rfc1337, 1, 0, 1),
	RULE(fastopen, 1, 0, UINT32_MAX),
	RULE(fastopen_blackhole_timeout_sec, 1, 0, BYTES_MAX),
	RULE(slow_start_after_idle, 1, 0, 1), RULE(min_tso_segs, 1, 1, 65535),
	RULE(tso_win_divisor, 1, 0, BYTES_MAX), RULE(pacing_ss_ratio, 1, 0, 1000),
	RULE(pacing_ca_ratio, 1, 0, 1000),
	RULE(pace_path, 1, 0, UINT32_MAX),
	RULE(notsent_lowat, 1, 0, UINT32_MAX), RULE(wmem, 3, 1, BYTES_MAX),
	RULE(rmem, 3, 1, BYTES_MAX),
	RULE(moderate_rcvbuf, 1, 0, 1), RULE(comp_sack_delay_ns, 1, 0, UINT32_MAX),
	RULE(comp_sack_slack_ns, 1, 0, UINT32_MAX), RULE(comp_sack_nr, 1, 0, 255),
	RULE(recovery, 1, 0, 7), RULE(early_retrans, 1, 0, 4),
	RULE(reordering, 1, 1, 127), RULE(max_reordering, 1, 1, BYTES_MAX),
	RULE(mtu_probing, 1, 0, 2), RULE(base_mss, 1, 48, 65535),
	RULE(mtu_probe_floor, 1, 48, 65535), RULE(probe_interval, 1, 0, UINT32_MAX),
	RULE(probe_threshold, 1, 1, UINT32_MAX),
	RULE(frto, 1, 0, 2), RULE(retries1, 1, 0, 255), RULE(retries2, 1, 0, 255),
	RULE(orphan_retries, 1, 0, 255), RULE(fin_timeout, 1, 1, 120),
	RULE(tw_reuse, 1, 0, 2), RULE(tw_reuse_delay, 1, 1, UINT32_MAX),
	RULE(max_tw_buckets, 1, 0, BYTES_MAX), RULE(max_orphans, 1, 0, BYTES_MAX),
	RULE(keepalive_time, 1, 1, 32767), RULE(keepalive_intvl, 1, 1, 32767),
	RULE(keepalive_probes, 1, 1, 127),
	RULE(challenge_ack_limit, 1, 0, BYTES_MAX),
	RULE(invalid_ratelimit, 1, 0, BYTES_MAX), RULE(hystart, 1, 0, 1),
	RULE(hystart_detect, 1, 0, 7),
};

void tcp_rules_default(struct tcp_rules *r)
{
	*r = (struct tcp_rules){
		.timestamps = 1, .window_scaling = 1, .sack = 1, .dsack = 1,
		.ecn = 2, .ecn_fallback = 1, .syn_retries = TCP_SYN_RETRIES,
		.synack_retries = TCP_SYNACK_RETRIES, .syn_linear_timeouts = 4,
		.syncookies = 1,
		.max_syn_backlog = 4096,
		.fastopen = TCP_FASTOPEN_CLIENT,
		.slow_start_after_idle = 1, .min_tso_segs = 2,
		.tso_win_divisor = 3, .pacing_ss_ratio = 200,
		.pacing_ca_ratio = 120,
		.notsent_lowat = UINT32_MAX,
		.wmem = { 4096, 16384, 4 << 20 },
		.rmem = { 4096, 131072, TCP_RMEM_MAX },
		.moderate_rcvbuf = 1, .comp_sack_delay_ns = 1000000,
		.comp_sack_slack_ns = 100000, .comp_sack_nr = 44, .core_rmem_max = TCP_RMEM_CORE,
		.recovery = 1,
		.early_retrans = 3, .reordering = TCP_DUP_THRESH,
		.max_reordering = 300, .frto = 2,
		.base_mss = 1024, .mtu_probe_floor = TCP_MSS_MIN,
		.probe_interval = 600, .probe_threshold = 8,
		.retries1 = 3, .retries2 = TCP_RETRIES, .orphan_retries = 0,
		.hystart = 1, .hystart_detect = 3,
		.tw_reuse = 2, .tw_reuse_delay = 1000,
		.max_tw_buckets = TCP_TIME_WAITS_MAX, .max_orphans = TCP_ORPHANS_MAX,
		.fin_timeout = TCP_FIN_WAIT_2_S, .keepalive_time = TCP_KEEP_IDLE_S,
		.keepalive_intvl = TCP_KEEP_INTVL_S,
		.keepalive_probes = TCP_KEEP_CNT,
		.challenge_ack_limit = TCP_CHALLENGE_PER_S,
		.invalid_ratelimit = TCP_CHALLENGE_MS,
	};
}

/* Decimal or 0x...; moves *text behind it and the blanks that follow. */
static int take_number(const char **text, uint32_t *out)
{
	const char *p = *text;
	unsigned base = p[0] == '0' && p[1] == 'x' ? 16 : 10, digit;
	uint64_t v = 0;

	p += base == 16 ? 2 : 0;
	*text = p;
	for (; v <= UINT32_MAX; p++) {
		if (*p >= '0' && *p <= '9')
			digit = (unsigned)(*p - '0');
		else if (base == 16 && (*p | 32) >= 'a' && (*p | 32) <= 'f')
			digit = (unsigned)((*p | 32) - 'a' + 10);
		else
			break;
		v = v * base + digit;
	}
	if (p == *text || v > UINT32_MAX)
		return -EINVAL;
	*text = p + strspn(p, " \t");
	*out = (uint32_t)v;
	return 0;
}

static int set_numbers(struct tcp_rules *r, const struct rule *rule,
	const char *value)
{
	uint32_t got[3];

	for (unsigned k = 0; k < rule->n; k++)
		if (take_number(&value, &got[k]) < 0 || got[k] < rule->least ||
			got[k] > rule->most)
			return -EINVAL;
	if (*value)
		return -EINVAL;
	memcpy((char *)r + rule->offset, got, rule->n * sizeof(got[0]));
	return 0;
}

/* "00112233-44556677-8899aabb-ccddeeff[,...]": each word as the machine has it in
 * memory, as Linux. */
static int set_key(struct tcp_rules *r, const char *value)
{
	uint8_t keys[2][16];
	uint32_t n = 0, word;
	char digits[11] = "0x";
	const char *at;

	do {
		if (n == 2)
			return -EINVAL;
		for (unsigned k = 0; k < 4; k++) {
			if (strlen(value) < 8)
				return -EINVAL;
			memcpy(digits + 2, value, 8);
			at = digits;
			value += 8;
			if (take_number(&at, &word) < 0 || *at ||
				(k < 3 && *value++ != '-'))
				return -EINVAL;
			memcpy(&keys[n][4 * k], &word, 4); /* little-endian */
		}
		n++;
	} while (*value == ',' && value++);
	if (*value)
		return -EINVAL;
	memcpy(r->fastopen_key, keys, sizeof(keys[0]) * n);
	r->fastopen_keys = n;
	return 0;
}

int tcp_rules_set(struct tcp_rules *r, const char *name, const char *value)
{
	if (strcmp(name, "fastopen_key") == 0)
		return set_key(r, value);
	for (size_t k = 0; k < sizeof(rules) / sizeof(rules[0]); k++)
		if (strcmp(rules[k].name, name) == 0)
			return set_numbers(r, &rules[k], value);
	return -ENOENT;
}
