/* The commands, as a table. SPDX-License-Identifier: BSD-2-Clause */
#include "command.h"

#include <errno.h>
#include <string.h>

#include "host.h"
#include "log.h"
#include "netfile.h"
#include "status.h"
#include "topology.h"

struct command {
	const char *name;
	void (*run)(struct service *svc, char *args, struct text *out);
};

static char *next_word(char **args)
{
	char *word;

	do
		word = strsep(args, " ");
	while (word && !*word);
	return word;
}

static void answer(struct text *out, int err, const char *what)
{
	if (err)
		text_add(out, "error: %s: %s\n", what, strerror(-err));
	else
		text_add(out, "ok\n");
}

static void run_status(struct service *svc, char *args, struct text *out)
{
	/* What was closed within the hosts lately is not to be shown. */
	for (unsigned i = 0; i < svc->n_hosts; i++)
		sweep_run(&svc->hosts[i]->sweep);
	text_add(out, "ok\n");
	if (args && !strcmp(args, "json"))
		status_json(svc, out);
	else
		status_text(svc, out);
}

static void run_host(struct service *svc, char *args, struct text *out)
{
	if (args && service_host(svc, args))
		text_add(out, "ok\n");
	else
		text_add(out, "error: no host of this name\n");
}

static void run_down(struct service *svc, char *args, struct text *out)
{
	(void)args;
	log_line("down");
	text_add(out, "ok\n");
	loop_stop(svc->loop);
}

/* --- link --------------------------------------------------------------------------- */

static int set_delay(struct link_impair *i, const char *v)
{
	return netfile_parse_duration(v, &i->delay);
}

static int set_jitter(struct link_impair *i, const char *v)
{
	return netfile_parse_duration(v, &i->jitter);
}

static int set_loss(struct link_impair *i, const char *v)
{
	return netfile_parse_percent(v, &i->loss);
}

static int set_burst(struct link_impair *i, const char *v)
{
	return netfile_parse_burst(v, &i->loss_burst);
}

static int set_duplicate(struct link_impair *i, const char *v)
{
	return netfile_parse_percent(v, &i->duplicate);
}

static int set_corrupt(struct link_impair *i, const char *v)
{
	return netfile_parse_percent(v, &i->corrupt);
}

static int set_reorder(struct link_impair *i, const char *v)
{
	return netfile_parse_percent(v, &i->reorder);
}

static int set_rate(struct link_impair *i, const char *v)
{
	return netfile_parse_rate(v, &i->rate);
}

static int set_queue(struct link_impair *i, const char *v)
{
	return netfile_parse_queue(v, &i->queue);
}

static const struct {
	const char *key;
	int (*set)(struct link_impair *i, const char *value);
} link_keys[] = {
	{ "delay", set_delay },
	{ "jitter", set_jitter },
	{ "loss", set_loss },
	{ "burst", set_burst },
	{ "duplicate", set_duplicate },
	{ "corrupt", set_corrupt },
	{ "reorder", set_reorder },
	{ "rate", set_rate },
	{ "queue", set_queue },
};

/* One KEY=VALUE into i; false: the error is written. */
static bool link_change(struct link_impair *i, char *word, struct text *out)
{
	char *value = strchr(word, '=');
	int err;

	if (value)
		*value++ = 0;
	for (size_t k = 0; k < sizeof(link_keys) / sizeof(link_keys[0]); k++) {
		if (strcmp(word, link_keys[k].key))
			continue;
		err = value ? link_keys[k].set(i, value) : -EINVAL;
		if (err)
			text_add(out, "error: %s: \"%s\" is %s\n", word,
				value ? value : "", err == -ERANGE ?
				"out of range" : "not a value for it");
		return !err;
	}
	text_add(out, "error: %s: a link has no such property (delay, jitter, loss, "
		"burst, duplicate, corrupt, reorder, rate, queue)\n", word);
	return false;
}

static void run_link(struct service *svc, char *args, struct text *out)
{
	char *name = next_word(&args);
	struct wire *w = name ? wire_find(svc, name) : NULL;
	struct link_impair i;
	char *word;
	int err;

	if (!w) {
		text_add(out, "error: no link %s\n", name ? name : "");
		return;
	}
	link_get_impair(w->link, &i);
	while ((word = next_word(&args))) {
		if (!link_change(&i, word, out))
			return;
	}
	err = link_set_impair(w->link, &i);
	if (err)
		text_add(out, "error: link %s: these values do not go together\n",
			name);
	else
		answer(out, 0, name);
}

/* --- capture -------------------------------------------------------------------------- */

static void run_capture(struct service *svc, char *args, struct text *out)
{
	char *name = next_word(&args);
	int err;

	if (!name || !args || !*args) {
		text_add(out, "error: capture NAME|* PATH\n");
		return;
	}
	err = capture_start(svc, strcmp(name, "*") ? name : NULL, args);
	if (err == -ENOENT)
		text_add(out, "error: no link or host %s\n", name);
	else if (err == -ENODEV)
		text_add(out, "error: nothing to capture: there is no link (programs "
			"of one host exchange no packets)\n");
	else if (err == -EBUSY)
		text_add(out, "error: this link is captured already\n");
	else
		answer(out, err, args);
}

static const struct command commands[] = {
	{ "status", run_status },
	{ "host", run_host },
	{ "link", run_link },
	{ "capture", run_capture },
	{ "down", run_down },
};

void command_run(struct service *svc, char *line, struct text *out)
{
	char *args = line;
	char *name = next_word(&args);

	for (size_t i = 0; name && i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (!strcmp(commands[i].name, name)) {
			commands[i].run(svc, args, out);
			return;
		}
	}
	text_add(out, "error: unknown command %s\n", name ? name : "");
}
