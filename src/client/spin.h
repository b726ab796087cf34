/* Inside the client: the spin before a sleep.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_SPIN_H
#define CLIENT_SPIN_H

#include <stdbool.h>
#include <stdint.h>

/* text: microseconds, of ENCHUFE_SPIN_US; NULL: default. */
void spin_init(const char *text);
/* Look again and again, as long as that may pay and the deadline has not come. The
 * caller has just looked. True: found. other: the other side's word, 0 unknown: the
 * processor is not yielded to who does not need it, nor kept from who does. */
bool spin_until(bool (*found)(void *what), void *what, int64_t deadline, uint32_t other);
/* The sleep after a spin_until() that found nothing is over. found: by what that would
 * have found. */
void spin_slept(bool found);
/* Words in a fifo (w_cpu, r_cpu): the processor that we run on, + 1; and whether our
 * waits spin at present. */
#define SPIN_AWAKE 0x80000000u
uint32_t spin_here(void); /* as such a word */
bool spin_elsewhere(uint32_t other); /* known to be on another processor */
void spin_tell(_Atomic uint32_t *word);

#endif
