/* posix_spawn() and posix_spawnp(): by PATH, by a path from another folder, what is not
 * there or no program; a script without "#!" is the shell's for execvp() alone. The child
 * has the socket. SPDX-License-Identifier: BSD-2-Clause */
#include <spawn.h>
#include <sys/stat.h>

#include "say.h"

static char shell[] = "sh", option[] = "-c", script[] = "echo it has it >&9";
static char *const args[] = { shell, option, script, NULL };

static void show(const char *what, int err, pid_t child, int reader)
{
	if (err) {
		say("%s: %s", what, error_name(err));
		return;
	}
	child_say_end(what, child);
	await(reader, POLLIN);
	say_recv("it says", reader, 0);
}

static void plain(void *name)
{
	execvp(name, args);
	_exit(errno == ENOEXEC ? 99 : 98);
}

static void by_name(int reader)
{
	pid_t child = 0;
	int err;

	MUST(setenv("PATH", "/no/such:/etc/passwd:/bin", 1));
	err = posix_spawnp(&child, "sh", NULL, NULL, args, environ);
	show("by PATH", err, child, reader);
	err = posix_spawnp(&child, "no-such-program", NULL, NULL, args, environ);
	show("nowhere", err, child, reader);
	err = posix_spawnp(&child, "", NULL, NULL, args, environ);
	show("no name", err, child, reader);
	err = posix_spawnp(&child, "/bin/sh", NULL, NULL, args, environ);
	show("by PATH's call, a path", err, child, reader);
	MUST(setenv("PATH", "/etc", 1));
	err = posix_spawnp(&child, "passwd", NULL, NULL, args, environ);
	show("not executable", err, child, reader);
	MUST(unsetenv("PATH"));
	err = posix_spawnp(&child, "sh", NULL, NULL, args, environ);
	show("without PATH", err, child, reader);
}

static void from_folder(int reader)
{
	posix_spawn_file_actions_t actions;
	int root = MUST(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	pid_t child = 0;
	int err;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addchdir_np(&actions, "/bin");
	err = posix_spawn(&child, "./sh", &actions, NULL, args, environ);
	show("from /bin", err, child, reader);
	posix_spawn_file_actions_addfchdir_np(&actions, root);
	err = posix_spawn(&child, "bin/sh", &actions, NULL, args, environ);
	show("from /", err, child, reader);
	posix_spawn_file_actions_addchdir_np(&actions, "/no/such");
	err = posix_spawn(&child, "/bin/sh", &actions, NULL, args, environ);
	show("from nowhere", err, child, reader);
	posix_spawn_file_actions_destroy(&actions);
	close(root);
}

static void no_magic(int reader)
{
	char name[] = "/tmp/spawn_ways.XXXXXX";
	int file = MUST(mkstemp(name)), err;
	pid_t child = 0;

	dprintf(file, "echo it has it too >&9\n");
	MUST(fchmod(file, 0700));
	close(file);
	err = posix_spawn(&child, name, NULL, NULL, args, environ);
	show("no program", err, child, reader);
	err = posix_spawnp(&child, name, NULL, NULL, args, environ);
	show("no program, by PATH's call", err, child, reader);
	show("no program, by execvp()", 0, child_start(plain, name), reader);
	unlink(name);
}

int main(void)
{
	int fd[2];

	stream_pair(AF_INET, fd);
	MUST(dup2(fd[0], 9));
	close(fd[0]);
	by_name(fd[1]);
	from_folder(fd[1]);
	no_magic(fd[1]);
	close(9);
	close(fd[1]);
	return 0;
}
