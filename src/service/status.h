/* The network as it is now, for people and for programs.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_STATUS_H
#define SERVICE_STATUS_H

#include "service.h"
#include "text.h"

void status_text(struct service *svc, struct text *t);
/* One JSON object. */
void status_json(struct service *svc, struct text *t);

#endif
