/* Inside the client: what epoll.c (sets) and epwait.c (waiting) share.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_EPOLL_H
#define CLIENT_EPOLL_H

#include "internal.h"

/* What this process alone knows of an epoll; zero is fresh. */
struct epoll_note {
	_Atomic uint32_t fds;	 /* descriptors of it in this process */
	_Atomic uint32_t waiters; /* threads that may sleep on it */
	_Atomic uint32_t nested; /* something watches its descriptor */
	_Atomic uint32_t native; /* registrations that are the kernel's */
	_Atomic uint32_t edges;	 /* of those: edge-triggered or one-shot, ever */
	_Atomic uint32_t asked;	 /* when the kernel was asked last, us */
	_Atomic uint32_t last;	 /* socket that was told of last */
	_Atomic uint32_t turn;	 /* whose, where there is room for one event */
	_Atomic uint32_t gen;	 /* of the set that this is about */
};

struct epoll_note *epoll_note(uint32_t i);

/* A fresh record for a real epoll: its index, 0 when there is none. */
uint32_t epoll_make(int fd);
/* This process has one more number for the set, and holds it. */
void epoll_known(const struct fd_ref *r);
/* epfind.c: what a number is registered for in the real epoll. False: it is not. */
bool epoll_native_of(int epfd, int fd, struct epoll_event *ev);
/* epfind.c: write into the real epoll which record is its. */
void epoll_tag(int fd, uint32_t i, uint32_t gen);

/* High half of the data of our own registrations: no pointer looks like it, and
 * if a program's number does, another is taken (epoll.c, remark). */
#define EPOLL_MARK_HIGH UINT64_C(0xe700000000000000)
#define EPOLL_MARK_MASK UINT64_C(0xffffffff00000000)

/* Our registrations' events: bells and hangups. */
#define EPOLL_BASE (EPOLLIN | EPOLLRDHUP | EPOLLET)
/* With EPOLLOUT a stand-in is ready at once: wakes one more waiter. */
#define EPOLL_KICK (EPOLL_BASE | EPOLLOUT)

/* `queued` was taken down: free it if it was waiting for that. */
void epoll_item_popped(const struct fd_ref *ep, uint32_t i);

/* Another item in the place of i, whose pusher died before it had pushed it. */
void epoll_item_renew(const struct fd_ref *ep, const struct fd_ref *r, uint32_t i);

long epoll_native_ctl(int epfd, int op, int fd, uint32_t events, uint64_t data);
/* A fresh item about r's description: in the kernel's set and in the list of ours,
 * not live yet. 0 and *out; -ENOMEM, the kernel's error. */
struct epoll_item_plan {
	uint32_t sock;	 /* as in struct shm_item */
	uint32_t events; /* asked for */
	uint32_t native; /* of the kernel */
	uint32_t edge;	 /* first watch_next */
	uint64_t data;	 /* the program's */
};
int epoll_item_make(const struct fd_ref *ep, const struct fd_ref *r,
	const struct epoll_item_plan *p, uint32_t *out);
/* Out of its set's list and all else. */
void epoll_drop(struct shm_epoll *ep, uint32_t i);
/* Somebody has taken the real epoll's events. */
void epoll_hear(struct shm_epoll *ep);
/* The real epoll tells of item i. */
void epoll_native_event(const struct fd_ref *ep, uint32_t i, uint32_t events);

/* epnest.c: a set's descriptor in a set; how it is registered; what such ones have
 * to say. */
int epoll_nested_ctl(const struct fd_ref *ep, int op, const struct fd_ref *inner,
	const struct epoll_event *ev);
uint32_t epoll_nested_native(uint32_t events);
bool epoll_nested_ready(const struct fd_ref *ep);
int epoll_collect_nested(const struct fd_ref *ep, struct epoll_event *ev, int max);

/* Wake somebody who may sleep on the set. */
void epoll_kick(const struct fd_ref *ep);

#endif
