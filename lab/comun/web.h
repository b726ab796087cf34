/* A small web server, all but how it sends a file: that is what the documents'
 * three, srv_web_read_send, srv_web_mmap_writev and srv_web_sendfile, differ in.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef WEB_H
#define WEB_H

#include "comun.h"

#define WEB_FORMA "puerto [directorio [plazo_s]]"

/* What is to be sent: `tam` bytes of the file f from `desde` on. */
struct parte {
	int f;
	off_t desde;
	off_t tam;
	size_t tam_acceso_recom; /* a good size for read(), says the system */
};

/* Sends the header, of n bytes, and the part behind it, all of both. Returns 0, or
 * -1 with errno: EAGAIN when the client has taken nothing for too long, EIO when
 * the file has become shorter; then the connection is of no more use. */
typedef int envia_parte(int s, const char *cabecera, size_t n,
	const struct parte *parte);

/* The server: the files below the directory (or where the program stands), until
 * SIGTERM or SIGINT. Returns the program's exit status. */
int sirve_web(int argc, char **argv, envia_parte *envia);

#endif
