/* Classic BPF: checking and running.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "base/bpf.h"

#include <string.h>

enum {
	MEMORY = 16, /* BPF_MEMWORDS */

	/* code: class | ... */
	CLASS = 0x07, LD = 0, LDX = 1, ST = 2, STX = 3, ALU = 4, JMP = 5, RET = 6,
	MISC = 7,
	SIZE = 0x18, W = 0x00, H = 0x08, B = 0x10,
	MODE = 0xe0, IMM = 0x00, ABS = 0x20, IND = 0x40, MEM = 0x60, LEN = 0x80,
	MSH = 0xa0,
	OP = 0xf0, ADD = 0x00, SUB = 0x10, MUL = 0x20, DIV = 0x30, OR = 0x40,
	AND = 0x50, LSH = 0x60, RSH = 0x70, NEG = 0x80, MOD = 0x90, XOR = 0xa0,
	JA = 0x00, JEQ = 0x10, JGT = 0x20, JGE = 0x30, JSET = 0x40,
	X = 0x08, /* the operand is X, not k */
	RET_A = 0x10,
	TAX = 0x00, TXA = 0x80,
};

/* Negative offsets (SKF_*_OFF) and what lies at them. */
#define AD_OFF (-0x1000)
#define NET_OFF (-0x100000)
#define LL_OFF (-0x200000)
enum { AD_PROTOCOL = 0, AD_PKTTYPE = 4, AD_IFINDEX = 8, AD_NLATTR = 12,
	AD_NLATTR_NEST = 16, AD_MARK = 20, AD_QUEUE = 24, AD_HATYPE = 28,
	AD_RXHASH = 32, AD_CPU = 36, AD_ALU_XOR_X = 40, AD_VLAN_TAG = 44,
	AD_VLAN_PRESENT = 48, AD_PAY_OFFSET = 52, AD_RANDOM = 56,
	AD_VLAN_TPID = 60, AD_MAX = 64 };

/* --- checking ---------------------------------------------------------------- */

static bool known_load(uint16_t code)
{
	switch (code) {
	case LD | W | ABS: case LD | H | ABS: case LD | B | ABS:
	case LD | W | IND: case LD | H | IND: case LD | B | IND:
	case LD | IMM: case LD | W | LEN: case LD | MEM:
	case LDX | IMM: case LDX | W | LEN: case LDX | MEM:
	case LDX | B | MSH:
	case ST: case STX:
		return true;
	default:
		return false;
	}
}

static bool known_alu(uint16_t code)
{
	uint16_t op = code & OP;

	if (code & ~(CLASS | OP | X))
		return false;
	return op <= XOR && (op != NEG || !(code & X));
}

static bool known_jump(uint16_t code)
{
	if (code & ~(CLASS | OP | X))
		return false;
	return (code & OP) <= JSET && !((code & OP) == JA && (code & X));
}

static bool known(uint16_t code)
{
	switch (code & CLASS) {
	case ALU:
		return known_alu(code);
	case JMP:
		return known_jump(code);
	case RET:
		return code == RET || code == (RET | RET_A);
	case MISC:
		return code == (MISC | TAX) || code == (MISC | TXA);
	default:
		return known_load(code);
	}
}

/* One instruction with `left` more behind it. */
static bool sound(const struct bpf_insn *i, unsigned left)
{
	uint16_t code = i->code;

	if (!known(code))
		return false;
	switch (code & CLASS) {
	case ALU:
		if (code & X || (code & OP) == NEG)
			return true;
		if ((code & OP) == DIV || (code & OP) == MOD)
			return i->k != 0;
		return ((code & OP) != LSH && (code & OP) != RSH) || i->k < 32;
	case JMP:
		return (code & OP) == JA ? i->k < left : i->jt < left && i->jf < left;
	case ST: case STX:
		return i->k < MEMORY;
	case LD: case LDX:
		if ((code & MODE) == MEM)
			return i->k < MEMORY;
		/* An offset that no packet has, but for SKF_AD_*. */
		if ((code & MODE) == ABS && (int32_t)i->k < 0 &&
			(int32_t)i->k >= AD_OFF)
			return i->k - (uint32_t)AD_OFF < AD_MAX && i->k % 4 == 0;
		return true;
	default:
		return true;
	}
}

