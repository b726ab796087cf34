/* Reading a flat JSON object. SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "check.h"
#include "flatjson.h"

TEST(flatjson_members)
{
	static const char text[] = " { \"a\" : \"x\\\"\\\\\\u00e9\\n\", \"n\":-1.5e3,\"t\":true,"
		"\"f\" :false, \"z\": null } ";
	static const struct { const char *name, *text; enum flat_kind kind; } want[] = {
		{ "a", "x\"\\\xc3\xa9 ", FLAT_TEXT }, { "n", "-1.5e3", FLAT_NUMBER },
		{ "t", "", FLAT_TRUE }, { "f", "", FLAT_FALSE }, { "z", "", FLAT_NULL },
	};
	struct flat_reader r = flat_of(text, strlen(text));
	struct flat_value v;

	for (int i = 0; i < 5; i++) {
		CHECK(flat_next(&r, &v));
		CHECK_STR(v.name, want[i].name);
		CHECK_STR(v.text, want[i].text);
		CHECK_INT(v.kind, ==, want[i].kind);
	}
	CHECK(!flat_next(&r, &v));
	CHECK(!r.bad);
}

TEST(flatjson_refuses)
{
	static const char *const bad[] = { "", "[]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1",
		"{\"a\":1,}", "{\"a\":\"x}", "{\"a\":\"\\q\"}", "{\"a\":\"\\u12\"}",
		"{\"a\":{}}", "{\"a\":[1]}", "{\"a\":1} x", "{a:1}", "{\"a\":tru}" };
	struct flat_value v;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct flat_reader r = flat_of(bad[i], strlen(bad[i]));

		while (flat_next(&r, &v))
			;
		CHECK(r.bad);
		CHECK(r.why);
	}
}

TEST(flatjson_cuts_long_strings)
{
	char text[2000];
	struct flat_reader r;
	struct flat_value v;

	memset(text, 'x', sizeof(text));
	memcpy(text, "{\"a\":\"", 6);
	memcpy(text + sizeof(text) - 2, "\"}", 2);
	r = flat_of(text, sizeof(text));
	CHECK(flat_next(&r, &v));
	CHECK_INT(strlen(v.text), ==, FLAT_TEXT_MAX - 1);
	CHECK(!flat_next(&r, &v) && !r.bad);
}
