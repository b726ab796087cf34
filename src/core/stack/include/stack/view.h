/* What a status display wants to know of a stack. Strings and pointers live
 * during the call. SPDX-License-Identifier: BSD-2-Clause */
#ifndef STACK_VIEW_H
#define STACK_VIEW_H

#include "ip/host.h"
#include "stack/stack.h"

const char *stack_name(const struct stack *s);
void stack_foreach_iface(const struct stack *s,
	void (*fn)(void *user, const struct ip_iface_view *v), void *user);
void stack_foreach_route(const struct stack *s,
	void (*fn)(void *user, const struct ip_route_view *v), void *user);
uint64_t stack_neigh_changes(const struct stack *s);
void stack_foreach_neigh(const struct stack *s,
	void (*fn)(void *user, const struct ip_neigh_view *v), void *user);
void stack_foreach_group(const struct stack *s,
	void (*fn)(void *user, const struct ip_group_view *v), void *user);

#endif
