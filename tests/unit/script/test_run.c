/* What a play's verdict is. SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "check.h"
#include "play.h"

#define LISTENER \
	"0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n" \
	"+0 bind(3, ..., ...) = 0\n" \
	"+0 listen(3, 1) = 0\n" \
	"+0 < S 0:0(0) win 1000 <mss 1000>\n"

static enum play_verdict play(const char *text, const char *quiet_usecs)
{
	static struct play p;
	struct script_option quiet = { .name = "quiet_usecs", .value = quiet_usecs };
	struct script_error err;
	enum play_verdict v;
	struct script s;

	CHECK_INT(script_parse(text, strlen(text), "text", NULL, &s, &err), ==, 0);
	memset(&p, 0, sizeof(p));
	p.family = IP_V4;
	p.asked = quiet_usecs ? &quiet : NULL;
	v = play_script(&s, &p);
	script_free(&s);
	return v;
}

TEST(what_comes_after_the_end)
{
	static const char last[] = LISTENER, looked_at[] = LISTENER
		"+0 > S. 0:0(0) ack 1 <mss 1460>\n";

	CHECK_INT(play(last, NULL), ==, PLAY_PASS); /* as packetdrill */
	CHECK_INT(play(last, "0"), ==, PLAY_FAIL);
	CHECK_INT(play(looked_at, "0"), ==, PLAY_PASS);
	CHECK_INT(play(looked_at, "500000"), ==, PLAY_PASS);
	CHECK_INT(play(looked_at, "1500000"), ==, PLAY_FAIL); /* RFC 6298 (2.1) */
}

TEST(what_does_not_come)
{
	CHECK_INT(play(LISTENER "+0 > S. 0:0(0) ack 1 <mss 1460>\n"
		"+.1 > S. 0:0(0) ack 1 <mss 1460>\n", NULL), ==, PLAY_FAIL);
	CHECK_INT(play(LISTENER "+0 > R. 0:0(0) ack 1\n", NULL), ==, PLAY_FAIL);
	CHECK_INT(play("0 listen(3, 1) = 0\n", NULL), !=, PLAY_PASS);
}
