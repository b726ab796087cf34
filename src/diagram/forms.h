/* The forms of the picture, a file each. SPDX-License-Identifier: BSD-2-Clause */
#ifndef DIAGRAM_FORMS_H
#define DIAGRAM_FORMS_H

#include <stdio.h>

#include "view.h"

/* 0, or -1 when writing failed. */
int form_text(FILE *f, const struct view *v);

#endif
