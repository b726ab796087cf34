/* Inside the client: the spin before a sleep.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_SPIN_H
#define CLIENT_SPIN_H

#include <stdbool.h>
#include <stdint.h>

/* text: microseconds, of ENCHUFE_SPIN_US; NULL: default. */
void spin_init(const char *text);
/* Where the other side runs, as far as is known: the processor is not yielded to
 * who does not need it, nor kept from who does. */
enum spin_place { SPIN_ANYWHERE, SPIN_HERE, SPIN_ELSEWHERE };
/* Look again and again, as long as that may pay and the deadline has not come. The
 * caller has just looked. True: found. */
bool spin_until(bool (*found)(void *what), void *what, int64_t deadline,
	enum spin_place other);
/* Leaves word in a fifo (w_cpu, r_cpu) of where we are; and what such a word says. */
uint32_t spin_here(void); /* as such a word */
void spin_tell(_Atomic uint32_t *cpu);
enum spin_place spin_place(_Atomic uint32_t *cpu);

#endif