/* Linux's check_load_and_stores(): no word is read on a way on which nothing was
 * put there. masks[k]: what is surely there when the k-th is reached. */
static bool memory_is_set(const struct bpf_insn *p, unsigned n)
{
	uint16_t masks[BPF_PROGRAM_MAX], there = 0;

	memset(masks, 0xff, sizeof(masks));
	for (unsigned k = 0; k < n; k++) {
		uint16_t code = p[k].code;

		there &= masks[k];
		if ((code & CLASS) == ST || (code & CLASS) == STX) {
			there |= (uint16_t)(1u << p[k].k);
		} else if (code == (LD | MEM) || code == (LDX | MEM)) {
			if (!(there & 1u << p[k].k))
				return false;
		} else if ((code & CLASS) == JMP) {
			if ((code & OP) == JA) {
				masks[k + 1 + p[k].k] &= there;
			} else {
				masks[k + 1 + p[k].jt] &= there;
				masks[k + 1 + p[k].jf] &= there;
			}
			there = 0xffff;
		}
	}
	return true;
}

bool bpf_check(const struct bpf_insn *p, unsigned n)
{
	if (n == 0 || n > BPF_PROGRAM_MAX)
		return false;
	for (unsigned k = 0; k < n; k++)
		if (!sound(&p[k], n - k - 1))
			return false;
	return (p[n - 1].code & CLASS) == RET && memory_is_set(p, n);
}

/* --- running ------------------------------------------------------------------- */

struct machine {
	uint32_t a, x, m[MEMORY];
	const struct bpf_packet *k;
};

static bool fetch(const struct bpf_packet *k, size_t at, unsigned size, uint32_t *v)
{
	if (at > k->len || k->len - at < size)
		return false;
	*v = 0;
	for (unsigned s = 0; s < k->nspans && size > 0; s++) {
		const uint8_t *b = k->spans[s].base;

		while (at < k->spans[s].len && size > 0) {
			*v = *v << 8 | b[at++];
			size--;
		}
		at = size ? at - k->spans[s].len : at;
	}
	return size == 0;
}

/* SKF_AD_*; false: not there. */
static bool ask(struct machine *m, uint32_t what)
{
	const struct bpf_meta *t = &m->k->meta;

	switch (what) {
	case AD_PROTOCOL:
		m->a = t->protocol;
		return true;
	case AD_PKTTYPE:
		m->a = t->pkttype;
		return true;
	case AD_IFINDEX:
		m->a = t->ifindex;
		return t->ifindex != 0;
	case AD_HATYPE:
		m->a = t->hatype;
		return t->ifindex != 0;
	case AD_MARK:
		m->a = t->mark;
		return true;
	case AD_CPU:
		m->a = t->cpu;
		return true;
	case AD_ALU_XOR_X:
		m->a ^= m->x;
		return true;
	case AD_PAY_OFFSET:
		m->a = t->payload_at;
		return true;
	case AD_RANDOM:
		m->a = t->random;
		return true;
	case AD_QUEUE: case AD_RXHASH: case AD_VLAN_TAG: case AD_VLAN_PRESENT:
	case AD_VLAN_TPID: case AD_NLATTR: case AD_NLATTR_NEST:
		m->a = 0; /* there are no queues, tags, attributes */
		return true;
	default:
		return false;
	}
}

