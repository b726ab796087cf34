/* Talking to a service, and starting one.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "shm/session.h"

#define START_ARGS_MAX 8

/* --- one command ---------------------------------------------------------------- */

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Until the end; closed by zero. */
static int read_all(int fd, char **text, size_t *len)
{
	size_t size = 4096;
	char *buf = malloc(size);

	*len = 0;
	while (buf) {
		ssize_t n = read(fd, buf + *len, size - *len - 1);
		char *more;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			free(buf);
			return -errno;
		}
		*len += (size_t)n;
		buf[*len] = 0;
		if (!n) {
			*text = buf;
			return 0;
		}
		if (size - *len > 1)
			continue;
		size *= 2;
		more = realloc(buf, size);
		if (!more)
			free(buf);
		buf = more;
	}
	return -ENOMEM;
}

int service_command(const struct rundir *d, const char *net, const char *line,
	struct reply *r)
{
	int fd = rundir_connect(d, net);
	int err;

	memset(r, 0, sizeof(*r));
	if (fd < 0)
		return fd;
	err = write_all(fd, line, strlen(line));
	if (!err)
		err = write_all(fd, "\n", 1);
	if (!err)
		err = read_all(fd, &r->text, &r->len);
	close(fd);
	if (err)
		return err;
	r->ok = !strncmp(r->text, "ok\n", 3);
	if (!r->ok && strncmp(r->text, "error: ", 7)) {
		reply_fini(r);
		return -ECONNRESET; /* it ended before it had answered */
	}
	r->body = strchr(r->text, '\n');
	r->body = r->body ? r->body + 1 : r->text + r->len;
	return 0;
}

void reply_fini(struct reply *r)
{
	free(r->text);
	memset(r, 0, sizeof(*r));
}

const char *reply_error(struct reply *r)
{
	char *end = strchr(r->text, '\n');

	if (end)
		*end = 0;
	return r->text + strlen("error: ");
}

int service_order(const struct rundir *d, const char *net, const char *line)
{
	struct reply r;
	int err = service_command(d, net, line, &r);
	bool ok = r.ok;

	if (err == -ENOENT || err == -ECONNREFUSED)
		cli_error("network %s is not up", net);
	else if (err)
		cli_error("network %s: %s", net, strerror(-err));
	else if (!ok)
		cli_error("%s", reply_error(&r));
	reply_fini(&r);
	return !err && ok ? 0 : CLI_FAILED;
}

/* --- joining ------------------------------------------------------------------------ */

int service_join(int fd, const char *host)
{
	struct shm_join j = {
		.magic = SHM_MAGIC,
		.version = SHM_VERSION,
		.flags = SHM_JOIN_HOLD,
	};
	struct shm_welcome w;
	size_t got = 0;
	int err;

	if (strlen(host) >= sizeof(j.host)) {
		close(fd);
		return -ENOENT;
	}
	memcpy(j.host, host, strlen(host));
	err = write_all(fd, (const char *)&j, sizeof(j));
	while (!err && got < sizeof(w)) {
		ssize_t n = read(fd, (char *)&w + got, sizeof(w) - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			err = n < 0 ? -errno : -ECONNRESET;
		else
			got += (size_t)n;
	}
	close(fd);
	return err ? err : w.status;
}

/* --- starting one --------------------------------------------------------------------- */

/* In the child: a daemon of its own session that keeps nothing of ours but the
 * descriptor that tells when it is ready (and the working directory, until the
 * network's file is read). */
static void exec_service(const char *path, const char *const args[], int ready)
{
	const char *argv[START_ARGS_MAX + 4];
	char number[16];
	sigset_t none;
	int n = 0, null;

	setsid();
	/* A second fork: not our child, whoever we become. */
	if (fork() != 0)
		_exit(0);
	/* Out of the way of 0 to 2, which the caller may have closed; without
	 * FD_CLOEXEC. */
	ready = fcntl(ready, F_DUPFD, 4);
	null = open("/dev/null", O_RDWR);
	if (ready < 0 || null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 ||
		dup2(null, 2) < 0)
		_exit(1);
	close_range(3, (unsigned)ready - 1, 0);
	close_range((unsigned)ready + 1, ~0u, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	unsetenv("LD_PRELOAD");
	snprintf(number, sizeof(number), "%d", ready);
	argv[n++] = path;
	for (int i = 0; i < START_ARGS_MAX && args[i]; i++)
		argv[n++] = args[i];
	argv[n++] = "--ready";
	argv[n++] = number;
	argv[n] = NULL;
	execv(path, (char *const *)(uintptr_t)argv);
	dprintf(ready, "error: %s: %s\n", path, strerror(errno));
	_exit(1);
}

/* The line that the service says when it is ready, or why it is not. */
static int read_ready(int fd, char net[SHM_NAME_MAX])
{
	char *line;
	size_t len;
	int err = read_all(fd, &line, &len);

	if (err) {
		cli_error("the service does not start: %s", strerror(-err));
		return -1;
	}
	line[strcspn(line, "\n")] = 0;
	if (!strncmp(line, "ok ", 3)) {
		snprintf(net, SHM_NAME_MAX, "%s", line + 3);
		free(line);
		return 0;
	}
	if (!strncmp(line, "error: ", 7))
		cli_error("%s", line + 7);
	else
		cli_error("the service does not start");
	free(line);
	return -1;
}

int service_start(const char *const args[], char net[SHM_NAME_MAX])
{
	char path[4096];
	int ready[2], err;
	pid_t pid;

	if (!where_service(path, sizeof(path))) {
		cli_error("enchufed is not where it should be (%s)", path);
		return -1;
	}
	if (pipe2(ready, O_CLOEXEC) < 0) {
		cli_error("pipe: %s", strerror(errno));
		return -1;
	}
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		exec_service(path, args, ready[1]);
	close(ready[1]);
	if (pid < 0) {
		cli_error("fork: %s", strerror(errno));
		close(ready[0]);
		return -1;
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	err = read_ready(ready[0], net);
	close(ready[0]);
	return err;
}
