/* The commands of a script that set the scene. They run nothing: the host under
 * test has none of it but what is understood here, and whatever is not is said.
 *
 *   sysctl, set_sysctls.py, echo > /proc/sys   settings of TCP, by tcp/rules.h
 *   /tmp/sysctl_restore_PID.sh                 as they were before set_sysctls.py
 *   defaults.sh                                the public scripts' common beginning
 *   ip route change                            its metrics, for all routes
 *   tc qdisc, ethtool                          what becomes of what is sent
 *   rm, dd                                     files for sendfile()
 *   nstat | grep, grep /proc/net/tcp           what must be so
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "play.h"

/* --- sysctl ---------------------------------------------------------------------- */

/* Settings that TCP here cannot differ in, and the values that say the same. */
static const struct {
	const char *name, *values[3];
} fixed[] = {
	{ "fack", { "0", "1" } }, /* without effect in Linux since 4.15 */
	{ "no_metrics_save", { "0", "1" } }, /* none are saved */
	{ "ecn_option", { "2" } },
	{ "congestion_control", { "cubic" } },
	{ "ecn_option_beacon", { "3" } },
};

static bool is_fixed(struct play *p, unsigned line, const char *name,
	const char *value)
{
	for (size_t k = 0; k < sizeof(fixed) / sizeof(fixed[0]); k++) {
		if (strcmp(fixed[k].name, name) != 0)
			continue;
		for (unsigned i = 0; i < 3 && fixed[k].values[i]; i++)
			if (strcmp(fixed[k].values[i], value) == 0)
				return true;
		play_unknown(p, line, "tcp_%s cannot be %s here", name, value);
		return true;
	}
	return false;
}

/* Of metrics only what fast open has learnt is kept. */
static void do_forget(struct play *p, unsigned line, char *words)
{
	(void)line;
	(void)words;
	if (p->host.net)
		tcp_forget_servers(stack_tcp(net_stack(p->host.net)));
}

static void set(struct play *p, unsigned line, const char *name, const char *value)
{
	static const char *const prefixes[] = { "/proc/sys/", "net.ipv4.tcp_",
		"net/ipv4/tcp_", "/sys/module/tcp_cubic/parameters/" };
	const char *whole = name;
	bool known = false;
	int r;

	for (int k = 0; k < 4; k++) {
		if (strncmp(name, prefixes[k], strlen(prefixes[k])) != 0)
			continue;
		name += strlen(prefixes[k]);
		known = k > 0;
	}
	if (known && is_fixed(p, line, name, value))
		return;
	/* Not in Linux's mainline: the size of what is remembered. */
	if (known && strcmp(name, "fastopen_cookies") == 0)
		return do_forget(p, line, NULL);
	r = known ? tcp_rules_set(&p->rules, name, value) : -1;
	if (r == -EINVAL)
		return play_unknown(p, line, "%s cannot be '%s'", whole, value);
	if (r < 0)
		return play_unknown(p, line, "unknown setting %s", whole);
	if (p->host.net)
		subject_set_rules(&p->host, &p->rules);
}

/* The next word, which may have a part in quotes; NULL: none. */
static char *next_word(char **at)
{
	char *from = *at + strspn(*at, " \t"), *to = from;
	char quote = 0;

	if (!*from)
		return NULL;
	for (char *p = from; ; p++) {
		if (quote ? *p == quote : (*p == '"' || *p == '\'')) {
			quote = quote ? 0 : *p;
			continue;
		}
		if (!*p || (!quote && (*p == ' ' || *p == '\t'))) {
			*at = p + (*p != 0);
			*to = 0;
			return from;
		}
		*to++ = *p;
	}
}

static void do_sysctl(struct play *p, unsigned line, char *words)
{
	char *w;

	while ((w = next_word(&words)) && *w != '#') {
		char *equals = strchr(w, '=');

		if (equals) {
			*equals = 0;
			set(p, line, w, equals + 1);
		} else if (strcmp(w, "-q") && strcmp(w, "-w") && strcmp(w, "-e")) {
			play_unknown(p, line, "sysctl: '%.40s' is not understood", w);
		}
	}
}

static void do_set_sysctls(struct play *p, unsigned line, char *words)
{
	p->restore = p->rules;
	p->restorable = true;
	do_sysctl(p, line, words);
}

static void do_restore(struct play *p, unsigned line, char *words)
{
	(void)words;
	if (!p->restorable)
		return play_unknown(p, line, "nothing is there to be restored");
	p->rules = p->restore;
	if (p->host.net)
		subject_set_rules(&p->host, &p->rules);
}

static void do_echo(struct play *p, unsigned line, char *words)
{
	char *value = next_word(&words), *arrow = next_word(&words);
	char *name = next_word(&words);

	if (!name || strcmp(arrow, ">") != 0)
		return play_unknown(p, line, "echo is understood as VALUE > SETTING");
	set(p, line, name, value);
}

