/* Each way to look at a file of /proc/net: what can be said of it without reading it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

#include <sys/resource.h>
#include <sys/stat.h>

static void first_line(const char *what, int fd)
{
	char b[64] = "";
	ssize_t n = fd < 0 ? -1 : read(fd, b, 16);

	say("%s: %s", what, n < 0 ? error_name(errno) : bytes_text(b, (size_t)n));
	if (fd >= 0)
		close(fd);
}

static void say_stat(const char *what, int r, const struct stat *s)
{
	say("%s: %s, mode %o", what, r < 0 ? error_name(errno) : "0",
		r < 0 ? 0 : s->st_mode);
}

int main(void)
{
	static const char *const files[] = { "/proc/net/tcp", "/proc/net/dev",
		"/proc/self/net/udp", "/proc/net/no-such" };
	struct stat s;
	struct rlimit limit;

	for (int k = 0; k < 4; k++) {
		const char *f = files[k];
		FILE *stream;

		say("-- %s", f);
		say_stat("stat", stat(f, &s), &s);
		say_stat("lstat", lstat(f, &s), &s);
		say_stat("fstatat", fstatat(AT_FDCWD, f, &s, 0), &s);
		SHOW(access(f, R_OK));
		SHOW(access(f, X_OK));
		first_line("open", open(f, O_RDONLY));
		first_line("open64", open64(f, O_RDONLY));
		first_line("openat", openat(AT_FDCWD, f, O_RDONLY));
		stream = fopen64(f, "r");
		say("fopen64: %s", stream ? "open" : error_name(errno));
		if (stream)
			fclose(stream);
	}
	SHOW(prlimit(0, RLIMIT_NOFILE, NULL, &limit));
	SHOW(prlimit(0, -1, NULL, &limit));
}
