/* fcntl()'s commands on a socket. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	struct flock lock = { .l_type = F_WRLCK };
	int fd[2];

	stream_pair(AF_INET, fd);
	SHOW(fcntl(fd[0], F_GETFL));
	SHOW(fcntl(fd[0], F_SETFL, O_NONBLOCK | O_APPEND));
	SHOW(fcntl(fd[0], F_GETFL));
	SHOW(fcntl(fd[0], F_SETFL, O_DIRECT));
	SHOW(fcntl(fd[0], F_SETFL, O_SYNC));
	SHOW(fcntl(fd[0], F_GETFL));
	SHOW(fcntl(fd[0], F_GETFD));
	SHOW(fcntl(fd[0], F_SETFD, FD_CLOEXEC));
	SHOW(fcntl(fd[0], F_GETFD));
	SHOW(fcntl(fd[0], F_DUPFD, 100));
	SHOW(fcntl(fd[0], F_DUPFD_CLOEXEC, 100));
	SHOW(fcntl(100, F_GETFD));
	SHOW(fcntl(101, F_GETFD));
	SHOW(fcntl(fd[0], F_DUPFD, -1));
	SHOW(fcntl(fd[0], F_DUPFD, 1 << 30));
	SHOW(fcntl(fd[0], F_SETLK, &lock));
	SHOW(fcntl(fd[0], F_GETLK, &lock));
	lock.l_type = F_RDLCK;
	SHOW(fcntl(fd[0], F_SETLK, &lock));
	SHOW(fcntl(fd[0], F_SETPIPE_SZ, 4096));
	SHOW(fcntl(fd[0], F_GETPIPE_SZ));
	SHOW(fcntl(fd[0], F_GETLEASE));
	SHOW(fcntl(fd[0], F_SETLEASE, F_RDLCK));
	SHOW(fcntl(fd[0], F_NOTIFY, 0));
	SHOW(fcntl(fd[0], F_ADD_SEALS, 1));
	SHOW(fcntl(fd[0], F_GET_SEALS));
	SHOW(fcntl(fd[0], 9999));
	SHOW(fcntl(99, F_GETFL));
	SHOW(fcntl(-1, F_GETFL));
	SHOW(fcntl(99, F_DUPFD, 0));
	return 0;
}
