/* POSIX AIO on a socket: read, write, list, suspend, cancel.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <aio.h>

#include "say.h"

static void finish(const char *what, struct aiocb *c)
{
	const struct aiocb *list[] = { c };

	while (aio_error(c) == EINPROGRESS)
		aio_suspend(list, 1, NULL);
	say("%s: %s", what, error_name(aio_error(c)));
	SHOW(aio_return(c));
}

int main(void)
{
	char bytes[16] = "", more[16] = "";
	int fd[2], how;

	stream_pair(AF_INET, fd);
	struct aiocb r = { .aio_fildes = fd[0], .aio_buf = bytes, .aio_nbytes = 10,
		.aio_lio_opcode = LIO_READ };
	struct aiocb w = { .aio_fildes = fd[1], .aio_buf = (char *)"written",
		.aio_nbytes = 7, .aio_offset = 100, .aio_lio_opcode = LIO_WRITE };
	struct aiocb bad = { .aio_fildes = 99, .aio_buf = bytes, .aio_nbytes = 4 };
	struct aiocb second = { .aio_fildes = fd[0], .aio_buf = more,
		.aio_nbytes = 4 };
	struct aiocb *list[] = { &w, &r };

	SHOW(aio_read(&r));
	say("waits: %d", aio_error(&r) == EINPROGRESS);
	send_all(fd[1], "aio data", 8);
	finish("read", &r);
	say("%s", bytes_text(bytes, 8));
	SHOW(aio_write(&w));
	finish("written", &w);
	recv_all(fd[0], bytes, 7);
	say("%s", bytes_text(bytes, 7));
	SHOW(lio_listio(LIO_WAIT, list, 2, NULL));
	finish("list, read", &r);
	finish("list, written", &w);
	SHOW(aio_read(&bad));
	finish("no descriptor", &bad);
	SHOW(aio_read(&r));
	sleep_ms(20);
	SHOW(aio_read(&second));
	how = aio_cancel(fd[0], &second);
	say("cancelled: %d", how == AIO_CANCELED);
	finish("cancelled", &second);
	close(fd[1]);
	finish("the end", &r);
	return 0;
}
