/* Growing text, and JSON's quoting. SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "check.h"
#include "text.h"

TEST(text_grows)
{
	struct text t = TEXT_INIT;

	for (int i = 0; i < 1000; i++)
		text_add(&t, "%03d,", i);
	CHECK_INT(t.len, ==, 4000);
	CHECK_INT(strlen(t.data), ==, 4000);
	CHECK_MEM(t.data + 3996, "999,", 4);
	text_fini(&t);
	CHECK(!t.data);
}

TEST(json_is_quoted)
{
	struct text t = TEXT_INIT;

	text_add_json(&t, "a\"b\\c\n\x01 ñ");
	CHECK_STR(t.data, "\"a\\\"b\\\\c\\u000a\\u0001 ñ\"");
	text_fini(&t);
}

TEST(commas_stand_between)
{
	struct text t = TEXT_INIT;

	text_add(&t, "[");
	for (int i = 0; i < 3; i++) {
		text_next(&t);
		text_add(&t, "%d", i);
	}
	text_add(&t, "]");
	CHECK_STR(t.data, "[0,\n1,\n2]");
	text_fini(&t);
}
