/* The abstract sockets by which the programs of a host reach the service:
 * PREFIX/s (stream: hello, then the service's end of a stand-in, or a forked
 * process that registers) and PREFIX/d (datagrams: doorbells).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_RENDEZVOUS_H
#define SERVICE_RENDEZVOUS_H

#include <stdint.h>

struct host;
struct shm_hello;
struct rendezvous;

struct rendezvous *rendezvous_new(struct host *h, int *err);
/* Closes all far ends too: the programs see HUP. */
void rendezvous_free(struct rendezvous *r);
/* A byte to the program at the other end of port. */
void rendezvous_ring(void *port);
/* Connect to a listener's stand-in and say which embryo it is to adopt. 0 and
 * *port; -EAGAIN its queue is full; -ECONNREFUSED it is gone. */
int rendezvous_attach(struct host *h, uint32_t listener, uint32_t listener_gen,
	uint32_t embryo, uint32_t gen, void **port);
/* The same, of any hello: the connection's descriptor, which is the caller's. */
int rendezvous_call(struct host *h, const struct shm_hello *hello, uint32_t listener,
	uint32_t gen);
/* Close a port that the net has let go. */
void rendezvous_drop(void *port);

#endif
