/* SIGPIPE: to the thread that wrote, pending where it is blocked, not with
 * MSG_NOSIGNAL.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sys/mman.h>
#include <sys/sendfile.h>

#include "sent.h"

static int fd[2];
static pid_t handler_tid;

static void hear(int sig, siginfo_t *info, void *context)
{
	handled++;
	handler_tid = gettid();
	say("code %d, from this process %d, uid mine %d", info->si_code,
		info->si_pid == getpid(), info->si_uid == getuid());
}

static void in_thread(void *argument)
{
	SHOW(send(fd[0], "x", 1, 0));
	say("here: %d", handler_tid == gettid());
}

int main(void)
{
	struct iovec v = { (char *)"x", 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };
	sigset_t pipe_set, pending;
	struct thread t;
	int file = MUST(memfd_create("f", 0));

	stream_pair(AF_INET, fd);
	handle_info(SIGPIPE, hear, 0);
	MUST((int)write(file, "abc", 3));
	MUST((int)lseek(file, 0, SEEK_SET));
	MUST(shutdown(fd[0], SHUT_WR));
	SHOW(send(fd[0], "x", 1, 0));
	SHOW(send(fd[0], "x", 1, MSG_NOSIGNAL));
	SHOW(write(fd[0], "x", 1));
	SHOW(writev(fd[0], &v, 1));
	SHOW(sendmsg(fd[0], &m, 0));
	SHOW(sendmsg(fd[0], &m, MSG_NOSIGNAL));
	SHOW(sendfile(fd[0], file, NULL, 3));
	SHOW(send(fd[0], "x", 0, 0));
	SHOW(send(fd[0], "x", 1, MSG_DONTWAIT));
	say("handled %d", handled);
	thread_start(&t, in_thread, NULL);
	thread_join(&t);
	sigemptyset(&pipe_set);
	sigaddset(&pipe_set, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe_set, NULL);
	SHOW(send(fd[0], "x", 1, 0));
	sigpending(&pending);
	say("pending %d, handled %d", sigismember(&pending, SIGPIPE), handled);
	pthread_sigmask(SIG_UNBLOCK, &pipe_set, NULL);
	say("handled %d", handled);
	signal(SIGPIPE, SIG_IGN);
	SHOW(send(fd[0], "x", 1, 0));
	dgram_pair(AF_INET, fd);
	handle_info(SIGPIPE, hear, 0);
	MUST(shutdown(fd[0], SHUT_WR));
	SHOW(send(fd[0], "x", 1, 0));
	return 0;
}
