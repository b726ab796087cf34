/* The run directory. SPDX-License-Identifier: BSD-2-Clause */
#include "run/rundir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MAX_LEN 31 /* SHM_NAME_MAX - 1 */

static int rundir_choose(struct rundir *d)
{
	const char *own = getenv("ENCHUFE_RUNTIME_DIR");
	const char *xdg = getenv("XDG_RUNTIME_DIR");
	struct stat st;
	int n;

	if (own && *own)
		n = snprintf(d->path, sizeof(d->path), "%s", own);
	else if (xdg && *xdg == '/' && stat(xdg, &st) == 0 &&
		st.st_uid == geteuid())
		n = snprintf(d->path, sizeof(d->path), "%s/enchufe", xdg);
	else
		n = snprintf(d->path, sizeof(d->path), "/tmp/enchufe-%u",
			(unsigned)geteuid());
	return n < (int)sizeof(d->path) ? 0 : -ENAMETOOLONG;
}

int rundir_open(struct rundir *d)
{
	struct stat st;
	int err = rundir_choose(d);

	if (err)
		return err;
	if (mkdir(d->path, 0700) < 0 && errno != EEXIST)
		return -errno;
	/* lstat: in /tmp a link could have been laid for us. */
	if (lstat(d->path, &st) < 0)
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	if (st.st_uid != geteuid() || (st.st_mode & 0077))
		return -EPERM;
	return 0;
}

bool rundir_file(const struct rundir *d, const char *net, const char *suffix,
	char *out, size_t size)
{
	return snprintf(out, size, "%s/%s.%s", d->path, net, suffix) < (int)size;
}

bool rundir_name_ok(const char *name)
{
	size_t len = strlen(name);

	if (!len || len > NAME_MAX_LEN || name[0] == '-' || name[0] == '.')
		return false;
	for (; *name; name++) {
		bool ok = (*name >= 'a' && *name <= 'z') ||
			(*name >= 'A' && *name <= 'Z') ||
			(*name >= '0' && *name <= '9') ||
			*name == '-' || *name == '_' || *name == '.';

		if (!ok)
			return false;
	}
	return true;
}

int rundir_lock(const struct rundir *d, const char *net, bool wait)
{
	char path[RUNDIR_PATH_MAX + 64];
	int fd, err;

	if (!rundir_file(d, net, "lock", path, sizeof(path)))
		return -ENAMETOOLONG;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	while (flock(fd, wait ? LOCK_EX : LOCK_EX | LOCK_NB) < 0) {
		if (errno == EINTR)
			continue;
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

int rundir_connect(const struct rundir *d, const char *net)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int fd, err;

	if (!rundir_file(d, net, "sock", sa.sun_path, sizeof(sa.sun_path)))
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

static int is_socket_file(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return len > 5 && len - 5 <= NAME_MAX_LEN &&
		!strcmp(e->d_name + len - 5, ".sock");
}

int rundir_foreach(const struct rundir *d,
	void (*fn)(void *user, const char *net), void *user)
{
	struct dirent **list;
	int n = scandir(d->path, &list, is_socket_file, alphasort);

	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		list[i]->d_name[strlen(list[i]->d_name) - 5] = 0;
		fn(user, list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return n;
}
