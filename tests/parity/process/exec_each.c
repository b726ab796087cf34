/* Each way to turn into another program: it has the sockets that are not to be closed,
 * and what is wrong is told by the right errno.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

extern char **environ;

static char self_name[] = "exec_each", once[] = "again", nobody[] = "none";
static char *words[] = { self_name, once, NULL, NULL };

static void turn(void *way)
{
	char *const *w = words;
	int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	static char path[PATH_MAX];
	char folder[PATH_MAX + 8];
	const char *name;

	path[readlink("/proc/self/exe", path, sizeof(path) - 1)] = 0;
	name = strrchr(path, '/') + 1;
	snprintf(folder, sizeof(folder), "%.*s", (int)(name - 1 - path), path);
	switch ((int)(long)way) {
	case 0: execve(path, w, environ); break;
	case 1: execv(path, w); break;
	case 2: setenv("PATH", folder, 1); execvp(name, w); break;
	case 3: setenv("PATH", folder, 1); execvpe(name, w, environ); break;
	case 4: execveat(AT_FDCWD, path, w, environ, 0); break;
	case 5: execveat(self, "", w, environ, AT_EMPTY_PATH); break;
	case 6: fexecve(self, w, environ); break;
	case 7: execl(path, w[0], w[1], w[2], (char *)NULL); break;
	case 8: execle(path, w[0], w[1], w[2], (char *)NULL, environ); break;
	default: execlp(path, w[0], w[1], w[2], (char *)NULL); break;
	}
	broken("exec: %s", error_name(errno));
}

static int again(const char *number)
{
	int fd = atoi(number);
	char line[] = "I have it\n";

	return write(fd, line, sizeof(line) - 1) > 0 && fcntl(fd + 1, F_GETFD) < 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	static const char *const names[] = { "execve", "execv", "execvp", "execvpe",
		"execveat", "execveat of a number", "fexecve", "execl", "execle",
		"execlp" };
	char number[16], *none[] = { nobody, NULL };
	const char *nowhere = (const char *)8;

	if (argc == 3)
		return again(argv[2]);
	for (long k = 0; k < 10; k++) {
		int fd[2], next;

		stream_pair(k & 1 ? AF_INET6 : AF_INET, fd);
		next = MUST(fcntl(fd[0], F_DUPFD, 50));
		MUST(fcntl(fd[0], F_DUPFD_CLOEXEC, next + 1));
		snprintf(number, sizeof(number), "%d", next);
		words[2] = number;
		child_say_end(names[k], child_start(turn, (void *)k));
		say_recv("it says", fd[1], 0);
		for (int c = 3; c < next + 2; c++)
			close(c);
	}
	SHOW(execve("/no/such/program", none, environ));
	SHOW(execv("/", none));
	SHOW(fexecve(-1, none, environ));
	SHOW(execl("/no/such/program", nobody, (char *)NULL));
	SHOW(execlp("no-such-program", nobody, (char *)NULL));
	SHOW(execlp("", nobody, (char *)NULL));
	SHOW(execvp("no-such-program", none));
	SHOW(execvpe("no-such-program", none, environ));
	setenv("PATH", "/etc/passwd", 1);
	SHOW(execvp("x", none));
	setenv("PATH", "/etc/passwd:/no/such/folder", 1);
	SHOW(execvp("x", none));
	SHOW(execveat(-1, "exe", none, environ, 0));
	SHOW(execveat(AT_FDCWD, "/no/such/program", none, environ, 0));
	SHOW(execveat(0, nowhere, none, environ, AT_EMPTY_PATH));
}
