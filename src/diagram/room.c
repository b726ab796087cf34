/* Arrays that grow. SPDX-License-Identifier: BSD-2-Clause */
#include "room.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool room_for_one(void *array, size_t *room, size_t n, size_t size)
{
	void *old, *grown;
	size_t more;

	memcpy(&old, array, sizeof(old));
	if (n == *room) {
		more = *room ? *room * 2 : 16;
		if (more > SIZE_MAX / size)
			return false;
		grown = realloc(old, more * size);
		if (!grown)
			return false;
		old = grown;
		memcpy(array, &grown, sizeof(grown));
		*room = more;
	}
	memset((char *)old + n * size, 0, size);
	return true;
}
