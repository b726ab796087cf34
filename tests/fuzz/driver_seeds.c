/* Runs a fuzz target with seeds without a fuzzer: the files named, or COUNT
 * mutated seeds. usage: fuzz_X [-n COUNT] [FILE...]
 * SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/rng.h"
#include "fuzz_seeds.h"

static uint8_t input[FUZZ_INPUT_MAX];
static size_t input_len;

static void insert(size_t at, const void *data, size_t len)
{
	if (len > FUZZ_INPUT_MAX - input_len)
		return;
	memmove(input + at + len, input + at, input_len - at);
	memcpy(input + at, data, len);
	input_len += len;
}

static void mutate(struct rng *r, unsigned nwords)
{
	size_t at = rng_below(r, (uint32_t)input_len + 1);
	uint8_t byte = (uint8_t)rng_below(r, 256);
	size_t run = 1 + rng_below(r, 16);
	uint8_t copy[16];

	if (run > input_len - at)
		run = input_len - at;
	switch (rng_below(r, 6)) {
	case 0:
		if (at < input_len)
			input[at] = byte;
		break;
	case 1:
		if (at < input_len)
			input[at] ^= (uint8_t)(1u << byte % 8);
		break;
	case 2:
		insert(at, &byte, 1);
		break;
	case 3:
		memmove(input + at, input + at + run, input_len - at - run);
		input_len -= run;
		break;
	case 4:
		memcpy(copy, input + at, run);
		insert(rng_below(r, (uint32_t)input_len + 1), copy, run);
		break;
	default:
		if (nwords) {
			const char *w = fuzz_words[rng_below(r, nwords)];

			insert(at, w, strlen(w));
		}
		break;
	}
}

/* On the heap and of its exact size, so that a sanitizer sees its ends. */
static void run_one(const void *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	if (!copy)
		abort();
	if (len)
		memcpy(copy, data, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static void run_random(unsigned long count)
{
	unsigned nseeds = 0, nwords = 0;
	struct rng r;

	while (fuzz_seeds[nseeds].data)
		nseeds++;
	while (fuzz_words[nwords])
		nwords++;
	rng_init(&r, 1);
	for (unsigned long i = 0; i < count; i++) {
		const struct fuzz_seed *s = &fuzz_seeds[i % nseeds];

		memcpy(input, s->data, s->len);
		input_len = s->len;
		for (uint32_t n = rng_below(&r, 12); n > 0; n--)
			mutate(&r, nwords);
		run_one(input, input_len);
	}
}

static int run_file(const char *path)
{
	FILE *f = fopen(path, "rb");

	if (!f) {
		perror(path);
		return 1;
	}
	input_len = fread(input, 1, sizeof(input), f);
	fclose(f);
	run_one(input, input_len);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long count = 0;
	int opt, failed = 0;

	while ((opt = getopt(argc, argv, "n:")) != -1) {
		if (opt == '?') {
			fprintf(stderr, "usage: %s [-n COUNT] [FILE...]\n", argv[0]);
			return 2;
		}
		count = strtoul(optarg, NULL, 0);
	}
	for (int i = optind; i < argc; i++)
		failed |= run_file(argv[i]);
	run_random(count);
	printf("TAP version 13\n%sok 1 - %d files and %lu mutated seeds\n1..1\n",
		failed ? "not " : "", argc - optind, count);
	return failed;
}
