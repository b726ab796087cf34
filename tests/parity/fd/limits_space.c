/* RLIMIT_AS, as daemons limit themselves: before the first socket and after it; what was
 * set is told again, memory ends where it is to end, also for a program executed then,
 * and sockets go on.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sys/mman.h>
#include <sys/resource.h>

#include "say.h"

#define MIB (1ul << 20)

static void set(const char *when, unsigned long mib)
{
	struct rlimit limit = { mib * MIB, RLIM_INFINITY }, told;

	MUST(setrlimit(RLIMIT_AS, &limit));
	MUST(getrlimit(RLIMIT_AS, &told));
	say("%s: %lu MiB, at most %s", when, (unsigned long)told.rlim_cur / MIB,
		told.rlim_max == RLIM_INFINITY ? "any" : "some");
	MUST(prlimit(0, RLIMIT_AS, NULL, &told));
	say("and by prlimit(): %lu", (unsigned long)told.rlim_cur / MIB);
}

static void map(size_t mib)
{
	void *p = mmap(NULL, mib * MIB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	say("%zu MiB: %s", mib, p == MAP_FAILED ? error_name(errno) : "mapped");
	if (p != MAP_FAILED)
		munmap(p, mib * MIB);
}

static void talk(void)
{
	int fd[2];

	stream_pair(AF_INET, fd);
	send_all(fd[0], "still here", 10);
	await(fd[1], POLLIN);
	say_recv("a pair", fd[1], 0);
	close(fd[0]);
	close(fd[1]);
}

/* What it executes has the limit from its first instruction. */
static void executed(void)
{
	map(300);
	map(700);
	set("of another program", 500);
	talk();
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		executed();
		return 0;
	}
	set("before the first socket", 400);
	talk();
	map(100);
	map(500);
	set("after it", 600);
	map(300);
	map(700);
	talk();
	MUST(execl("/proc/self/exe", argv[0], "again", (char *)NULL));
	return 0;
}
