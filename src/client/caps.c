/* What the calling thread may do, asked when it matters: a program gives up its user,
 * or single capabilities, by calls that pass us by. The virtual host belongs to the
 * user namespace that the program joined in, so who has gone into another may nothing
 * there, whatever that one grants.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/stat.h>

#include "internal.h"
#include "sock/caps.h"

uint64_t client_user_ns(void)
{
	struct stat st;

	return sys_call4(SYS_newfstatat, AT_FDCWD, "/proc/self/ns/user", &st, 0) < 0 ?
		0 : st.st_ino;
}

uint64_t client_caps(void *user)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[_LINUX_CAPABILITY_U32S_3] = { { 0 } };
	uint64_t ns;

	(void)user;
	if (sys_call2(SYS_capget, &h, d) < 0)
		return 0;
	if (d[0].effective & (SOCK_CAP(ADMIN) | SOCK_CAP(RAW) | SOCK_CAP(BIND_SERVICE))) {
		ns = client_user_ns();
		if (ns && cl.user_ns && ns != cl.user_ns)
			return 0;
	}
	return (uint64_t)d[1].effective << 32 | d[0].effective;
}
