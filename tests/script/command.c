/* The commands of a script that set the scene. They run nothing: the host under
 * test has none of it but what is understood here, and whatever is not is said.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "play.h"

/* --- sysctl ---------------------------------------------------------------------- */

struct setting {
	const char *name;
	const char *has; /* what the host has anyhow; NULL: any value is as good */
	void (*set)(struct tcp_rules *rules, const char *value);
};

static void set_timestamps(struct tcp_rules *r, const char *value)
{
	r->no_timestamps = atoi(value) == 0;
}

static void set_sack(struct tcp_rules *r, const char *value)
{
	r->no_sack = atoi(value) == 0;
}

static void set_scaling(struct tcp_rules *r, const char *value)
{
	r->no_window_scaling = atoi(value) == 0;
}

/* "4096 540000 15728640": the last. */
static void set_rmem(struct tcp_rules *r, const char *value)
{
	const char *last = strrchr(value, ' ');

	r->rmem_max = (uint32_t)atol(last ? last : value);
}

static const struct setting settings[] = {
	{ "tcp_rmem", NULL, set_rmem }, { "tcp_wmem", NULL, NULL },
	{ "tcp_timestamps", NULL, set_timestamps },
	{ "tcp_sack", NULL, set_sack },
	{ "tcp_window_scaling", NULL, set_scaling },
	{ "tcp_syn_retries", NULL, NULL }, { "tcp_synack_retries", "5", NULL },
	{ "tcp_dsack", "1", NULL }, { "tcp_fack", NULL, NULL },
	{ "tcp_reordering", "3", NULL },
	{ "tcp_congestion_control", "cubic", NULL },
	{ "tcp_early_retrans", NULL, NULL }, { "tcp_recovery", "1", NULL },
	{ "tcp_tso_win_divisor", NULL, NULL }, { "tcp_min_tso_segs", NULL, NULL },
	{ "tcp_ecn", "0", NULL }, { "tcp_ecn_option", NULL, NULL },
	{ "tcp_pacing_ss_ratio", NULL, NULL },
	{ "tcp_pacing_ca_ratio", NULL, NULL },
	{ "tcp_notsent_lowat", "4294967295", NULL },
	{ "tcp_no_metrics_save", NULL, NULL },
};

static void set(struct play *p, unsigned line, const char *name, const char *value)
{
	static const char *const prefixes[] = { "net.ipv4.", "net/ipv4/",
		"/proc/sys/net/ipv4/" };

	for (int k = 0; k < 3; k++)
		if (!strncmp(name, prefixes[k], strlen(prefixes[k])))
			name += strlen(prefixes[k]);
	for (size_t k = 0; k < sizeof(settings) / sizeof(settings[0]); k++) {
		const struct setting *s = &settings[k];

		if (strcmp(s->name, name) != 0)
			continue;
		if (s->has && strcmp(s->has, value) != 0)
			play_unknown(p, line, "%s is %s here and cannot be %s", name,
				s->has, value);
		if (s->set && p->host.net)
			play_unknown(p, line, "%s can be set in the first command "
				"only", name);
		else if (s->set)
			s->set(&p->rules, value);
		return;
	}
	play_unknown(p, line, "unknown setting %s", name);
}

/* The next word, which may have a part in quotes; NULL: none. */
static char *next_word(char **at)
{
	char *from = *at + strspn(*at, " \t"), *to = from;
	bool quoted = false;

	if (!*from)
		return NULL;
	for (char *p = from; ; p++) {
		if (*p == '"') {
			quoted = !quoted;
			continue;
		}
		if (!*p || (!quoted && (*p == ' ' || *p == '\t'))) {
			*at = p + (*p != 0);
			*to = 0;
			return from;
		}
		*to++ = *p;
	}
}

static void sysctl(struct play *p, unsigned line, char *words)
{
	char *w;

	while ((w = next_word(&words))) {
		char *equals = strchr(w, '=');

		if (!equals)
			continue; /* -q and the like */
		*equals = 0;
		set(p, line, w, equals + 1);
	}
}

/* --- commands ------------------------------------------------------------------------- */

/* The public scripts' common beginning: mostly Linux's defaults. */
static void defaults(struct play *p)
{
	p->rules = (struct tcp_rules){ .rmem_max = 15 << 20 };
}

static void command(struct play *p, unsigned line, char *text)
{
	/* They turn off what the host does not have. */
	static const char *const nothing[] = { "ip tcp_metrics flush",
		"tc qdisc", "ethtool -K tun0 tso off gso off",
		"ethtool -K tun0 gso off tso off", "sleep", "true" };
	size_t n = strlen(text);

	text += strspn(text, " \t\r\\");
	if (!*text || *text == '#')
		return;
	n = strcspn(text, " \t");
	if (n >= 11 && !strncmp(text + n - 11, "defaults.sh", 11))
		return defaults(p);
	if (!strncmp(text, "sysctl ", 7) ||
		(n >= 14 && !strncmp(text + n - 14, "set_sysctls.py", 14)))
		return sysctl(p, line, text + n);
	for (size_t k = 0; k < sizeof(nothing) / sizeof(nothing[0]); k++)
		if (!strncmp(text, nothing[k], strlen(nothing[k])))
			return;
	play_unknown(p, line, "the command '%.60s' is not understood", text);
}

void play_command(struct play *p, unsigned line, const char *text)
{
	char *copy = strdup(text), *save = NULL;

	if (!copy)
		abort();
	/* Lines that go on, and what is thrown away. */
	for (char *at = copy; (at = strstr(at, "\\\n"));)
		memset(at, ' ', 2);
	for (char *at = copy; (at = strstr(at, "2>/dev/null"));)
		memset(at, ' ', 11);
	for (char *w = strtok_r(copy, "\n;&", &save); w && !play_over(p);
		w = strtok_r(NULL, "\n;&", &save)) {
		char *one = strdup(w);

		if (!one)
			abort();
		command(p, line, one);
		free(one);
	}
	free(copy);
}

/* --- options ----------------------------------------------------------------------------- */

static void set_address(struct play *p, const struct script_option *o,
	struct ip_name *name)
{
	struct ip_addr a;

	if (ip_addr_parse(o->value, &a) < 0)
		return play_unknown(p, o->line, "'%s' is no address", o->value);
	name->addr = a;
}

void play_option(struct play *p, const struct script_option *o)
{
	const char *v = o->value;

	if (!strcmp(o->name, "tolerance_usecs"))
		p->tolerance = DURATION_US(atoll(v));
	else if (!strcmp(o->name, "tolerance_percent"))
		p->tolerance_share = atof(v) / 100;
	else if (!strcmp(o->name, "tcp_ts_tick_usecs"))
		p->ts_tick_us = atoll(v);
	else if (!strcmp(o->name, "strict_segments"))
		p->strict_segments = true;
	else if (!strcmp(o->name, "local_ip"))
		set_address(p, o, &p->flows.names.src);
	else if (!strcmp(o->name, "remote_ip"))
		set_address(p, o, &p->flows.names.dst);
	else if (!strcmp(o->name, "bind_port"))
		p->flows.names.src.port = (uint16_t)atoi(v);
	else if (!strcmp(o->name, "connect_port"))
		p->flows.names.dst.port = (uint16_t)atoi(v);
	else if (!strcmp(o->name, "ip_version"))
		; /* play_script() has looked at it */
	else if (strcmp(o->name, "tcp_ts_ecr_scaled") != 0 &&
		strcmp(o->name, "define") != 0 && strcmp(o->name, "mtu") != 0 &&
		strcmp(o->name, "mss") != 0)
		play_unknown(p, o->line, "unknown option --%s", o->name);
}
