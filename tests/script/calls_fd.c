/* fcntl(2) and ioctl(2) of a script. SPDX-License-Identifier: BSD-2-Clause */
#include "calls.h"

#include <errno.h>
#include <fcntl.h>

struct play_result call_fcntl(struct call *c)
{
	struct play_fd *f = call_any_fd(c, 0);
	int command = (int)call_number(c, 1);

	if (!f)
		return call_done(-EBADF);
	if (command == F_GETFL)
		return call_done(O_RDWR | (f->nonblock ? O_NONBLOCK : 0));
	if (command == F_SETFL)
		f->nonblock = call_number(c, 2) & O_NONBLOCK;
	else if (command != F_SETFD && command != F_GETFD)
		play_unknown(c->p, c->e->line, "this fcntl is not understood");
	return call_done(0);
}

struct play_result call_ioctl(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	const struct script_value *want = call_arg(c, 2);
	int64_t expected;
	int value = 0, r;

	if (!f)
		return call_done(-EBADF);
	r = sock_ioctl(&c->p->host.env, f->sock, (unsigned long)call_number(c, 1),
		&value);
	if (want->kind == SCRIPT_LIST && want->n == 1)
		want = &want->items[0];
	if (r == 0 && want->kind != SCRIPT_ELLIPSIS &&
		play_number(c->p, c->e->line, want, &expected) && expected != value)
		play_fail(c->p, c->e->line, "ioctl gave %d, not %lld", value,
			(long long)expected);
	return call_done(r);
}
