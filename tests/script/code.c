/* Assertions: the little of Python that scripts use. Statements are
 *
 *     assert EXPR [, MESSAGE]      print(EXPR)      NAME = EXPR      NAME += EXPR
 *
 * parted by ; or line ends; expressions have or, and, not, comparisons (chained as
 * in Python), | ^ & << >> + - * / %, brackets, numbers, names of variables, of
 * constants and tcpi_ fields. Strings stand for messages only.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "play.h"
#include "words.h"

struct code {
	struct play *p;
	unsigned line;
	const char *at;
};

static double any(struct code *c);

static void blank(struct code *c)
{
	for (;;) {
		if (*c->at == '#')
			c->at += strcspn(c->at, "\n");
		else if (*c->at == ' ' || *c->at == '\t' || *c->at == '\r')
			c->at++;
		else if (*c->at == '\\' && c->at[1] == '\n')
			c->at += 2; /* the line goes on */
		else
			return;
	}
}

static bool is_name_char(char ch)
{
	return isalnum((unsigned char)ch) || ch == '_';
}

static bool take(struct code *c, const char *token)
{
	size_t n = strlen(token);

	blank(c);
	if (strncmp(c->at, token, n) != 0 ||
		(is_name_char(token[0]) && is_name_char(c->at[n])))
		return false;
	c->at += n;
	return true;
}

static void confused(struct code *c)
{
	play_unknown(c->p, c->line, "cannot make sense of '%.30s' in an assertion",
		c->at);
	c->at = "";
}

/* --- names ---------------------------------------------------------------------- */

static struct play_variable *variable(struct code *c, const char *name, bool make)
{
	struct play *p = c->p;

	for (unsigned k = 0; k < p->nvariables; k++)
		if (strcmp(p->variables[k].name, name) == 0)
			return &p->variables[k];
	if (!make || p->nvariables == PLAY_VARIABLES ||
		strlen(name) >= sizeof(p->variables[0].name))
		return NULL;
	strcpy(p->variables[p->nvariables].name, name);
	return &p->variables[p->nvariables++];
}

static bool get_name(struct code *c, char *out, size_t size)
{
	size_t n = 0;

	blank(c);
	if (!isalpha((unsigned char)*c->at) && *c->at != '_')
		return false;
	while (is_name_char(c->at[n]) && n < size - 1)
		n++;
	memcpy(out, c->at, n);
	out[n] = 0;
	c->at += n;
	return true;
}

static double value_of(struct code *c, const char *name)
{
	struct play_variable *v = variable(c, name, false);
	int64_t number;
	double field;

	if (v)
		return v->value;
	if (strncmp(name, "tcpi_", 5) == 0 && play_tcp_info(c->p, name, &field))
		return field;
	if (strncmp(name, "bbr_", 4) == 0 && play_bbr_info(c->p, name, &field))
		return field;
	if (word_value(name, &number))
		return (double)number;
	play_unknown(c->p, c->line, "unknown name '%s' in an assertion", name);
	return 0;
}

/* --- expressions, by how tightly they bind ------------------------------------------ */

static double string(struct code *c)
{
	char quote = *c->at++;

	while (*c->at && *c->at != quote)
		c->at++;
	if (*c->at)
		c->at++;
	if (take(c, "%")) /* what is printed: no matter */
		any(c);
	return 0;
}

static double primary(struct code *c)
{
	char name[48];
	double v;

	blank(c);
	if (*c->at == '\'' || *c->at == '"')
		return string(c);
	if (isdigit((unsigned char)*c->at)) {
		char *end;

		v = strtod(c->at, &end);
		c->at = end;
		return v;
	}
	if (take(c, "(")) {
		v = any(c);
		while (take(c, ",")) /* a tuple for a message */
			any(c);
		if (!take(c, ")"))
			confused(c);
		return v;
	}
	if (get_name(c, name, sizeof(name)))
		return value_of(c, name);
	confused(c);
	return 0;
}

static double unary(struct code *c)
{
	if (take(c, "-"))
		return -unary(c);
	if (take(c, "~"))
		return (double)~(int64_t)unary(c);
	return primary(c);
}

