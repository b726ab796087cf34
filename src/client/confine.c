/* Programs that give up their right to most system calls (seccomp), as sshd's half
 * before login does: a call of ours that their filter does not know would be their
 * death. So, before the filter comes, the process registers and looks at its
 * descriptors; and if the filter forbids what we use otherwise, we make do with
 * the calls that a program needs for talking on a socket at all:
 *
 *	read, write, ppoll, nanosleep, getpid
 *
 * What then is missing: no spin before a sleep, no descriptor recognised that came
 * by unknown ways, no child after a fork, datagrams' bells.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>

#include "internal.h"

#define PROBED 1024 /* descriptor numbers; who confines himself has few */

#if defined(__x86_64__)
#define OWN_ARCH AUDIT_ARCH_X86_64
#else
#define OWN_ARCH AUDIT_ARCH_AARCH64
#endif

static _Atomic uint32_t confined;
static bool all_restart;

bool client_is_confined(void)
{
	return atomic_get_relaxed(&confined);
}

bool confined_all_restart(void)
{
	return all_restart;
}

void client_settle(void)
{
	struct fd_ref r;
	int err;

	if (!client_configured() || client_is_confined())
		return;
	if (client_attached())
		client_enter();
	for (int fd = 0; fd < PROBED; fd++)
		fd_lookup(fd, &r, &err);
}

/* --- what a filter says ---------------------------------------------------------- */

static bool jumps(const struct sock_filter *f, uint32_t a, uint32_t x)
{
	uint32_t k = BPF_SRC(f->code) == BPF_X ? x : f->k;

	switch (BPF_OP(f->code)) {
	case BPF_JEQ:
		return a == k;
	case BPF_JGT:
		return a > k;
	case BPF_JGE:
		return a >= k;
	default:
		return a & k;
	}
}

static uint32_t computed(const struct sock_filter *f, uint32_t a, uint32_t x)
{
	uint32_t k = BPF_SRC(f->code) == BPF_X ? x : f->k;

	switch (BPF_OP(f->code)) {
	case BPF_ADD:
		return a + k;
	case BPF_SUB:
		return a - k;
	case BPF_AND:
		return a & k;
	case BPF_OR:
		return a | k;
	case BPF_XOR:
		return a ^ k;
	case BPF_LSH:
		return k < 32 ? a << k : 0;
	case BPF_RSH:
		return k < 32 ? a >> k : 0;
	case BPF_NEG:
		return -a;
	default: /* multiplied or divided: nobody does that to a call's number */
		return 0;
	}
}

/* The classic BPF of seccomp(2) for one call with arguments of zero. The kernel
 * checks the program when it takes it; here a bad one only ends early. */
static uint32_t verdict(const struct sock_fprog *p, int nr)
{
	struct seccomp_data d = { .nr = nr, .arch = OWN_ARCH };
	uint32_t a = 0, x = 0, mem[BPF_MEMWORDS] = { 0 };

	for (unsigned k = 0; k < p->len; k++) {
		const struct sock_filter *f = &p->filter[k];

		switch (BPF_CLASS(f->code)) {
		case BPF_LD:
			if (BPF_MODE(f->code) == BPF_ABS &&
				f->k <= sizeof(d) - 4)
				a = *(const uint32_t *)(const void *)
					((const char *)&d + (f->k & ~3u));
			else
				a = BPF_MODE(f->code) == BPF_MEM ?
					mem[f->k % BPF_MEMWORDS] : f->k;
			break;
		case BPF_LDX:
			x = BPF_MODE(f->code) == BPF_MEM ?
				mem[f->k % BPF_MEMWORDS] : f->k;
			break;
		case BPF_ST:
			mem[f->k % BPF_MEMWORDS] = a;
			break;
		case BPF_STX:
			mem[f->k % BPF_MEMWORDS] = x;
			break;
		case BPF_ALU:
			a = computed(f, a, x);
			break;
		case BPF_JMP:
			k += BPF_OP(f->code) == BPF_JA ? f->k :
				jumps(f, a, x) ? f->jt : f->jf;
			break;
		case BPF_RET:
			return BPF_RVAL(f->code) == BPF_A ? a : f->k;
		default:
			if (BPF_MISCOP(f->code) == BPF_TAX)
				x = a;
			else
				a = x;
		}
	}
	return SECCOMP_RET_KILL_PROCESS;
}

static bool lets_pass(const struct sock_fprog *p)
{
	static const int needed[] = { SYS_sendto, SYS_recvfrom, SYS_getsockopt,
		SYS_sched_yield, SYS_tgkill, SYS_socket, SYS_connect,
		SYS_rt_sigaction };

	for (size_t k = 0; k < sizeof(needed) / sizeof(needed[0]); k++) {
		uint32_t v = verdict(p, needed[k]) & SECCOMP_RET_ACTION_FULL;

		if (v != SECCOMP_RET_ALLOW && v != SECCOMP_RET_LOG)
			return false;
	}
	return true;
}

bool client_confine(const struct sock_fprog *filter)
{
	client_settle();
	if (client_is_confined() || (filter && lets_pass(filter)))
		return false;
	all_restart = signals_all_restart();
	atomic_put_relaxed(&confined, 1);
	return true;
}

void client_unconfine(void)
{
	atomic_put_relaxed(&confined, 0);
}

/* --- making do -------------------------------------------------------------------- */

static short looked(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };
	struct timespec zero = { 0, 0 };

	return sys_call5(SYS_ppoll, &p, 1, &zero, 0, SYS_SIGSET_BYTES) == 1 ?
		p.revents : 0;
}

long confined_ring(int fd)
{
	static const char bell = 1;
	short seen = looked(fd, POLLOUT);

	if (seen & (POLLHUP | POLLERR))
		return -EPIPE; /* write() would add a signal */
	return seen & POLLOUT ? sys_call3(SYS_write, fd, &bell, 1) : -EAGAIN;
}

long confined_drain(int fd, void *buf, size_t n)
{
	return looked(fd, POLLIN) & POLLIN ? sys_call3(SYS_read, fd, buf, n) :
		-EAGAIN;
}

long confined_look(int fd)
{
	short seen = looked(fd, POLLIN | POLLRDHUP);

	return seen & (POLLHUP | POLLERR | POLLRDHUP) ? 0 : seen & POLLIN ? 1 :
		-EAGAIN;
}

void confined_sigpipe(int fd)
{
	static const char bell = 1;

	/* The kernel's own, where the far end is gone; without that nothing
	 * can raise it. */
	if (looked(fd, POLLOUT) & (POLLHUP | POLLERR))
		sys_call3(SYS_write, fd, &bell, 1);
}
