/* The filters of inet_diag: a program of comparisons and jumps forward, which `ss`
 * makes of its expressions. It is looked through before it is run: no operation reaches
 * past the end, every jump goes on to one that begins there, so it comes to an end.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>

#include "sockdiag.h"

#define OP sizeof(struct inet_diag_bc_op)

static struct inet_diag_bc_op op_at(const uint8_t *code, size_t at)
{
	struct inet_diag_bc_op op;

	memcpy(&op, code + at, sizeof(op));
	return op;
}

static uint32_t word_at(const uint8_t *code, size_t at)
{
	uint32_t v;

	memcpy(&v, code + at, sizeof(v));
	return v;
}

/* --- looking through ------------------------------------------------------------------ */

/* Bytes of an address condition with its address; 0: it cannot be right. */
static size_t host_size(const uint8_t *code, size_t at, size_t len)
{
	size_t size = OP + sizeof(struct inet_diag_hostcond), address;
	struct inet_diag_hostcond c;

	if (len - at < size)
		return 0;
	memcpy(&c, code + at + OP, sizeof(c));
	switch (c.family) {
	case AF_UNSPEC:
		address = 0;
		break;
	case AF_INET:
		address = 4;
		break;
	case AF_INET6:
		address = 16;
		break;
	default:
		return 0;
	}
	return c.prefix_len <= 8 * address && len - at >= size + address ?
		size + address : 0;
}

/* Bytes of an operation with what belongs to it; 0: unknown, or cut. */
static size_t op_size(const uint8_t *code, size_t at, size_t len)
{
	size_t size = OP;

	switch (op_at(code, at).code) {
	case INET_DIAG_BC_S_COND:
	case INET_DIAG_BC_D_COND:
		return host_size(code, at, len);
	case INET_DIAG_BC_S_GE:
	case INET_DIAG_BC_S_LE:
	case INET_DIAG_BC_S_EQ:
	case INET_DIAG_BC_D_GE:
	case INET_DIAG_BC_D_LE:
	case INET_DIAG_BC_D_EQ:
		size += OP;
		break;
	case INET_DIAG_BC_DEV_COND:
		size += sizeof(uint32_t);
		break;
	case INET_DIAG_BC_MARK_COND:
		size += sizeof(struct inet_diag_markcond);
		break;
	case INET_DIAG_BC_CGROUP_COND:
		size += sizeof(uint64_t);
		break;
	case INET_DIAG_BC_AUTO:
	case INET_DIAG_BC_JMP:
	case INET_DIAG_BC_NOP:
		break;
	default:
		return 0;
	}
	return len - at >= size ? size : 0;
}

/* Does an operation begin there, by the way of "yes"? */
static bool begins(const uint8_t *code, size_t len, size_t target)
{
	size_t at = 0;

	while (at < target && len - at >= OP) {
		struct inet_diag_bc_op op = op_at(code, at);

		if (op.yes < OP || op.yes & 3 || op.yes > len - at)
			return false;
		at += op.yes;
	}
	return at == target;
}

/* Linux: to 4 bytes behind the end is "no". */
static bool jump_right(size_t jump, size_t size, size_t left)
{
	return jump >= size && jump <= left + 4 && !(jump & 3);
}

int sockdiag_code_audit(const void *program, size_t len, bool admin)
{
	const uint8_t *code = program;
	size_t at = 0;

	if (len < OP)
		return -EINVAL;
	while (at < len) {
		struct inet_diag_bc_op op;
		size_t size;

		if (len - at < OP)
			return -EINVAL;
		op = op_at(code, at);
		if (op.code == INET_DIAG_BC_MARK_COND && !admin)
			return -EPERM;
		size = op_size(code, at, len);
		if (size == 0 || !jump_right(op.yes, size, len - at))
			return -EINVAL;
		if (op.code != INET_DIAG_BC_NOP && (!jump_right(op.no, size, len - at) ||
			(op.no < len - at && !begins(code, len, at + op.no))))
			return -EINVAL;
		if (op.yes > len - at)
			return -EINVAL; /* "yes" must not end as "no" */
		at += op.yes;
	}
	return 0;
}

/* --- running ---------------------------------------------------------------------------- */

static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned bytes = bits / 8, rest = bits % 8;

	if (memcmp(a, b, bytes) != 0)
		return false;
	return rest == 0 || ((a[bytes] ^ b[bytes]) & (0xff << (8 - rest)) & 0xff) == 0;
}

static bool host_matches(const struct sockdiag_entry *e, const uint8_t *code, size_t at,
	bool source)
{
	static const uint8_t mapped[12] = { [10] = 0xff, 0xff };
	const struct inet_diag_sockid *id = &e->m->id;
	const uint8_t *own = (const uint8_t *)(source ? id->idiag_src : id->idiag_dst);
	const uint8_t *wanted = code + at + OP + sizeof(struct inet_diag_hostcond);
	struct inet_diag_hostcond c;

	memcpy(&c, code + at + OP, sizeof(c));
	if (c.port != -1 && c.port != ntohs(source ? id->idiag_sport : id->idiag_dport))
		return false;
	if (c.family != AF_UNSPEC && c.family != e->m->idiag_family)
		return e->m->idiag_family == AF_INET6 && c.family == AF_INET &&
			memcmp(own, mapped, sizeof(mapped)) == 0 &&
			same_bits(own + sizeof(mapped), wanted, c.prefix_len);
	return same_bits(own, wanted, c.prefix_len);
}

static bool matches(const struct sockdiag_entry *e, const uint8_t *code, size_t at)
{
	uint16_t sport = ntohs(e->m->id.idiag_sport), dport = ntohs(e->m->id.idiag_dport);
	uint8_t what = op_at(code, at).code;

	switch (what) {
	case INET_DIAG_BC_JMP:
		return false;
	case INET_DIAG_BC_S_EQ:
		return sport == op_at(code, at + OP).no;
	case INET_DIAG_BC_S_GE:
		return sport >= op_at(code, at + OP).no;
	case INET_DIAG_BC_S_LE:
		return sport <= op_at(code, at + OP).no;
	case INET_DIAG_BC_D_EQ:
		return dport == op_at(code, at + OP).no;
	case INET_DIAG_BC_D_GE:
		return dport >= op_at(code, at + OP).no;
	case INET_DIAG_BC_D_LE:
		return dport <= op_at(code, at + OP).no;
	case INET_DIAG_BC_AUTO:
		return !e->port_given;
	case INET_DIAG_BC_S_COND:
	case INET_DIAG_BC_D_COND:
		return host_matches(e, code, at, what == INET_DIAG_BC_S_COND);
	case INET_DIAG_BC_DEV_COND:
		return word_at(code, at + OP) == e->m->id.idiag_if;
	case INET_DIAG_BC_MARK_COND:
		return (e->mark & word_at(code, at + OP + 4)) == word_at(code, at + OP);
	case INET_DIAG_BC_CGROUP_COND:
		return false; /* no socket of ours is in one */
	default:
		return true;
	}
}

bool sockdiag_code_run(const void *program, size_t len, const struct sockdiag_entry *e)
{
	const uint8_t *code = program;
	size_t at = 0;

	while (at < len) {
		struct inet_diag_bc_op op = op_at(code, at);

		at += matches(e, code, at) ? op.yes : op.no;
	}
	return at == len;
}
