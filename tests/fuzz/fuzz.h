/* What a fuzz target is: libFuzzer's entry point. In ordinary builds driver.c
 * calls it with random inputs from a seed, or with the files named.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
