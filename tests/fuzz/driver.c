/* Runs a fuzz target without a fuzzer: the files and folders named, or COUNT
 * random inputs of a fixed seed. usage: fuzz_X [-n COUNT] [-s SEED] [FILE...]
 * When a random input crashes, -f N runs number N alone.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/rng.h"

enum { INPUT_MAX = 2048 };

static void run_random(uint64_t seed, uint64_t number)
{
	static uint8_t input[INPUT_MAX];
	struct rng r;
	size_t len;

	rng_init(&r, seed ^ number * 0x9e3779b97f4a7c15u);
	len = rng_below(&r, rng_below(&r, 4) ? 256 : INPUT_MAX);
	for (size_t i = 0; i < len; i++)
		input[i] = (uint8_t)rng_next(&r);
	LLVMFuzzerTestOneInput(input, len);
}

static int run_file(const char *path)
{
	static uint8_t input[1 << 20];
	FILE *f = fopen(path, "rb");
	size_t len;

	if (!f) {
		perror(path);
		return 1;
	}
	len = fread(input, 1, sizeof(input), f);
	fclose(f);
	LLVMFuzzerTestOneInput(input, len);
	return 0;
}

static int run_path(const char *path, unsigned *count)
{
	DIR *d = opendir(path);
	struct dirent *e;
	char name[4096];
	int r = 0;

	if (!d) {
		++*count;
		return run_file(path);
	}
	while ((e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
		r |= run_file(name);
		++*count;
	}
	closedir(d);
	return r;
}

int main(int argc, char **argv)
{
	uint64_t count = 0, seed = 1, first = 0;
	unsigned files = 0;
	int opt, failed = 0;

	while ((opt = getopt(argc, argv, "n:s:f:")) != -1) {
		if (opt == '?') {
			fprintf(stderr, "usage: %s [-n COUNT] [-s SEED] "
				"[-f NUMBER] [FILE...]\n", argv[0]);
			return 2;
		}
		if (opt == 'n')
			count = strtoull(optarg, NULL, 0);
		else if (opt == 's')
			seed = strtoull(optarg, NULL, 0);
		else
			first = strtoull(optarg, NULL, 0), count = 1;
	}
	for (; optind < argc; optind++)
		failed |= run_path(argv[optind], &files);
	for (uint64_t i = first; i < first + count; i++)
		run_random(seed, i);
	printf("TAP version 13\n%sok 1 - %u files and %llu random inputs\n1..1\n",
		failed ? "not " : "", files, (unsigned long long)count);
	return failed;
}
