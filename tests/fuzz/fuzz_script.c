/* Any bytes as a packet script: a list of events that keeps its promises, which is also
 * told as text, or a message that names a line. Nothing of it is played.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz_seeds.h"
#include "packet.h"
#include "script.h"

static const char packets[] =
	"--tolerance_usecs=7000\n--mtu=1500\n`sysctl -q net.ipv4.tcp_sack=1`\n"
	"// a comment\n0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
	"+0 setsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=2}, 8) = 0\n"
	"+0 < [ect0, ttl 64] S 0:0(0) win 32792 <mss 1000,sackOK,TS val 1 ecr 0,wscale 7>\n"
	"+0 > S. 0:0(0) ack 1 <...>\n+.1 < P. 1:11(10) ack 1 win 257 urg 3 <sack 2:3 5:9,"
	"nop,eol,FO 0102,FOEXP AA,md5 00>\n0.2~+.3 > [ipopt 94040000] . 1:1(0) ack 11\n"
	"+0 < icmp unreachable frag_needed mtu 1200 [1:1001(1000)]\n"
	"* > udp (10)\n+0 < 5000 > 80: SEWA8 0:0(0) win 1\n";
static const char calls[] =
	"0...0.5 sendmsg(4, {msg_name(...)=..., msg_iov(2)=[{..., 10}, {\"ab\\x41\"..., 3}],"
	" msg_flags=0}, MSG_DONTWAIT|MSG_MORE) = -1 EAGAIN (Resource)\n"
	"+0 poll([{fd=3, events=POLLIN, revents=0}], 1, 0) = 0\n"
	"+0 %{ assert tcpi_snd_cwnd == 10, tcpi_snd_cwnd\nprint(1) }%\n"
	"/* more */ +0 bind(3, {sa_family = AF_INET, sin_port = htons(8080), "
	"sin_addr = inet_addr(\"1.2.3.4\")}, 16) = 0\n+0 `true`\n";

const struct fuzz_seed fuzz_seeds[] = {
	{ packets, sizeof(packets) - 1 },
	{ calls, sizeof(calls) - 1 },
	{ NULL, 0 },
};
const char *const fuzz_words[] = { "0 ", "+0 ", "+.1 ", "* ", "1~2 ", "0...1 ", "< ",
	"> ", "\n", "(", ")", "[", "]", "{", "}", "%{", "}%", "`", "\"", "\\x", "//",
	"/*", "*/", "--", "=", "-1 ", "4294967296", "0x", "18446744073709551616",
	"sack 1:2 3:4 5:6 7:8 9:10", "nop,nop,", "mss 70000", "ipopt 9404", "COOKIE",
	"1e308", ".", ",", "|", NULL };

static void require(int condition)
{
	if (!condition)
		abort();
}

/* One line, without what a terminal obeys. */
static void check_message(const char *text)
{
	require(text[0] != 0);
	for (; *text; text++)
		require((unsigned char)*text >= ' ');
}

static void check_value(const struct script_value *v)
{
	if (v->kind == SCRIPT_STRING || v->kind == SCRIPT_WORD ||
		v->kind == SCRIPT_FIELD || v->kind == SCRIPT_FUNCTION)
		require(v->text != NULL);
	require(v->n == 0 || v->items != NULL);
	for (unsigned k = 0; k < v->n; k++)
		check_value(&v->items[k]);
}

static void check_packet(const struct script_packet *p)
{
	char text[PACKET_TEXT_MAX];

	require(p->noptions <= SCRIPT_TCP_OPTIONS);
	require(p->ip_options_len <= SCRIPT_IP_OPTIONS && p->ip_options_len % 4 == 0);
	for (unsigned k = 0; k < p->noptions; k++) {
		require(p->options[k].nsack <= SCRIPT_SACK_BLOCKS);
		require(p->options[k].cookie_len <= SCRIPT_COOKIE_MAX);
	}
	require(strlen(packet_text(p, text)) < PACKET_TEXT_MAX);
}

/* What can be written is read again, its sizes the same. */
static void check_bytes(const struct script_packet *p)
{
	static uint8_t bytes[PACKET_BYTES_MAX];
	struct packet_names names = { .src = { .port = 1 }, .dst = { .port = 2 } };
	struct script_packet back;
	const char *why = NULL;
	size_t n;

	for (unsigned six = 0; six < 2; six++) {
		names.src.addr.family = names.dst.addr.family = six ? IP_V6 : IP_V4;
		n = packet_encode(p, &names, bytes, &why);
		require(n <= PACKET_BYTES_MAX && (n || why));
		if (n == 0 || p->proto == SCRIPT_ICMP)
			continue;
		if (packet_decode(bytes, n, &back, &names, &why) < 0)
			continue; /* longer than a length can say, or options cut short */
		require(back.len == p->len && back.proto == p->proto);
		require(back.ip_options_len == p->ip_options_len);
	}
}

static void check_event(const struct script_event *e)
{
	require(e->line > 0);
	switch (e->kind) {
	case SCRIPT_CALL:
		require(e->call.name && (e->call.nargs == 0 || e->call.args));
		for (unsigned k = 0; k < e->call.nargs; k++)
			check_value(&e->call.args[k]);
		check_value(&e->call.result);
		break;
	case SCRIPT_PACKET:
		check_packet(&e->packet);
		check_bytes(&e->packet);
		break;
	default:
		require(e->text != NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const list[] = { "COOKIE=0102ff", "MSS=1460" };
	const struct script_defines defines = { list, 2 };
	struct script_error err = { 0 };
	struct script s;
	char line[80];
	int r;

	r = script_parse((const char *)data, len, "x.pkt", &defines, &s, &err);
	if (r < 0) {
		require(r == -EINVAL || r == -ENOMEM);
		check_message(err.text);
		require(!s.events && !s.options);
		return 0;
	}
	require(r == 0);
	for (const struct script_event *e = s.events; e; e = e->next) {
		check_event(e);
		script_line(&s, e->line, line, sizeof(line));
	}
	script_free(&s);
	return 0;
}