/* What google's defaults.sh sets. */
static void do_defaults(struct play *p, unsigned line, char *words)
{
	static const char *const values[][2] = {
		{ "rmem", "4096 540000 15728640" },
		{ "wmem", "4096 262144 4194304" },
		{ "timestamps", "1" }, { "syn_retries", "5" },
		{ "synack_retries", "5" }, { "frto", "2" }, { "sack", "1" },
		{ "dsack", "1" }, { "reordering", "3" },
		{ "slow_start_after_idle", "0" }, { "early_retrans", "4" },
		{ "recovery", "1" }, { "tso_win_divisor", "3" }, { "ecn", "0" },
		{ "pacing_ss_ratio", "200" }, { "pacing_ca_ratio", "120" },
		{ "notsent_lowat", "4294967295" }, { "fastopen", "0x70403" },
		{ "fastopen_key", "a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4" },
		{ "syncookies", "1" },
	};

	(void)words;
	for (size_t k = 0; k < sizeof(values) / sizeof(values[0]); k++)
		if (tcp_rules_set(&p->rules, values[k][0], values[k][1]) < 0)
			play_unknown(p, line, "tcp_%s is not known", values[k][0]);
	if (p->host.net)
		subject_set_rules(&p->host, &p->rules);
}

/* --- routes and links --------------------------------------------------------------- */

/* ip [-6] route change [TO] via GATEWAY dev tun0 [initcwnd N] */
static void do_route(struct play *p, unsigned line, char *words)
{
	char *w;

	p->rules.route_initcwnd = p->rules.route_mtu = p->rules.route_advmss = 0;
	while ((w = next_word(&words))) {
		char *value = next_word(&words);

		if (value && strcmp(value, "lock") == 0) /* nothing here learns of it */
			value = next_word(&words);
		if (value && strcmp(w, "initcwnd") == 0)
			p->rules.route_initcwnd = (uint32_t)atol(value);
		else if (value && strcmp(w, "advmss") == 0)
			p->rules.route_advmss = (uint32_t)atol(value);
		else if (value && strcmp(w, "mtu") == 0)
			p->rules.route_mtu = (uint32_t)atol(value);
		else if (!value || (strcmp(w, "change") != 0 &&
				strcmp(w, "replace") != 0 && strcmp(w, "via") != 0 &&
				strcmp(w, "dev") != 0))
			return play_unknown(p, line, "ip route: '%.40s' is not "
				"understood", w);
	}
	if (p->host.net)
		subject_set_rules(&p->host, &p->rules);
}

static void do_qdisc(struct play *p, unsigned line, char *words)
{
	bool drops = strstr(words, "limit 0") != NULL;

	if (strstr(words, "delete") || strstr(words, " del "))
		p->host.drops = false;
	else if (strstr(words, "pfifo"))
		p->host.drops = drops;
	else if (!strstr(words, "root fq")) /* pacing is TCP's own here */
		play_unknown(p, line, "tc qdisc is understood for pfifo and fq");
}

static void do_ethtool(struct play *p, unsigned line, char *words)
{
	/* Each frame is seen by itself here in any case. */
	if (!strstr(words, "tso") && !strstr(words, "gso"))
		play_unknown(p, line, "ethtool is understood for tso and gso");
}

/* --- files ----------------------------------------------------------------------------- */

static void do_rm(struct play *p, unsigned line, char *words)
{
	char *w;

	(void)line;
	while ((w = next_word(&words)))
		for (unsigned k = 0; k < PLAY_FILES; k++)
			if (strcmp(p->files[k].name, w) == 0)
				p->files[k].name[0] = 0;
}

/* dd bs=N count=N if=/dev/zero of=FILE: a file of zeroes. */
static void do_dd(struct play *p, unsigned line, char *words)
{
	size_t bs = 512, count = 0;
	const char *to = NULL;
	bool zeroes = false;
	char *w;

	while ((w = next_word(&words))) {
		if (!strncmp(w, "bs=", 3))
			bs = (size_t)atol(w + 3);
		else if (!strncmp(w, "count=", 6))
			count = (size_t)atol(w + 6);
		else if (!strncmp(w, "of=", 3))
			to = w + 3;
		else if (!strcmp(w, "if=/dev/zero"))
			zeroes = true;
		else if (strncmp(w, "status=", 7) != 0)
			return play_unknown(p, line, "dd: '%.40s'", w);
	}
	if (!zeroes || !to || !play_file_make(p, to, bs * count))
		play_unknown(p, line, "dd is understood for small files of zeroes");
}

/* --- what must be so --------------------------------------------------------------------- */

