/* Reading what a link of ours wrote about a frame:
 *
 *   lost (impairment)            arrives in 20.000000 ms, duplicated
 *   server: lost (impairment), printer: arrives in 1.000000 ms
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sighting.h"
#include "words.h"

static void read_item(const char *item, enum diagram_lang lang, struct fate *out)
{
	/* What more is said stands in brackets, and stays. */
	static const struct { const char *en, *es; } lost[] = {
		{ "lost (impairment)", "perdido (por el enlace)" }, { "lost", "perdido" },
		{ "queue full", "cola llena" },
		{ "no memory for frames under way", "sin memoria" },
		{ "no memory", "sin memoria" }, { "corrupted", "dañado" },
	};
	double ms;

	if (sscanf(item, "arrives in %lf ms", &ms) == 1) {
		if (ms > 0 && ms < 1e9)
			out->delay = (int64_t)(ms * 1e6 + 0.5);
		return;
	}
	if (!strncmp(item, "duplicated", 10))
		out->duplicated = true;
	if (!strncmp(item, "reordered", 9))
		out->reordered = true;
	for (size_t i = 0; i < sizeof(lost) / sizeof(lost[0]); i++) {
		if (strncmp(item, lost[i].en, strlen(lost[i].en)))
			continue;
		out->lost = true;
		snprintf(out->why, sizeof(out->why), "%s%s",
			words(lang, lost[i].en, lost[i].es), item + strlen(lost[i].en));
		return;
	}
}

/* Is the item about another host's port? *item moves behind the name. */
static bool is_of_another(const char **item, const char *host)
{
	const char *colon = strstr(*item, ": ");
	size_t n;

	if (!colon)
		return false;
	n = (size_t)(colon - *item);
	if (!host || strlen(host) != n || memcmp(host, *item, n))
		return true;
	*item = colon + 2;
	return false;
}

void fate_read(const struct capture_point *p, const struct capture_packet *k,
	const char *host, enum diagram_lang lang, struct fate *out)
{
	char text[256 + 1], *save = NULL;
	size_t n = k->comment_len < sizeof(text) - 1 ? k->comment_len :
		sizeof(text) - 1;

	memset(out, 0, sizeof(*out));
	out->told = p->ours && k->dir == CAPTURE_OUT;
	if (!p->ours || !k->comment)
		return;
	memcpy(text, k->comment, n);
	text[n] = 0;
	for (char *i = strtok_r(text, ",", &save); i; i = strtok_r(NULL, ",", &save)) {
		const char *item = i + strspn(i, " ");

		if (!is_of_another(&item, host))
			read_item(item, lang, out);
	}
}
