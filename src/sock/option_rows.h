/* Inside sock: how a line of the options' tables is written.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_OPTION_ROWS_H
#define SOCK_OPTION_ROWS_H

#include "options.h"

#define FIELD(f) offsetof(struct shm_opts, f)

#define BIT(level_, name_, on_, effect_, bit_, doc_) \
	{ level_, name_, #name_, on_, effect_, option_get_bit, option_set_bit, \
		NULL, NULL, bit_, 0, 0, doc_ }
#define U32(level_, name_, on_, effect_, field_, lo_, hi_, doc_) \
	{ level_, name_, #name_, on_, effect_, option_get_u32, option_set_u32, \
		NULL, NULL, FIELD(field_), lo_, hi_, doc_ }
#define U8(level_, name_, on_, effect_, field_, lo_, hi_, doc_) \
	{ level_, name_, #name_, on_, effect_, option_get_u8, option_set_u8, \
		NULL, NULL, FIELD(field_), lo_, hi_, doc_ }
#define INT(level_, name_, on_, effect_, get_, set_, field_, doc_) \
	{ level_, name_, #name_, on_, effect_, get_, set_, NULL, NULL, field_, \
		0, 0, doc_ }
#define RAW(level_, name_, on_, effect_, get_, set_, field_, doc_) \
	{ level_, name_, #name_, on_, effect_, NULL, NULL, get_, set_, field_, \
		0, 0, doc_ }

/* One bit of the words besides `bits`; NOT: set when the option is 0. */
#define BITS_(level_, name_, label_, on_, effect_, word_, bit_, doc_) \
	{ level_, name_, label_, on_, effect_, option_get_##word_, \
		option_set_##word_, NULL, NULL, bit_, 0, 0, doc_ }
#define DBIT(level_, name_, on_, effect_, bit_, doc_) \
	BITS_(level_, name_, #name_, on_, effect_, dgram_bit, bit_, doc_)
#define IPBIT(name_, on_, bit_, doc_) \
	BITS_(IPPROTO_IP, name_, #name_, on_, EFFECT_YES, ip_bit, bit_, doc_)
#define IP6BIT(name_, bit_, doc_) \
	BITS_(IPPROTO_IPV6, name_, #name_, ON_6, EFFECT_YES, ip6_bit, bit_, doc_)
#define ON_6 (ON_STREAM | ON_DGRAM | ON_V6)

#define INT_MAX_ 0x7fffffff

#endif
