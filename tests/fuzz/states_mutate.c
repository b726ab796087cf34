/* How libFuzzer changes an input of fuzz_states: whole records come, go, change
 * places, and single bytes of one change. SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "base/rng.h"
#include "states.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
	unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t na, const uint8_t *b,
	size_t nb, uint8_t *out, size_t max, unsigned seed);

static void randomize(struct rng *r, uint8_t *at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		at[i] = (uint8_t)rng_next(r);
}

static uint8_t *record(uint8_t *data, size_t i)
{
	return data + HEADER + i * RECORD;
}

/* A record more at i: a new one, or another's double. */
static void insert(struct rng *r, uint8_t *data, size_t n, size_t i)
{
	uint8_t fresh[RECORD];

	randomize(r, fresh, RECORD);
	if (n && rng_below(r, 2))
		memcpy(fresh, record(data, rng_below(r, (uint32_t)n)), RECORD);
	memmove(record(data, i + 1), record(data, i), (n - i) * RECORD);
	memcpy(record(data, i), fresh, RECORD);
}

static void swap(uint8_t *a, uint8_t *b)
{
	uint8_t t[RECORD];

	memcpy(t, a, RECORD);
	memmove(a, b, RECORD);
	memcpy(b, t, RECORD);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
	unsigned seed)
{
	struct rng r;
	size_t n, i;

	rng_init(&r, seed);
	if (max < HEADER + RECORD)
		return LLVMFuzzerMutate(data, size, max);
	if (size < HEADER) {
		randomize(&r, data + size, HEADER - size);
		size = HEADER;
	}
	n = (size - HEADER) / RECORD;
	i = n ? rng_below(&r, (uint32_t)n) : 0;
	switch (rng_below(&r, 8)) {
	case 0: case 1:
		if (HEADER + (n + 1) * RECORD <= max)
			insert(&r, data, n++, i);
		break;
	case 2:
		if (n)
			memmove(record(data, i), record(data, i + 1),
				(n - i - 1) * RECORD);
		n -= n != 0;
		break;
	case 3:
		if (n)
			swap(record(data, i), record(data,
				rng_below(&r, (uint32_t)n)));
		break;
	case 4:
		data[rng_below(&r, HEADER)] = (uint8_t)rng_next(&r);
		break;
	case 5:
		LLVMFuzzerMutate(data, HEADER + n * RECORD, HEADER + n * RECORD);
		break;
	default:
		if (n)
			record(data, i)[rng_below(&r, RECORD)] =
				(uint8_t)rng_next(&r);
		break;
	}
	return HEADER + n * RECORD;
}

/* The beginning of one, the end of the other. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t na, const uint8_t *b,
	size_t nb, uint8_t *out, size_t max, unsigned seed)
{
	size_t from, to, n;
	struct rng r;

	rng_init(&r, seed);
	if (na < HEADER + RECORD || nb < HEADER + RECORD)
		return 0;
	to = HEADER + rng_below(&r, (uint32_t)((na - HEADER) / RECORD) + 1) * RECORD;
	from = HEADER + rng_below(&r, (uint32_t)((nb - HEADER) / RECORD)) * RECORD;
	to = to < max ? to : max;
	memcpy(out, a, to);
	n = nb - from < max - to ? nb - from : max - to;
	memcpy(out + to, b + from, n);
	return to + n;
}