static bool load(struct machine *m, int64_t off, unsigned size, bool absolute)
{
	const struct bpf_packet *k = m->k;

	if (off >= 0)
		return off <= UINT32_MAX && fetch(k, k->data + (size_t)off, size,
			&m->a);
	if (off >= AD_OFF)
		return absolute && ask(m, (uint32_t)(off - AD_OFF));
	if (off >= NET_OFF)
		return fetch(k, k->net + (size_t)(off - NET_OFF), size, &m->a);
	return off >= LL_OFF && fetch(k, (size_t)(off - LL_OFF), size, &m->a);
}

static unsigned size_of(uint16_t code)
{
	return (code & SIZE) == W ? 4 : (code & SIZE) == H ? 2 : 1;
}

/* LD and LDX; false: the packet ends before, and with it the program. */
static bool step_load(struct machine *m, const struct bpf_insn *i)
{
	const struct bpf_packet *k = m->k;
	bool to_x = (i->code & CLASS) == LDX;
	uint32_t v = 0;

	switch (i->code & MODE) {
	case IMM:
		v = i->k;
		break;
	case LEN:
		v = (uint32_t)(k->len - k->data);
		break;
	case MEM:
		v = m->m[i->k % MEMORY];
		break;
	case ABS:
		return load(m, (int32_t)i->k, size_of(i->code), true);
	case IND: /* Linux: the sum as it is, of 32 bits */
		return load(m, (int32_t)(m->x + i->k), size_of(i->code), false);
	case MSH: /* an IPv4 header's length */
		if (!fetch(k, k->data + i->k, 1, &v))
			return false;
		v = (v & 0xf) * 4;
		break;
	default:
		return false;
	}
	if (to_x)
		m->x = v;
	else
		m->a = v;
	return true;
}

/* False: division by zero. */
static bool step_alu(struct machine *m, const struct bpf_insn *i)
{
	uint32_t v = i->code & X ? m->x : i->k;

	switch (i->code & OP) {
	case ADD: m->a += v; break;
	case SUB: m->a -= v; break;
	case MUL: m->a *= v; break;
	case DIV:
	case MOD:
		if (v == 0)
			return false;
		m->a = (i->code & OP) == DIV ? m->a / v : m->a % v;
		break;
	case OR: m->a |= v; break;
	case AND: m->a &= v; break;
	case XOR: m->a ^= v; break;
	case LSH: m->a <<= v & 31; break;
	case RSH: m->a >>= v & 31; break;
	case NEG: m->a = -m->a; break;
	default: return false;
	}
	return true;
}

static unsigned step_jump(const struct machine *m, const struct bpf_insn *i)
{
	uint32_t v = i->code & X ? m->x : i->k;
	bool yes = false;

	switch (i->code & OP) {
	case JA: /* a longer way than there is: past the end */
		return i->k < BPF_PROGRAM_MAX ? i->k : BPF_PROGRAM_MAX;
	case JEQ: yes = m->a == v; break;
	case JGT: yes = m->a > v; break;
	case JGE: yes = m->a >= v; break;
	case JSET: yes = m->a & v; break;
	default: break;
	}
	return yes ? i->jt : i->jf;
}

uint32_t bpf_run(const struct bpf_insn *p, unsigned n, const struct bpf_packet *k)
{
	struct machine m = { .k = k };

	for (unsigned pc = 0; pc < n; pc++) {
		struct bpf_insn i;

		memcpy(&i, &p[pc], sizeof(i)); /* once: others may write there */
		switch (i.code & CLASS) {
		case LD: case LDX:
			if (!step_load(&m, &i))
				return 0;
			break;
		case ST: m.m[i.k % MEMORY] = m.a; break;
		case STX: m.m[i.k % MEMORY] = m.x; break;
		case ALU:
			if (!step_alu(&m, &i))
				return 0;
			break;
		case JMP: pc += step_jump(&m, &i); break;
		case RET: return i.code & RET_A ? m.a : i.k;
		default:
			if (i.code & TXA)
				m.a = m.x;
			else
				m.x = m.a;
		}
	}
	return 0; /* a program of others' making: it has no end */
}
