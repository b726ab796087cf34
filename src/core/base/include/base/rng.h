/* Randomness as an argument: a small seeded generator (xoshiro256**) for
 * simulations, impairments and back-off, and SipHash-2-4 for what an attacker
 * must not guess (initial sequence numbers, port choice, hash tables).
 * Same seed, same numbers, on every machine.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

struct rng {
	uint64_t s[4];
};

struct siphash_key {
	uint64_t k[2];
};

void rng_init(struct rng *r, uint64_t seed);
uint64_t rng_next(struct rng *r);
/* Uniform in [0, below); below > 0. */
uint32_t rng_below(struct rng *r, uint32_t below);
/* Uniform in [0, 1). */
double rng_unit(struct rng *r);

uint64_t siphash24(const struct siphash_key *key, const void *data, size_t len);

#endif
