/* How long connect() asks: figures of Linux 6.18 (ms, without what a clock adds).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "syntime.h"

#include "check.h"

static int64_t ms(uint32_t syncnt, uint32_t user_timeout)
{
	struct shm_opts o = { .syncnt = syncnt, .user_timeout_ms = user_timeout };

	return syn_time_ns(&o) / 1000000;
}

TEST(by_the_number_of_syns)
{
	CHECK_INT(ms(1, 0), ==, 3000);
	CHECK_INT(ms(2, 0), ==, 7000);
	CHECK_INT(ms(4, 0), ==, 35000);
	CHECK_INT(ms(5, 0), ==, 67000);
	CHECK_INT(ms(6, 0), ==, 131000);
	CHECK_INT(ms(7, 0), ==, 131000 + 120000);
	CHECK_INT(ms(127, 0), ==, 131000 + 121ll * 120000);
}

TEST(by_the_user)
{
	CHECK_INT(ms(6, 500), ==, 1000); /* the first timeout is on its way */
	CHECK_INT(ms(6, 1500), ==, 1500);
	CHECK_INT(ms(6, 3000), ==, 3000);
	CHECK_INT(ms(1, 20000), ==, 7000);
}
