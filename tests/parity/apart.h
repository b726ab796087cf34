/* Threads and children of parity programs, with bounded waits.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef PARITY_APART_H
#define PARITY_APART_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

/* A thread that runs a function; tid is known when thread_start() returns. */
struct thread {
	pthread_t thread;
	void (*function)(void *argument);
	void *argument;
	_Atomic pid_t tid;
};

void thread_start(struct thread *t, void (*function)(void *), void *argument);

/* Waits for its end; broken if it does not come. */
void thread_join(struct thread *t);

/* Whether it ends within so many milliseconds (it is joined then). */
bool thread_ends(struct thread *t, int ms);

/* A child that runs a function and exits with 0. */
pid_t child_start(void (*function)(void *), void *argument);

/* Waits for its end, prints "WHAT: exit N" or "WHAT: killed by SIGX". */
void child_say_end(const char *what, pid_t child);

/* Waits until that thread or child sleeps in a call, as /proc tells, and has
 * done so for some looks: it waits there for what has not come. */
void await_asleep(pid_t tid);

/* "SIGPIPE". */
const char *signal_name(int signal);

#endif
