/* The words of a script: constants of the system's headers by their names.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SCRIPT_WORDS_H
#define SCRIPT_WORDS_H

#include <stdbool.h>
#include <stdint.h>

bool word_value(const char *word, int64_t *out);
int word_errno(const char *word);      /* 0: there is none of that name */
const char *word_of_errno(int number); /* "E?" when it has no name here */

#endif