static double product(struct code *c)
{
	double v = unary(c), w;

	for (;;) {
		if (take(c, "*")) {
			v *= unary(c);
		} else if (take(c, "//") || take(c, "/")) {
			bool whole = c->at[-2] == '/';

			w = unary(c);
			v = whole ? floor(v / w) : v / w;
		} else if (take(c, "%")) {
			w = unary(c);
			v -= w * floor(v / w);
		} else {
			return v;
		}
	}
}

static double sum(struct code *c)
{
	double v = product(c);

	for (;;) {
		if (take(c, "+"))
			v += product(c);
		else if (take(c, "-"))
			v -= product(c);
		else
			return v;
	}
}

static double shift(struct code *c)
{
	double v = sum(c);

	for (;;) {
		if (take(c, "<<"))
			v = ldexp(v, (int)sum(c));
		else if (take(c, ">>"))
			v = floor(ldexp(v, -(int)sum(c)));
		else
			return v;
	}
}

static double bits(struct code *c)
{
	double v = shift(c);

	for (;;) {
		if (take(c, "&"))
			v = (double)((int64_t)v & (int64_t)shift(c));
		else if (take(c, "^"))
			v = (double)((int64_t)v ^ (int64_t)shift(c));
		else if (take(c, "|"))
			v = (double)((int64_t)v | (int64_t)shift(c));
		else
			return v;
	}
}

static double comparison(struct code *c)
{
	double v = bits(c), w;
	bool all = true, some = false;

	for (;;) {
		bool true_here;

		if (take(c, "=="))
			w = bits(c), true_here = v == w;
		else if (take(c, "!="))
			w = bits(c), true_here = v != w;
		else if (take(c, "<="))
			w = bits(c), true_here = v <= w;
		else if (take(c, ">="))
			w = bits(c), true_here = v >= w;
		else if (take(c, "<"))
			w = bits(c), true_here = v < w;
		else if (take(c, ">"))
			w = bits(c), true_here = v > w;
		else
			return some ? all : v;
		some = true;
		all = all && true_here;
		v = w;
	}
}

static double negation(struct code *c)
{
	return take(c, "not") ? !negation(c) : comparison(c);
}

static double any(struct code *c)
{
	double v = negation(c);

	for (;;) {
		if (take(c, "and")) {
			double w = negation(c);

			v = v != 0 ? w : v;
		} else if (take(c, "or")) {
			double w = negation(c);

			v = v != 0 ? v : w;
		} else {
			return v;
		}
	}
}

/* --- statements ------------------------------------------------------------------- */

static void check(struct code *c)
{
	const char *from = c->at;
	size_t len;

	if (any(c) != 0) {
		if (take(c, ","))
			any(c);
		return;
	}
	len = (size_t)(c->at - from);
	if (take(c, ","))
		play_fail(c->p, c->line, "not so:%.*s; it is %g", (int)len, from,
			any(c));
	else
		play_fail(c->p, c->line, "not so:%.*s", (int)len, from);
}

static void assign(struct code *c)
{
	struct play_variable *v;
	char name[48];
	bool add;

	if (!get_name(c, name, sizeof(name)))
		return confused(c);
	add = take(c, "+=");
	if (!add && !take(c, "="))
		return confused(c);
	v = variable(c, name, true);
	if (!v)
		return confused(c);
	v->value = (add ? v->value : 0) + any(c);
}

static bool next_statement(struct code *c)
{
	blank(c);
	while (*c->at == ';' || *c->at == '\n') {
		c->line += *c->at == '\n';
		c->at++;
		blank(c);
	}
	return *c->at && !play_over(c->p);
}

void play_code(struct play *p, unsigned line, const char *text)
{
	struct code c = { p, line, text };

	while (next_statement(&c)) {
		if (take(&c, "assert"))
			check(&c);
		else if (take(&c, "print"))
			any(&c);
		else
			assign(&c);
		blank(&c);
		if (*c.at && *c.at != ';' && *c.at != '\n')
			confused(&c);
	}
}
