/* The filters that `ss` sends with its requests: ports, addresses of both families,
 * devices, marks, jumps; and those that are refused. Root: marks.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "diag_talk.h"

#define OP(c, y, n) ((struct inet_diag_bc_op){ (c), (y), (n) })

static struct place at4, at6;
static int nl;

static void ask(const char *what, int family, const void *code, size_t len)
{
	struct diag_ask q = diag_new(family, IPPROTO_TCP);

	diag_append(&q, INET_DIAG_REQ_BYTECODE, code, len);
	say("  %d", diag_dump(nl, what, &q, NULL));
}

static void port(const char *what, int op, int number)
{
	struct inet_diag_bc_op code[2] = { OP((uint8_t)op, 8, 12), OP(0, 0, (uint16_t)number) };

	ask(what, AF_INET, code, sizeof(code));
}

static void ports(void)
{
	int p = place_port(&at4);

	port("source is", INET_DIAG_BC_S_EQ, p);
	port("source is not", INET_DIAG_BC_S_EQ, p ^ 1);
	port("source from", INET_DIAG_BC_S_GE, p);
	port("source from 65535", INET_DIAG_BC_S_GE, 65535);
	port("source to", INET_DIAG_BC_S_LE, p);
	port("source to 1", INET_DIAG_BC_S_LE, 1);
	port("other is", INET_DIAG_BC_D_EQ, p);
	port("other to 0", INET_DIAG_BC_D_LE, 0);
	port("other from 1", INET_DIAG_BC_D_GE, 1);
}

static void host(const char *what, int family, int op, const struct place *p, int bits,
	int number)
{
	struct {
		struct inet_diag_bc_op op;
		uint8_t c[sizeof(struct inet_diag_hostcond) + 16]; /* address behind */
	} code = { 0 };
	struct inet_diag_hostcond c = { .prefix_len = (uint8_t)bits, .port = number };
	size_t address = 0;

	if (p) {
		bool v4 = p->any.sa_family == AF_INET;

		address = v4 ? 4 : 16;
		c.family = (uint8_t)p->any.sa_family;
		memcpy(code.c + sizeof(c), v4 ? (void *)&p->v4.sin_addr : (void *)&p->v6.sin6_addr,
			address);
	}
	memcpy(code.c, &c, sizeof(c));
	address += sizeof(code.op) + sizeof(c);
	code.op = OP((uint8_t)op, (uint8_t)address, (uint16_t)(address + 4));
	ask(what, family, &code, address);
}

static void hosts(void)
{
	struct place net = place_of("127.255.0.0", 0), other = place_of("10.0.0.1", 0);

	host("any address", AF_INET, INET_DIAG_BC_S_COND, NULL, 0, -1);
	host("any address, port", AF_INET, INET_DIAG_BC_S_COND, NULL, 0, place_port(&at4));
	host("source address", AF_INET, INET_DIAG_BC_S_COND, &at4, 32, -1);
	host("8 bits", AF_INET, INET_DIAG_BC_S_COND, &net, 8, -1);
	host("9 bits", AF_INET, INET_DIAG_BC_S_COND, &net, 9, -1);
	host("other address", AF_INET, INET_DIAG_BC_D_COND, &at4, 32, -1);
	host("not it", AF_INET, INET_DIAG_BC_S_COND, &other, 32, -1);
	host("IPv6", AF_INET6, INET_DIAG_BC_S_COND, &at6, 128, -1);
	host("IPv6's of IPv4", AF_INET6, INET_DIAG_BC_S_COND, &at4, 32, -1);
	host("IPv4's of IPv6", AF_INET, INET_DIAG_BC_S_COND, &at6, 128, -1);
	host("too many bits", AF_INET, INET_DIAG_BC_S_COND, &at4, 33, -1);
}

static void others(void)
{
	struct {
		struct inet_diag_bc_op op;
		uint32_t v[2];
	} mark = { OP(INET_DIAG_BC_MARK_COND, 12, 16), { 7, 0xff } },
	  device = { OP(INET_DIAG_BC_DEV_COND, 8, 12), { 0 } };
	struct inet_diag_bc_op yes = OP(INET_DIAG_BC_AUTO, 4, 8),
		nop = OP(INET_DIAG_BC_NOP, 4, 0);
	/* not (port 1): yes jumps over the jump to "no". */
	struct inet_diag_bc_op not[] = { OP(INET_DIAG_BC_S_EQ, 8, 12), OP(0, 0, 1),
		OP(INET_DIAG_BC_JMP, 4, 8) };

	ask("mark", AF_INET, &mark, 12);
	mark.v[0] = 0;
	ask("no mark", AF_INET, &mark, 12);
	ask("no device", AF_INET, &device, 8);
	device.v[0] = 1;
	ask("device", AF_INET, &device, 8);
	ask("port not given", AF_INET, &yes, 4);
	ask("nothing", AF_INET, &nop, 4);
	ask("not", AF_INET, not, sizeof(not));
}

static void wrong(const char *what, struct inet_diag_bc_op a, struct inet_diag_bc_op b,
	size_t len)
{
	struct inet_diag_bc_op code[2] = { a, b };

	ask(what, AF_INET, code, len);
}

static void refused(void)
{
	struct inet_diag_bc_op nop = OP(INET_DIAG_BC_NOP, 4, 0);

	wrong("empty", nop, nop, 0);
	wrong("half", nop, nop, 2);
	wrong("one and a half", nop, nop, 6);
	wrong("unknown", OP(99, 4, 8), nop, 4);
	wrong("no progress", OP(INET_DIAG_BC_NOP, 0, 0), nop, 4);
	wrong("odd", OP(INET_DIAG_BC_NOP, 5, 0), nop, 8);
	wrong("too far", OP(INET_DIAG_BC_AUTO, 4, 12), nop, 4);
	wrong("yes too far", OP(INET_DIAG_BC_AUTO, 12, 8), nop, 4);
	wrong("yes behind the end", OP(INET_DIAG_BC_AUTO, 8, 8), nop, 4);
	wrong("without a port", OP(INET_DIAG_BC_S_EQ, 4, 8), nop, 4);
	wrong("into itself", OP(INET_DIAG_BC_S_EQ, 8, 4), nop, 8);
	wrong("into another", OP(INET_DIAG_BC_JMP, 4, 8), OP(INET_DIAG_BC_S_EQ, 8, 12), 8);
	wrong("address cut", OP(INET_DIAG_BC_S_COND, 8, 12), nop, 8);
}

int main(void)
{
	int on = 1, listeners[2];
	struct place any = loopback(AF_INET, 0);

	nl = MUST(socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG));
	listeners[0] = stream_socket(AF_INET);
	MUST(setsockopt(listeners[0], SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)));
	MUST(bind(listeners[0], &any.any, any.length));
	MUST(listen(listeners[0], 1));
	at4 = own_place(listeners[0]);
	listeners[1] = listener(AF_INET6, 1, &at6);
	ports();
	hosts();
	others();
	refused();
	return 0;
}
