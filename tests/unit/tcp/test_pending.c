/* SPDX-License-Identifier: BSD-2-Clause */
#include "pending.h"

#include "check.h"
#include "host.h"

TEST(kept_while_something_is_pending)
{
	struct tcp t = { 0 };
	struct pending *a, *b;

	list_init(&t.pending);
	CHECK(pending_find(&t, 5) == NULL);
	a = pending_make(&t, 5);
	b = pending_make(&t, 6);
	CHECK(a != NULL && b != NULL && a != b);
	CHECK(pending_make(&t, 5) == a);
	CHECK(pending_find(&t, 6) == b);
	CHECK(list_is_empty(&a->resets));
	a->requests = 1;
	b->opened = 1;
	pending_fell(a);
	pending_fell(b);
	CHECK(pending_find(&t, 5) == a && pending_find(&t, 6) == b);
	a->requests = 0;
	pending_fell(a);
	CHECK(pending_find(&t, 5) == NULL && pending_find(&t, 6) == b);
	b->opened = 0;
	pending_fell(b);
	CHECK(list_is_empty(&t.pending));
}
