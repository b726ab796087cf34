/* Arrays that grow. SPDX-License-Identifier: BSD-2-Clause */
#ifndef DIAGRAM_ROOM_H
#define DIAGRAM_ROOM_H

#include <stdbool.h>
#include <stddef.h>

/* Room for one more of `size` bytes after n in *array, which has *room; the new one
 * is zeroed. False without memory: nothing has changed then. */
bool room_for_one(void *array, size_t *room, size_t n, size_t size);

#endif
