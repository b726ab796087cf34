/* Places where another's step in between would hurt. A build with -Ddelays=true stays
 * there for a random moment, so that tests get to what is rare otherwise.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHM_DELAY_H
#define SHM_DELAY_H

#include "shm/arena.h"

#define SHM_DELAY_HERE (~0u) /* to shm_arena.relax: not a wait for a lock */

#ifdef ENCH_DELAYS
#define SHM_DELAY(a) ((a)->relax ? (a)->relax(SHM_DELAY_HERE) : (void)0)
#else
#define SHM_DELAY(a) ((void)(a))
#endif

#endif
