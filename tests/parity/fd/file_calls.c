/* What else one can do to a descriptor. SPDX-License-Identifier: BSD-2-Clause */
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "say.h"

int main(void)
{
	char path[64], link[64] = "";
	struct statfs fs;
	struct statx sx;
	struct stat st;
	int fd[2];

	stream_pair(AF_INET, fd);
	SHOW(fstat(fd[0], &st));
	say("mode %o size %d links %d mine %d", st.st_mode, (int)st.st_size,
		(int)st.st_nlink, st.st_uid == getuid());
	SHOW(statx(fd[0], "", AT_EMPTY_PATH, STATX_ALL, &sx));
	say("mode %o", sx.stx_mode);
	SHOW(fstatfs(fd[0], &fs));
	say("type %lx", (long)fs.f_type);
	SHOW(fchmod(fd[0], 0600));
	SHOW(fchown(fd[0], -1, -1));
	SHOW(flock(fd[0], LOCK_EX | LOCK_NB));
	SHOW(fchdir(fd[0]));
	SHOW(openat(fd[0], "x", 0));
	SHOW(isatty(fd[0]));
	SHOW(lockf(fd[0], F_TEST, 0));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd[0]);
	SHOW_AS("open by /proc", open(path, O_RDWR));
	SHOW_AS("what it is", readlink(path, link, sizeof(link) - 1) > 0);
	say("%.8s", link);
	snprintf(path, sizeof(path), "/dev/fd/%d", fd[0]);
	SHOW_AS("open by /dev/fd", open(path, O_RDONLY));
	return 0;
}
