/* pthread_cancel of a thread that sleeps in a call: it ends there, its clean-up
 * handlers run, and the sockets are as before.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

static int fd[2], l, ep, which;
static struct pollfd p;

static void clean_up(void *name)
{
	say("cleaned up after %s", (const char *)name);
}

static const char *const names[] = { "recv", "accept", "poll", "select", "epoll_wait",
	"recvmsg", "send", "read" };

static void call(void)
{
	static char big[64 << 20];
	struct iovec v = { big, 8 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };
	struct epoll_event ev;
	fd_set r;

	FD_ZERO(&r);
	FD_SET(fd[0], &r);
	switch (which) {
	case 0:
		recv(fd[0], big, 8, 0);
		break;
	case 1:
		accept(l, NULL, NULL);
		break;
	case 2:
		poll(&p, 1, -1);
		break;
	case 3:
		select(FD_SETSIZE, &r, NULL, NULL, NULL);
		break;
	case 4:
		epoll_wait(ep, &ev, 1, -1);
		break;
	case 5:
		recvmsg(fd[0], &m, 0);
		break;
	case 6:
		send(fd[0], big, sizeof(big), 0);
		break;
	case 7:
		(void)!read(fd[0], big, 8);
		break;
	}
}

static void *victim(void *tid)
{
	pthread_cleanup_push(clean_up, (void *)names[which]);
	__atomic_store_n((pid_t *)tid, gettid(), __ATOMIC_RELEASE);
	call();
	say("came back from %s", names[which]);
	pthread_cleanup_pop(0);
	return NULL;
}

int main(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	pthread_t t;
	pid_t tid;
	void *end;
	char b[8];

	stream_pair(AF_INET, fd);
	l = listener(AF_INET, 5, NULL);
	p = (struct pollfd){ .fd = fd[0], .events = POLLIN };
	ep = MUST(epoll_create1(0));
	MUST(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &ev));
	for (which = 0; which < 8; which++) {
		tid = 0;
		pthread_create(&t, NULL, victim, &tid);
		while (!__atomic_load_n(&tid, __ATOMIC_ACQUIRE))
			sleep_ms(1);
		await_asleep(tid);
		pthread_cancel(t);
		pthread_join(t, &end);
		say("%s: cancelled %d", names[which], end == PTHREAD_CANCELED);
	}
	drain(fd[1]);
	send_all(fd[1], "abc", 3);
	SHOW(epoll_wait(ep, &ev, 1, LIMIT_MS));
	SHOW(poll(&p, 1, LIMIT_MS));
	SHOW(recv(fd[0], b, 8, 0));
	send_all(fd[0], "abcd", 4);
	SHOW(recv(fd[1], b, 8, 0));
	return 0;
}
