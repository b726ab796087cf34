/* The run directory: where it is, whose it must be, names, locks.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "run/rundir.h"

static char folder[] = "/tmp/enchufe-rundir-XXXXXX";
static struct rundir dir;

static void setup(void)
{
	char path[64];

	CHECK(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/run", folder);
	setenv("ENCHUFE_RUNTIME_DIR", path, 1);
}

static void teardown(void)
{
	rmdir(dir.path);
	rmdir(folder);
}

TEST(it_is_made_for_us_alone)
{
	struct stat st;

	setup();
	CHECK_INT(rundir_open(&dir), ==, 0);
	CHECK_INT(stat(dir.path, &st), ==, 0);
	CHECK_INT(st.st_mode & 0777, ==, 0700);
	CHECK_INT(rundir_open(&dir), ==, 0);
	CHECK_INT(chmod(dir.path, 0750), ==, 0);
	CHECK_INT(rundir_open(&dir), ==, -EPERM);
	teardown();
}

TEST(a_link_laid_for_us_is_refused)
{
	setup();
	snprintf(dir.path, sizeof(dir.path), "%s/run", folder);
	CHECK_INT(symlink("/tmp", dir.path), ==, 0);
	CHECK_INT(rundir_open(&dir), ==, -ENOTDIR);
	unlink(dir.path);
	teardown();
}

TEST(xdg_comes_second_and_tmp_last)
{
	char want[64];

	setup();
	unsetenv("ENCHUFE_RUNTIME_DIR");
	setenv("XDG_RUNTIME_DIR", folder, 1);
	CHECK_INT(rundir_open(&dir), ==, 0);
	snprintf(want, sizeof(want), "%s/enchufe", folder);
	CHECK_STR(dir.path, want);
	teardown();
}

TEST(a_path_that_no_socket_takes_is_refused)
{
	char path[200];

	memset(path, 'x', sizeof(path));
	path[0] = '/';
	path[199] = 0;
	setenv("ENCHUFE_RUNTIME_DIR", path, 1);
	CHECK_INT(rundir_open(&dir), ==, -ENAMETOOLONG);
}

TEST(names)
{
	CHECK(rundir_name_ok("lab"));
	CHECK(rundir_name_ok("A-1_b.c"));
	CHECK(!rundir_name_ok(""));
	CHECK(!rundir_name_ok("-x"));
	CHECK(!rundir_name_ok("../x"));
	CHECK(!rundir_name_ok("a/b"));
	CHECK(!rundir_name_ok("a b"));
	CHECK(rundir_name_ok("0123456789012345678901234567890"));
	CHECK(!rundir_name_ok("01234567890123456789012345678901"));
}

TEST(one_holder_of_the_lock)
{
	char path[128];
	int a, b;

	setup();
	CHECK_INT(rundir_open(&dir), ==, 0);
	a = rundir_lock(&dir, "net", true);
	CHECK_INT(a, >=, 0);
	CHECK_INT(rundir_lock(&dir, "net", false), ==, -EWOULDBLOCK);
	b = rundir_lock(&dir, "other", false);
	CHECK_INT(b, >=, 0);
	close(a);
	a = rundir_lock(&dir, "net", false);
	CHECK_INT(a, >=, 0);
	close(a);
	close(b);
	rundir_file(&dir, "net", "lock", path, sizeof(path));
	unlink(path);
	rundir_file(&dir, "other", "lock", path, sizeof(path));
	unlink(path);
	teardown();
}

static void count(void *user, const char *net)
{
	unsigned *n = user;

	CHECK_STR(net, *n ? "b" : "a");
	++*n;
}

TEST(networks_in_order_and_stale_ones_refused)
{
	static const char *const names[] = { "b", "a" };
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	unsigned n = 0;

	setup();
	CHECK_INT(rundir_open(&dir), ==, 0);
	for (int i = 0; i < 2; i++) {
		int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

		rundir_file(&dir, names[i], "sock", sa.sun_path, sizeof(sa.sun_path));
		CHECK_INT(bind(fd, (void *)&sa, sizeof(sa)), ==, 0);
		close(fd);
	}
	CHECK_INT(rundir_foreach(&dir, count, &n), ==, 2);
	CHECK_INT(n, ==, 2);
	CHECK_INT(rundir_connect(&dir, "a"), ==, -ECONNREFUSED);
	CHECK_INT(rundir_connect(&dir, "c"), ==, -ENOENT);
	for (int i = 0; i < 2; i++) {
		rundir_file(&dir, names[i], "sock", sa.sun_path, sizeof(sa.sun_path));
		unlink(sa.sun_path);
	}
	teardown();
}
