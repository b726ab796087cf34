/* A program with a handler for SIGSEGV keeps it; EFAULT is none of its business; and
 * without one it dies of SIGSEGV.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <sys/mman.h>

#include "sent.h"

static sigjmp_buf env;
static void *volatile where;
static int *volatile bad;

static void fault(int sig, siginfo_t *info, void *context)
{
	handled++;
	where = info->si_addr;
	siglongjmp(env, info->si_code > 0 ? 1 : 2);
}

static void crash(void *argument)
{
	signal(SIGSEGV, SIG_DFL);
	stream_socket(AF_INET);
	*bad = 1;
}

static void told(void *argument)
{
	signal(SIGSEGV, SIG_DFL);
	kill(getpid(), SIGSEGV);
	sleep_ms(1000);
}

int main(void)
{
	int fd[2], how;

	bad = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	stream_pair(AF_INET, fd);
	SHOW(send(fd[0], (char *)bad, 4, 0));
	handle_info(SIGSEGV, fault, SA_NODEFER);
	handle_info(SIGBUS, fault, 0);
	SHOW(send(fd[0], (char *)bad, 4, 0));
	say("handled %d", handled);
	for (volatile int k = 0; k < 3; k++) {
		how = sigsetjmp(env, 1);
		if (how == 0)
			*bad = 1;
		say("fault %d, at the place %d", how, where == (void *)bad);
	}
	how = sigsetjmp(env, 1);
	if (how == 0)
		kill(getpid(), SIGSEGV);
	say("sent: %d", how);
	SHOW(recv(fd[0], (char *)bad, 4, MSG_DONTWAIT));
	send_x(fd[1]);
	await(fd[0], POLLIN);
	SHOW(recv(fd[0], (char *)bad, 4, 0));
	child_say_end("crash", child_start(crash, NULL));
	child_say_end("told", child_start(told, NULL));
	return 0;
}
