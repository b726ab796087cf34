/* A child in a network namespace of its own, as daemons isolate theirs: by the system
 * call, by clone(), by unshare(). It is there when its maker hears of it, and where it
 * may not be there is no child. The sockets that it has inherited are of the network
 * where they were made: they go on; a new one reaches nobody there. As root:
 * where nobody may make a network there is nothing to see.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>

#include "say.h"

static int fd[2];
static struct place at;
static char stack[65536] __attribute__((aligned(16)));

static int child(void *unused)
{
	int ep = epoll_create1(0), s;
	char byte = 0;

	(void)unused;
	set_add(ep, fd[0], EPOLLIN, 1);
	say_wait("in the child", ep, 8, LIMIT_MS);
	if (read(fd[0], &byte, 1) != 1 || byte != 'a')
		return 1;
	s = socket(AF_INET, SOCK_STREAM, 0);
	say("a call to the others: %s", connect(s, &at.any, at.length) < 0 ?
		"no" : "it is answered");
	return write(fd[0], "ok", 2) == 2 ? 0 : 3;
}

static int moved(void *unused)
{
	MUST(unshare(CLONE_NEWNET));
	return child(unused);
}

/* Is that process in another network than we? */
static bool is_elsewhere(pid_t pid)
{
	char path[64], ours[64] = "", its[64] = "";

	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
	MUST(readlink("/proc/self/ns/net", ours, sizeof(ours) - 1));
	MUST(readlink(path, its, sizeof(its) - 1));
	return strcmp(ours, its) != 0;
}

static void look(const char *what, pid_t pid)
{
	char bytes[2];

	if (pid == 0)
		_exit(child(NULL));
	MUST(pid);
	if (strcmp(what, "unshare()") != 0)
		say("%s: it is elsewhere: %d", what, is_elsewhere(pid));
	send_all(fd[1], "a", 1);
	recv_all(fd[1], bytes, 2);
	child_say_end(what, pid);
}

/* Who may make no more networks gets an error and no child. */
static void refused(void *unused)
{
	int limit, pidfd, next = MUST(dup(fd[0]));

	(void)unused;
	close(next);
	if (unshare(CLONE_NEWUSER) < 0)
		return;
	limit = open("/proc/sys/user/max_net_namespaces", O_WRONLY | O_CLOEXEC);
	if (limit < 0 || write(limit, "0", 1) != 1)
		return;
	SHOW(syscall(SYS_clone, CLONE_NEWNET | SIGCHLD, 0, 0, 0, 0));
	SHOW(syscall(SYS_clone, CLONE_NEWNET | CLONE_PIDFD | SIGCHLD, 0, &pidfd, 0, 0));
	SHOW(clone(child, stack + sizeof(stack), CLONE_NEWNET | SIGCHLD, NULL));
	SHOW(waitpid(-1, NULL, 0));
	close(limit);
	SHOW(dup(fd[0]) == next); /* nothing was left open */
}

static bool may_unshare(void)
{
	int status = 0;
	pid_t pid = MUST(fork());

	if (pid == 0)
		_exit(unshare(CLONE_NEWNET) < 0);
	MUST(waitpid(pid, &status, 0));
	return status == 0;
}

int main(void)
{
	struct {
		uint64_t flags, pidfd, child_tid, parent_tid, signal, stack, size, tls;
	} args = { .flags = CLONE_NEWNET, .signal = SIGCHLD };
	int l;

	if (!may_unshare())
		return 0;
	l = listener(AF_INET, 4, &at);
	stream_pair(AF_INET, fd);
	look("the system call", (pid_t)syscall(SYS_clone, CLONE_NEWNET | SIGCHLD, 0, 0,
		0, 0));
	look("the newer one", (pid_t)syscall(SYS_clone3, &args, sizeof(args)));
	look("clone()", clone(child, stack + sizeof(stack), CLONE_NEWNET | SIGCHLD,
		NULL));
	look("unshare()", clone(moved, stack + sizeof(stack), SIGCHLD, NULL));
	child_say_end("refused", child_start(refused, NULL));
	SHOW(clone(NULL, stack + sizeof(stack), CLONE_NEWNET | SIGCHLD, NULL));
	SHOW(setns(fd[0], CLONE_NEWNET));
	SHOW(syscall(SYS_clone, CLONE_NEWNET | CLONE_FS | CLONE_NEWNS | SIGCHLD, 0, 0, 0, 0));
	close(l);
	return 0;
}
