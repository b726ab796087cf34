/* Time as a type, so that an instant is never mistaken for a duration.
 *
 * The core has no clock: every function that needs the time is given it. An
 * instant counts nanoseconds from an origin that only the caller knows (a
 * monotonic clock in the service, zero in a simulation).
 *
 * Sans-IO, inline, no state. SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

struct instant {
	int64_t ns;
};

struct duration {
	int64_t ns;
};

#define INSTANT_NEVER ((struct instant){ INT64_MAX })
#define DURATION_US(n) ((struct duration){ (int64_t)(n) * 1000 })
#define DURATION_MS(n) ((struct duration){ (int64_t)(n) * 1000000 })
#define DURATION_S(n) ((struct duration){ (int64_t)(n) * 1000000000 })

static inline bool instant_is_never(struct instant t)
{
	return t.ns == INT64_MAX;
}

static inline bool instant_before(struct instant a, struct instant b)
{
	return a.ns < b.ns;
}

static inline struct instant instant_min(struct instant a, struct instant b)
{
	return a.ns < b.ns ? a : b;
}

/* "Never" plus anything stays never. */
static inline struct instant instant_add(struct instant t, struct duration d)
{
	if (instant_is_never(t))
		return t;
	return (struct instant){ t.ns + d.ns };
}

/* Time from b to a; negative when a is earlier. */
static inline struct duration instant_sub(struct instant a, struct instant b)
{
	return (struct duration){ a.ns - b.ns };
}

#endif
