/* Cancellation that is off, asynchronous, or pending before the call.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

static int fd[2];
static volatile int step;

static void *off(void *tid)
{
	char b[8];

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	__atomic_store_n((pid_t *)tid, gettid(), __ATOMIC_RELEASE);
	SHOW(recv(fd[0], b, 8, 0));
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	pthread_testcancel();
	say("not reached");
	return NULL;
}

static void *pending(void *tid)
{
	char b[8];

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	__atomic_store_n((pid_t *)tid, gettid(), __ATOMIC_RELEASE);
	while (step == 0)
		sleep_ms(1);
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	recv(fd[0], b, 8, 0);
	say("not reached either");
	return NULL;
}

static void *asynchronous(void *tid)
{
	char b[4096];
	int old;

	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
	say("was deferred: %d", old == PTHREAD_CANCEL_DEFERRED);
	__atomic_store_n((pid_t *)tid, gettid(), __ATOMIC_RELEASE);
	for (;;) {
		send(fd[0], b, sizeof(b), MSG_DONTWAIT);
		recv(fd[0], b, sizeof(b), MSG_DONTWAIT);
	}
	return NULL;
}

static void run(const char *what, void *(*f)(void *))
{
	pid_t tid = 0;
	pthread_t t;
	void *end;

	pthread_create(&t, NULL, f, &tid);
	while (!__atomic_load_n(&tid, __ATOMIC_ACQUIRE))
		sleep_ms(1);
	if (f == off)
		await_asleep(tid);
	else
		sleep_ms(5);
	pthread_cancel(t);
	if (f == off) {
		sleep_ms(20);
		send_x(fd[1]);
	}
	step = 1;
	pthread_join(t, &end);
	say("%s: cancelled %d", what, end == PTHREAD_CANCELED);
}

int main(void)
{
	char b[8];

	stream_pair(AF_INET, fd);
	run("off", off);
	run("pending", pending);
	for (int k = 0; k < 20; k++)
		run("asynchronous", asynchronous);
	drain(fd[1]);
	send_all(fd[1], "abc", 3);
	SHOW(recv(fd[0], b, 8, 0));
	send_all(fd[0], "abc", 3);
	SHOW(recv(settled(fd[1]), b, 8, MSG_WAITALL | MSG_DONTWAIT));
	return 0;
}
