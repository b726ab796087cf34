/* SPDX-License-Identifier: BSD-2-Clause */
#include "gather.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static char folder[] = "/tmp/gather-XXXXXX";

static void make(const char *name)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "we");
	CHECK(f);
	fclose(f);
}

static void drop(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	CHECK_INT(remove(path), ==, 0);
}

static bool is(const char *got, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return strcmp(got, path) == 0;
}

TEST(a_folder_is_its_scripts_in_order)
{
	struct gathered g = { 0 };
	char below[64];

	CHECK(mkdtemp(folder));
	snprintf(below, sizeof(below), "%s/b", folder);
	CHECK_INT(mkdir(below, 0700), ==, 0);
	make("c.pkt");
	make("a.pkt");
	make("b/z.pkt");
	make("notes.txt");
	make(".hidden.pkt");
	CHECK_INT(gather(&g, folder), ==, 0);
	CHECK_INT(g.n, ==, 3);
	CHECK(is(g.path[0], "a.pkt"));
	CHECK(is(g.path[1], "b/z.pkt"));
	CHECK(is(g.path[2], "c.pkt"));
	gather_free(&g);
	drop("c.pkt");
	drop("a.pkt");
	drop("b/z.pkt");
	drop("notes.txt");
	drop(".hidden.pkt");
	drop("b");
	CHECK_INT(rmdir(folder), ==, 0);
}

TEST(what_is_named_is_taken_whatever_its_name)
{
	struct gathered g = { 0 };

	CHECK_INT(gather(&g, "/dev/null"), ==, 0);
	CHECK_INT(g.n, ==, 1);
	CHECK_STR(g.path[0], "/dev/null");
	CHECK_INT(gather(&g, "/nobody/has/this"), ==, -ENOENT);
	CHECK_INT(g.n, ==, 1);
	gather_free(&g);
	CHECK_INT(g.n, ==, 0);
}
