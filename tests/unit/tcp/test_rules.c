/* SPDX-License-Identifier: BSD-2-Clause */
#include "tcp/rules.h"

#include <errno.h>
#include <string.h>

#include "check.h"

TEST(defaults_are_linuxs)
{
	struct tcp_rules r;

	tcp_rules_default(&r);
	CHECK_INT(r.timestamps, ==, 1);
	CHECK_INT(r.ecn, ==, 2);
	CHECK_INT(r.fastopen, ==, 1);
	CHECK_INT(r.rmem[2], ==, 6291456);
	CHECK_INT(r.notsent_lowat, ==, UINT32_MAX);
}

TEST(numbers_and_lists_are_set)
{
	struct tcp_rules r;

	tcp_rules_default(&r);
	CHECK_INT(tcp_rules_set(&r, "timestamps", "0"), ==, 0);
	CHECK_INT(r.timestamps, ==, 0);
	CHECK_INT(tcp_rules_set(&r, "fastopen", "0x70403"), ==, 0);
	CHECK_INT(r.fastopen, ==, 0x70403);
	CHECK_INT(tcp_rules_set(&r, "wmem", "4096 262144 4194304"), ==, 0);
	CHECK_INT(r.wmem[1], ==, 262144);
	CHECK_INT(r.wmem[2], ==, 4194304);
	CHECK_INT(tcp_rules_set(&r, "notsent_lowat", "4294967295"), ==, 0);
}

TEST(what_is_no_value_changes_nothing)
{
	static const char *const bad[][2] = { { "timestamps", "" },
		{ "timestamps", "3" }, { "timestamps", "1 1" },
		{ "timestamps", "on" }, { "syn_retries", "0" },
		{ "wmem", "4096 16384" }, { "wmem", "4096 16384 0" },
		{ "rmem", "1 2 3 4" }, { "notsent_lowat", "4294967296" },
		{ "fastopen", "0x" },
		{ "fastopen_key", "00000000-00000000-00000000" },
		{ "fastopen_key", "00000000-00000000-00000000-0000000g" },
		{ "fastopen_key", "00000000-00000000-00000000-00000000," } };
	struct tcp_rules r, before;

	tcp_rules_default(&before);
	r = before;
	for (size_t k = 0; k < sizeof(bad) / sizeof(bad[0]); k++)
		CHECK_INT(tcp_rules_set(&r, bad[k][0], bad[k][1]), ==, -EINVAL);
	CHECK_INT(tcp_rules_set(&r, "no_such", "1"), ==, -ENOENT);
	CHECK(memcmp(&r, &before, sizeof(r)) == 0);
}

TEST(one_key_or_two)
{
	struct tcp_rules r;

	tcp_rules_default(&r);
	CHECK_INT(r.fastopen_keys, ==, 0);
	CHECK_INT(tcp_rules_set(&r, "fastopen_key",
		"a1a1a1a1-b2b2b2b2-c3c3c3c3-01020304"), ==, 0);
	CHECK_INT(r.fastopen_keys, ==, 1);
	CHECK_INT(r.fastopen_key[0][0], ==, 0xa1);
	CHECK_INT(r.fastopen_key[0][12], ==, 4);
	CHECK_INT(tcp_rules_set(&r, "fastopen_key",
		"00000000-00000000-00000000-00000001,"
		"00000000-00000000-00000000-00000002"), ==, 0);
	CHECK_INT(r.fastopen_keys, ==, 2);
	CHECK_INT(r.fastopen_key[1][12], ==, 2);
}
