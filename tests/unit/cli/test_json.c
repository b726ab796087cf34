/* Writing JSON. SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>

#include "check.h"
#include "json.h"

TEST(json_nests)
{
	static const char *const words[] = { "a", "b\"\\\n" };
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	struct json j;

	CHECK(f);
	json_begin(&j, f);
	json_text(&j, "none", NULL);
	json_texts(&j, "words", words, 2);
	json_open(&j, "empty", '[');
	json_close(&j);
	json_open(&j, "list", '[');
	json_open(&j, NULL, '{');
	json_number(&j, "n", -7);
	json_bool(&j, "yes", true);
	json_close(&j);
	json_close(&j);
	json_end(&j);
	fclose(f);
	CHECK_STR(text, "{\n  \"none\": null,\n  \"words\": [\n    \"a\",\n"
		"    \"b\\\"\\\\\\u000a\"\n  ],\n  \"empty\": [],\n  \"list\": [\n"
		"    {\n      \"n\": -7,\n      \"yes\": true\n    }\n  ]\n}\n");
	free(text);
}
