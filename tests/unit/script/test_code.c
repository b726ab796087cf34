/* Assertions. SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "check.h"
#include "play.h"

static enum play_verdict verdict(const char *code)
{
	static struct play p;

	memset(&p, 0, sizeof(p));
	p.under_test = -1;
	play_code(&p, 1, code);
	return p.verdict;
}

TEST(what_is_so_passes)
{
	static const char *const so[] = {
		"assert 1", "assert 2 + 3 * 4 == 14, 'sum'", "assert not 0 and 1",
		"assert 0 or 2", "assert 5 <= 7 < 9", "assert (6 & 3) == 2",
		"assert 6 | 1 == 7", "assert 1 << 4 == 16", "assert 7 // 2 == 3",
		"assert 7 % 4 == 3", "cwnd = 10; cwnd += 2; assert cwnd == 12",
		"\nx = 3\nassert x == 3, 'x=%d' % x\n", "print(4); assert 1",
		"assert TCP_CA_Open == 0 and TCP_ESTABLISHED == 1",
		"assert 10 == 20 / 2, (1, 2)  # half",
	};

	for (size_t k = 0; k < sizeof(so) / sizeof(so[0]); k++)
		if (verdict(so[k]) != PLAY_PASS)
			check_failed(__FILE__, __LINE__, "%s: %d", so[k], verdict(so[k]));
}

TEST(what_is_not_fails)
{
	CHECK_INT(verdict("assert 0"), ==, PLAY_FAIL);
	CHECK_INT(verdict("assert 1 < 3 < 2, 'no'"), ==, PLAY_FAIL);
	CHECK_INT(verdict("assert 1; assert not 1"), ==, PLAY_FAIL);
}

TEST(what_cannot_be_understood_is_said)
{
	CHECK_INT(verdict("assert tcpi_nothing == 1"), ==, PLAY_UNKNOWN);
	CHECK_INT(verdict("for x in y"), ==, PLAY_UNKNOWN);
	CHECK_INT(verdict("assert 1 1"), ==, PLAY_UNKNOWN);
	CHECK_INT(verdict("assert (1"), ==, PLAY_UNKNOWN);
}
