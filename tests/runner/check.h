/* The test runner: each test is a forked process, timed, with a limit, and
 * checked for descriptors that it leaks. Output is TAP version 13; exit status 0
 * when none failed.
 *
 *	#include "check.h"
 *	TEST(fifo_wraps_at_2_32)
 *	{
 *		CHECK(fifo_space(&f) == 0);
 *		CHECK_INT(fifo_used(&f), ==, 4);
 *	}
 *
 * A failing CHECK prints file, line, expression and values and ends the test.
 * main() is the runner's: arguments are names (or prefixes with a closing "*")
 * of the tests to run; -l lists them, -n runs in this process (for a debugger).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CHECK_H
#define CHECK_H

#include <stddef.h>
#include <stdint.h>

struct check_test {
	const char *name;
	void (*fn)(void);
	unsigned timeout_s;
	struct check_test *next; /* runner's */
};

void check_register(struct check_test *t);
void check_failed(const char *file, int line, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 3, 4)));
void check_skip(const char *fmt, ...)
	__attribute__((noreturn, format(printf, 1, 2)));
void check_mem(const char *file, int line, const char *what, const void *got,
	const void *want, size_t len);
void check_str(const char *file, int line, const char *what, const char *got,
	const char *want);

#define TEST_TIMEOUT(name_, seconds_) \
	static void test_##name_(void); \
	__attribute__((constructor)) static void register_##name_(void) \
	{ \
		static struct check_test t = { #name_, test_##name_, seconds_, 0 }; \
		check_register(&t); \
	} \
	static void test_##name_(void)
/* A minute is a limit against hanging, not an assertion about speed. */
#define TEST(name_) TEST_TIMEOUT(name_, 60)

#define CHECK(cond) \
	do { \
		if (!(cond)) \
			check_failed(__FILE__, __LINE__, "%s", #cond); \
	} while (0)
#define CHECK_INT(a, op, b) \
	do { \
		long long check_a = (long long)(a), check_b = (long long)(b); \
		if (!(check_a op check_b)) \
			check_failed(__FILE__, __LINE__, \
				"%s %s %s (%lld against %lld)", #a, #op, #b, \
				check_a, check_b); \
	} while (0)
#define CHECK_MEM(got, want, len) \
	check_mem(__FILE__, __LINE__, #got, (got), (want), (len))
#define CHECK_STR(got, want) check_str(__FILE__, __LINE__, #got, (got), (want))
#define SKIP(...) check_skip(__VA_ARGS__)

#endif
