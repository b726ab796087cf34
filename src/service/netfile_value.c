/* The forms of single values: times, percentages, rates, numbers, names.
 * Decimal points are points, whatever the locale.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "netfile.h"

#define DIGITS_MAX 15 /* so that a double holds them exactly */

struct unit {
	const char *name;
	double factor;
};

/* A decimal number without sign or exponent; returns what follows it, NULL when
 * there is none or it has too many digits. */
static const char *parse_number(const char *text, double *out)
{
	double mantissa = 0, scale = 1;
	bool point = false;
	int digits = 0;

	for (; *text == '.' || (*text >= '0' && *text <= '9'); text++) {
		if (*text == '.') {
			if (point || !digits)
				return NULL;
			point = true;
			continue;
		}
		if (++digits > DIGITS_MAX)
			return NULL;
		mantissa = mantissa * 10 + (*text - '0');
		if (point)
			scale *= 10;
	}
	if (!digits || text[-1] == '.')
		return NULL;
	*out = mantissa / scale;
	return text;
}

/* A number and a unit of the table (which ends with NULL), a space between them
 * allowed; a bare zero needs no unit. */
static int parse_with_unit(const char *text, const struct unit *units,
	double *out)
{
	const char *rest = parse_number(text, out);

	if (!rest)
		return -EINVAL;
	if (!*rest)
		return *out == 0 ? 0 : -EINVAL;
	if (*rest == ' ')
		rest++;
	for (; units->name; units++) {
		if (strcasecmp(rest, units->name) == 0) {
			*out *= units->factor;
			return 0;
		}
	}
	return -EINVAL;
}

int netfile_parse_duration(const char *text, void *duration)
{
	static const struct unit units[] = {
		{ "ns", 1 }, { "us", 1e3 }, { "\xc2\xb5s", 1e3 }, { "ms", 1e6 },
		{ "s", 1e9 }, { NULL, 0 },
	};
	struct duration *out = duration;
	double ns;
	int r = parse_with_unit(text, units, &ns);

	if (r < 0)
		return r;
	if (ns > (double)LINK_DELAY_MAX.ns)
		return -ERANGE;
	out->ns = (int64_t)(ns + 0.5);
	return 0;
}

int netfile_parse_percent(const char *text, void *probability)
{
	static const struct unit units[] = { { "%", 1 }, { NULL, 0 } };
	double *out = probability;
	double percent;
	int r = parse_with_unit(text, units, &percent);

	if (r < 0)
		return r;
	if (percent > 100)
		return -ERANGE;
	*out = percent / 100;
	return 0;
}

int netfile_parse_burst(const char *text, void *frames)
{
	double *out = frames;
	double value;
	const char *rest = parse_number(text, &value);

	if (!rest || *rest)
		return -EINVAL;
	if (value < 1 || value > LINK_BURST_MAX)
		return -ERANGE;
	*out = value;
	return 0;
}

int netfile_parse_rate(const char *text, void *bits)
{
	static const struct unit units[] = {
		{ "bit", 1 }, { "kbit", 1e3 }, { "Mbit", 1e6 }, { "Gbit", 1e9 },
		{ "Tbit", 1e12 }, { "bit/s", 1 }, { "kbit/s", 1e3 },
		{ "Mbit/s", 1e6 }, { "Gbit/s", 1e9 }, { "Tbit/s", 1e12 },
		{ NULL, 0 },
	};
	uint64_t *out = bits;
	double rate;
	int r;

	if (strcmp(text, "unlimited") == 0) {
		*out = 0;
		return 0;
	}
	r = parse_with_unit(text, units, &rate);
	if (r < 0)
		return r;
	if (rate < (double)LINK_RATE_MIN || rate > (double)LINK_RATE_MAX)
		return -ERANGE;
	*out = (uint64_t)(rate + 0.5);
	return 0;
}

static int parse_integer(const char *text, uint64_t least, uint64_t most,
	uint64_t *out)
{
	uint64_t v = 0;

	if (!*text)
		return -EINVAL;
	for (const char *p = text; *p; p++)
		if (*p < '0' || *p > '9')
			return -EINVAL;
	for (; *text; text++)
		if (__builtin_mul_overflow(v, 10u, &v) ||
			__builtin_add_overflow(v, (uint64_t)(*text - '0'), &v))
			return -ERANGE;
	if (v < least || v > most)
		return -ERANGE;
	*out = v;
	return 0;
}

static int parse_u32(const char *text, uint32_t least, uint32_t most,
	uint32_t *out)
{
	uint64_t v;
	int r = parse_integer(text, least, most, &v);

	if (r == 0)
		*out = (uint32_t)v;
	return r;
}

int netfile_parse_queue(const char *text, void *frames)
{
	return parse_u32(text, 1, LINK_QUEUE_MAX, frames);
}

int netfile_parse_mtu(const char *text, void *bytes)
{
	return parse_u32(text, NETFILE_MTU_MIN, NETFILE_MTU_MAX, bytes);
}

int netfile_parse_seed(const char *text, void *seed)
{
	return parse_integer(text, 0, UINT64_MAX, seed);
}

int netfile_parse_loopback(const char *text, void *packets)
{
	bool *out = packets;

	if (strcmp(text, "packets") != 0 && strcmp(text, "shared") != 0)
		return -EINVAL;
	*out = text[0] == 'p';
	return 0;
}

int netfile_parse_raw(const char *text, void *for_all)
{
	bool *out = for_all;

	if (strcmp(text, "all") != 0 && strcmp(text, "root") != 0)
		return -EINVAL;
	*out = text[0] == 'a';
	return 0;
}

bool netfile_is_name(const char *text)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
	size_t len = strspn(text, good);

	return len >= 1 && len <= NETFILE_NAME_MAX && !text[len] &&
		text[0] != '_' && text[0] != '-';
}