/* nstat [| grep NAME]: the counter has grown since the last nstat. */
static void do_nstat(struct play *p, unsigned line, char *words)
{
	const struct tcp_stats *now = tcp_stats(stack_tcp(net_stack(p->host.net)));
	static const struct {
		const char *name;
		size_t offset;
	} counters[] = {
		{ "TcpExtOutOfWindowIcmps", offsetof(struct tcp_stats,
			icmp_out_of_window) },
	};
	uint64_t new, old;

	for (size_t k = 0; k < sizeof(counters) / sizeof(counters[0]); k++) {
		if (!strstr(words, counters[k].name))
			continue;
		memcpy(&new, (const char *)now + counters[k].offset, sizeof(new));
		memcpy(&old, (const char *)&p->counted + counters[k].offset,
			sizeof(old));
		if (new == old)
			play_fail(p, line, "%s has not grown", counters[k].name);
		words += strlen(words);
	}
	if (words[strspn(words, " \t")])
		play_unknown(p, line, "nstat: '%.40s' is not counted here", words);
	p->counted = *now;
}

/* grep " 0A " /proc/net/tcp ... | grep ":1F90": somebody listens at that port. */
static void do_grep(struct play *p, unsigned line, char *words)
{
	const char *port = strstr(words, "grep \":");
	unsigned wanted = 0;

	if (!strstr(words, "\" 0A \" /proc/net/tcp") || !port ||
		sscanf(port, "grep \":%x\"", &wanted) != 1)
		return play_unknown(p, line, "this grep is not understood");
	if (!subject_listens(&p->host, (uint16_t)wanted))
		play_fail(p, line, "nobody listens at port %u", wanted);
}

static void do_nothing(struct play *p, unsigned line, char *words)
{
	(void)p;
	(void)line;
	(void)words;
}

/* --- commands ------------------------------------------------------------------------- */

static const struct {
	const char *name; /* of the program, without its folder */
	const char *first; /* word after it, or NULL */
	bool playing; /* only while the script plays */
	void (*run)(struct play *p, unsigned line, char *words);
} commands[] = {
	{ "sysctl", NULL, false, do_sysctl },
	{ "set_sysctls.py", NULL, false, do_set_sysctls },
	{ "sysctl_restore_${PPID}.sh", NULL, false, do_restore },
	{ "defaults.sh", NULL, false, do_defaults },
	{ "echo", NULL, false, do_echo },
	{ "ip", "route", false, do_route }, { "ip", "-6 route", false, do_route },
	{ "ip", "tcp_metrics flush", false, do_forget },
	{ "tc", "qdisc", false, do_qdisc }, { "ethtool", "-K", false, do_ethtool },
	{ "rm", NULL, false, do_rm }, { "dd", NULL, false, do_dd },
	{ "nstat", NULL, true, do_nstat }, { "grep", NULL, true, do_grep },
	{ "sleep", NULL, false, do_nothing }, { "true", NULL, false, do_nothing },
};

/* "2>&1", "> /dev/null": nothing is shown anyhow. */
static void drop_redirections(char *text)
{
	static const char *const marks[] = { "2>&1", "2>/dev/null", "2> /dev/null",
		">/dev/null", "> /dev/null", "\\\n" };

	for (size_t k = 0; k < sizeof(marks) / sizeof(marks[0]); k++)
		for (char *at = text; (at = strstr(at, marks[k]));)
			memset(at, ' ', strlen(marks[k]));
}

static void run_one(struct play *p, unsigned line, char *text)
{
	char *words, *name;

	text += strspn(text, " \t\r");
	if (!*text || *text == '#')
		return;
	words = text + strcspn(text, " \t\r");
	name = words;
	while (name > text && name[-1] != '/')
		name--;
	for (size_t k = 0; k < sizeof(commands) / sizeof(commands[0]); k++) {
		const char *first = commands[k].first;
		size_t n = strlen(commands[k].name);
		char *rest = words + strspn(words, " \t\r");

		if ((size_t)(words - name) != n ||
			strncmp(name, commands[k].name, n) != 0 ||
			(first && strncmp(rest, first, strlen(first)) != 0) ||
			(commands[k].playing && !p->host.net))
			continue;
		rest += first ? strlen(first) : 0;
		return commands[k].run(p, line, rest);
	}
	play_unknown(p, line, "the command '%.60s' is not understood", text);
}

void play_command(struct play *p, unsigned line, const char *text)
{
	char *copy = strdup(text), *at = copy;

	if (!copy)
		abort();
	drop_redirections(copy);
	while (at && !play_over(p)) {
		char *one = at, *end = at + strcspn(at, "\n;&");

		at = *end ? end + 1 : NULL;
		*end = 0;
		/* What is understood does not fail: nothing else is tried. */
		end = strstr(one, "||");
		if (end)
			*end = 0;
		run_one(p, line, one);
	}
	free(copy);
}
