/* Scripts from text to events, and their mistakes.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "script.h"

static struct script s;
static struct script_error err;

static int parse(const char *text)
{
	static const char *const list[] = { "COOKIE=0102ff", "MSS=1460" };
	const struct script_defines defines = { list, 2 };

	return script_parse(text, strlen(text), "test.pkt", &defines, &s, &err);
}

static struct script_event *one(const char *text)
{
	if (parse(text) < 0)
		check_failed("test.pkt", (int)err.line, "%s", err.text);
	return s.events;
}

TEST(times_are_exact)
{
	struct script_event *e = one("0.1 close(3) = 0\n+.000001 close(3) = 0\n"
		"* > . 1:1(0)\n1.5~2 > . 1:1(0)\n+1~+1.5 > . 1:1(0)\n"
		"1...2.25 close(3) = 0\n");

	CHECK_INT(e->when, ==, SCRIPT_AT);
	CHECK_INT(e->from.ns, ==, 100000000);
	e = e->next;
	CHECK_INT(e->when, ==, SCRIPT_AFTER);
	CHECK_INT(e->from.ns, ==, 1000);
	e = e->next;
	CHECK_INT(e->when, ==, SCRIPT_ANY_TIME);
	e = e->next;
	CHECK_INT(e->when, ==, SCRIPT_AT_RANGE);
	CHECK_INT(e->to.ns, ==, 2000000000);
	e = e->next;
	CHECK_INT(e->when, ==, SCRIPT_AFTER_RANGE);
	CHECK_INT(e->to.ns, ==, 1500000000);
	e = e->next;
	CHECK(e->call.blocking);
	CHECK_INT(e->from.ns, ==, 1000000000);
	CHECK_INT(e->call.until.ns, ==, 2250000000);
	script_free(&s);
}

TEST(calls)
{
	struct script_call *c = &one("--tolerance_usecs=7000\n`init`\n"
		"0 sendmsg(4, {msg_name(...)=..., msg_iov(2)=[{..., 10}, "
		"{\"ab\\x41\", 3}], msg_flags=0}, MSG_DONTWAIT|MSG_MORE) "
		"= -1 EAGAIN (Resource temporarily unavailable)\n")->call;
	struct script_value *msg = &c->args[1];

	CHECK_STR(s.options->name, "tolerance_usecs");
	CHECK_STR(s.options->value, "7000");
	CHECK_STR(s.init, "init");
	CHECK_STR(c->name, "sendmsg");
	CHECK_INT(c->nargs, ==, 3);
	CHECK_INT(c->args[0].number, ==, 4);
	CHECK_INT(msg->kind, ==, SCRIPT_STRUCT);
	CHECK_INT(msg->n, ==, 3);
	CHECK_STR(msg->items[1].text, "msg_iov");
	CHECK_INT(msg->items[1].items[1].number, ==, 2);
	CHECK_INT(msg->items[1].items[0].n, ==, 2);
	CHECK_STR(msg->items[1].items[0].items[1].items[0].text, "abA");
	CHECK_INT(c->args[2].kind, ==, SCRIPT_OR);
	CHECK_INT(c->args[2].n, ==, 2);
	CHECK_INT(c->result.number, ==, -1);
	CHECK_STR(c->err, "EAGAIN");
	script_free(&s);
}

TEST(packets)
{
	struct script_packet *p = &one("0 < [ect0] 1234 > 80 SEW 5:105(100) win 99 "
		"<mss MSS,nop,wscale 7,sackOK,TS val 1 ecr 2,FO COOKIE>\n")->packet;

	CHECK(!p->outbound);
	CHECK_INT(p->tos, ==, 2);
	CHECK_INT(p->sport, ==, 1234);
	CHECK_INT(p->dport, ==, 80);
	CHECK_INT(p->flags, ==, 2 | 64 | 128);
	CHECK_INT(p->seq, ==, 5);
	CHECK_INT(p->len, ==, 100);
	CHECK_INT(p->window, ==, 99);
	CHECK_INT(p->noptions, ==, 6);
	CHECK_INT(p->options[0].a, ==, 1460);
	CHECK_INT(p->options[4].b, ==, 2);
	CHECK_INT(p->options[5].cookie_len, ==, 3);
	CHECK_INT(p->options[5].cookie[2], ==, 0xff);
	script_free(&s);
	p = &one("0 < [ect0, ipopt 94040001, ttl 3] S 0:0(0)\n")->packet;
	CHECK_INT(p->ip_options_len, ==, 4);
	CHECK_INT(p->ip_options[3], ==, 1);
	CHECK_INT(p->ttl, ==, 3);
	script_free(&s);
	p = &one("0 > P. 1:11(10) ack 3 <nop,nop,sack 5:6 8:9>\n")->packet;
	CHECK(p->outbound);
	CHECK_INT(p->options[2].nsack, ==, 2);
	CHECK_INT(p->options[2].sack[1].left, ==, 8);
	script_free(&s);
	p = &one("0 < icmp unreachable frag_needed mtu 1200 [1:1461(1460)]\n")->packet;
	CHECK_INT(p->proto, ==, SCRIPT_ICMP);
	CHECK_STR(p->icmp_code, "frag_needed");
	CHECK_INT(p->icmp_mtu, ==, 1200);
	CHECK_INT(p->seq, ==, 1);
	script_free(&s);
}

static const struct {
	const char *text;
	unsigned line;
	const char *says;
} mistakes[] = {
	{ "", 1, "no events" },
	{ "0 close(3)\n", 2, "expected '='" },
	{ "0 close(3 = 0\n", 1, "expected ')'" },
	{ "\n\n0 < S 0:1(0)\n", 3, "not 0 bytes long" },
	{ "0 < Q 0:0(0)\n", 1, "no TCP flag" },
	{ "0 < S 0:0(0) <mss 70000>\n", 1, "not a number from 0 to 65535" },
	{ "0 < S 0:0(0) <color 7>\n", 1, "unknown TCP option" },
	{ "0 < S 0:0(0) <color\n7>\n", 1, "at 'color 7> '" },
	{ "0 < [ipopt 9404] S 0:0(0)\n", 1, "words of four bytes" },
	{ "0 < [ipopt] S 0:0(0)\n", 1, "words of four bytes" },
	{ "0 < S 0:0(0) <...>\n", 1, "packets that go out" },
	{ "* < S 0:0(0)\n", 1, "packets that go out" },
	{ "2~1 > . 1:1(0)\n", 1, "backwards" },
	{ "1...0.5 close(3) = 0\n", 1, "before it begins" },
	{ "/* \n", 2, "a comment without end" },
	{ "0 `echo\n", 2, "without its" },
	{ "0 write(3, \"a\n\", 1) = 1\n", 1, "a string without end" },
	{ "0 write(3, \"\\q\", 1) = 1\n", 1, "unknown escape" },
	{ "`a`\n0 close(3) = 0\n`b`\n0 close(3) = 0\n", 4, "a command without a time" },
	{ "0 < gre: . 1:1(0)\n", 1, "packets inside packets" },
	{ "0 f([[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]) = 0\n", 1, "too deeply" },
};

TEST(mistakes_are_told_with_their_line)
{
	for (size_t k = 0; k < sizeof(mistakes) / sizeof(mistakes[0]); k++) {
		CHECK_INT(parse(mistakes[k].text), ==, -EINVAL);
		if (err.line != mistakes[k].line ||
			!strstr(err.text, mistakes[k].says))
			check_failed(__FILE__, __LINE__, "%s: %u: %s",
				mistakes[k].text, err.line, err.text);
		CHECK(!s.memory);
	}
	CHECK_INT(script_read("/nowhere.pkt", NULL, &s, &err), ==, -ENOENT);
}
