/* The picture's own words, in the language that it is wished in. What is a term of the
 * field (states, flags, names of calls) is the same in each.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef DIAGRAM_WORDS_H
#define DIAGRAM_WORDS_H

#include "diagram/diagram.h"

/* Both may be formats, of the same arguments in the same order. */
__attribute__((format_arg(2), format_arg(3)))
static inline const char *words(enum diagram_lang lang, const char *en, const char *es)
{
	return lang == DIAGRAM_ES ? es : en;
}

#endif
