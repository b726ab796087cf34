/* Who is told: F_SETOWN, F_SETOWN_EX, FIOSETOWN, SIOCSPGRP and what they give back.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

static void tell(int fd)
{
	struct f_owner_ex o = { -1, -1 };
	int pid = -1;

	MUST(fcntl(fd, F_GETOWN_EX, &o));
	say("type %d, %s", o.type, o.pid == getpid() ? "me" : o.pid == gettid() ?
		"this thread" : o.pid == getpgrp() ? "my group" : o.pid == 0 ?
		"nobody" : "?");
	MUST(ioctl(fd, FIOGETOWN, &pid));
	say("FIOGETOWN %s", pid == getpid() ? "me" : pid == -getpgrp() ? "my group" :
		pid == 0 ? "nobody" : "?");
	MUST(ioctl(fd, SIOCGPGRP, &pid));
	say("SIOCGPGRP %s", pid == getpid() ? "me" : pid == -getpgrp() ? "my group" :
		pid == 0 ? "nobody" : "?");
}

int main(void)
{
	int fd = stream_socket(AF_INET), me = getpid(), copy;
	struct f_owner_ex o = { F_OWNER_TID, 0 };

	setpgid(0, 0);
	tell(fd);
	SHOW_AS("F_SETOWN me", fcntl(fd, F_SETOWN, me));
	tell(fd);
	SHOW_AS("F_SETOWN group", fcntl(fd, F_SETOWN, -getpgrp()));
	tell(fd);
	o.pid = gettid();
	SHOW_AS("F_SETOWN_EX thread", fcntl(fd, F_SETOWN_EX, &o));
	copy = MUST(dup(fd));
	tell(copy);
	SHOW_AS("FIOSETOWN", ioctl(copy, FIOSETOWN, &me));
	tell(fd);
	SHOW_AS("F_SETOWN 0", fcntl(fd, F_SETOWN, 0));
	tell(fd);
	SHOW_AS("F_SETOWN nobody there", fcntl(fd, F_SETOWN, 0x3ffffff));
	SHOW(fcntl(fd, F_SETSIG, 65));
	SHOW(fcntl(fd, F_SETSIG, SIGUSR2));
	SHOW(fcntl(copy, F_GETSIG));
	return 0;
}
