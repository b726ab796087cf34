/* Looks at memory that may not be there.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "base/touch.h"
#include "check.h"

#define PAGE 4096u

#if defined(__x86_64__)
#define PC(uc) ((uc)->uc_mcontext.gregs[REG_RIP])
#else
#define PC(uc) ((uc)->uc_mcontext.pc)
#endif

static volatile int faults;

static void on_fault(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	uintptr_t to = touch_fixup((uintptr_t)PC(uc));

	if (!to) {
		signal(sig, SIG_DFL);
		return;
	}
	faults++;
	memcpy(&PC(uc), &to, sizeof(to));
}

/* Four pages: two to use, one to read, one not there. */
static char *pages(void)
{
	struct sigaction a = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
	char *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	CHECK_INT(sigaction(SIGSEGV, &a, NULL), ==, 0);
	CHECK_INT(mprotect(p + 2 * PAGE, PAGE, PROT_READ), ==, 0);
	CHECK_INT(munmap(p + 3 * PAGE, PAGE), ==, 0);
	return p;
}

TEST(touch_reads)
{
	char *p = pages();

	CHECK(touch_read(p, 1));
	CHECK(touch_read(p, 3 * PAGE));
	CHECK(touch_read(p + 3 * PAGE - 1, 1));
	CHECK_INT(faults, ==, 0);
	CHECK(!touch_read(p + 3 * PAGE, 1));
	CHECK(!touch_read(p, 3 * PAGE + 1));
	CHECK(!touch_read(p + 3 * PAGE - 1, 2));
	CHECK(!touch_read(NULL, 8));
	CHECK(!touch_read((char *)8, 1 << 20));
	CHECK_INT(faults, ==, 5);
}

TEST(touch_writes)
{
	char *p = pages();

	memset(p, 7, 2 * PAGE);
	CHECK(touch_write(p, 2 * PAGE));
	CHECK(touch_write(p + 2 * PAGE - 1, 1));
	CHECK_INT(faults, ==, 0);
	CHECK(!touch_write(p, 2 * PAGE + 1));
	CHECK(!touch_write(p + 2 * PAGE, 1));
	CHECK(!touch_write(p + 3 * PAGE, 1));
	CHECK_INT(faults, ==, 3);
	for (unsigned k = 0; k < 2 * PAGE; k++)
		CHECK_INT(p[k], ==, 7);
}

TEST(touch_knows_its_own)
{
	CHECK(touch_fixup((uintptr_t)&touch_fixup) == 0);
	CHECK(touch_fixup(0) == 0);
	CHECK(touch_fixup((uintptr_t)&touch_read) != 0);
	CHECK(touch_fixup((uintptr_t)&touch_write) != 0);
}
