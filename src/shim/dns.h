/* Inside the shim: names and addresses by DNS, where libc's resolver cannot be led.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_DNS_H
#define SHIM_DNS_H

#include <netdb.h>

#define DNS_ANSWERS_MAX 64

/* An answer to a question about a name. */
struct dns_answer {
	char canonical[NI_MAXHOST];
	char addresses[DNS_ANSWERS_MAX][INET6_ADDRSTRLEN]; /* as text, in order */
	unsigned n;
};

/* The addresses of a family (AF_UNSPEC: both). 0, or EAI_*: EAI_AGAIN also when there
 * is no c-ares on this machine. Takes as long as resolv.conf says. */
int dns_forward(const char *name, int family, struct dns_answer *out);
/* The name of an address. 0 or EAI_*. */
int dns_reverse(const struct sockaddr *sa, socklen_t len, char *name, size_t size);

#endif
