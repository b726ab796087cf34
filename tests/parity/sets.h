/* epoll sets for parity programs. SPDX-License-Identifier: BSD-2-Clause */
#ifndef PARITY_SETS_H
#define PARITY_SETS_H

#include <stdint.h>

/* EPOLL_CTL_ADD and MOD that must succeed; id is the event's data. */
void set_add(int epfd, int fd, uint32_t events, int id);
void set_change(int epfd, int fd, uint32_t events, int id);

/* epoll_wait() for up to max events within ms; prints their number, or the error,
 * and what they are, in the order of their data. */
void say_wait(const char *what, int epfd, int max, int ms);

#endif
