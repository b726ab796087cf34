/* Is memory that somebody else points to there? Looking may fault; a handler for
 * SIGSEGV and SIGBUS then asks touch_fixup() where to go on, and the look says
 * false. Without such a handler a bad pointer is a crash.
 *
 * Looks at one byte of each page of 4 KiB, the first and the last included: a
 * nanosecond for what is about to be copied anyway. n is greater than 0.
 * touch_write() writes these bytes back as it found them: only where the caller
 * is about to write.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_TOUCH_H
#define BASE_TOUCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool touch_read(const void *p, size_t n);
bool touch_write(void *p, size_t n);

/* The program counter of a fault: where it goes on, or 0, not one of ours. */
uintptr_t touch_fixup(uintptr_t pc);

#endif
