/* A small web server, all but how it sends a file: that is what the documents'
 * three, srv_web_read_send, srv_web_mmap_writev and srv_web_sendfile, differ in.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef WEB_H
#define WEB_H

#include "comun.h"

#define WEB_FORMA "puerto [directorio [plazo_s [ritmo]]]"

/* What is to be sent: `tam` bytes of the file f from `desde` on. */
struct parte {
	int f;
	off_t desde;
	off_t tam;
	size_t tam_acceso_recom; /* a good size for read(), says the system */
	/* Of lleva_ritmo(): when it looks again, and how much was sent by then. */
	long long mirar;
	off_t visto;
};

/* Sends the header, of n bytes, and the part behind it, all of both. Returns 0, or
 * -1 with errno: EAGAIN when the client has taken nothing for too long, ETIMEDOUT when
 * it takes too little, EIO when the file has become shorter; then the connection is of
 * no more use. */
typedef int envia_parte(int s, const char *cabecera, size_t n, struct parte *parte);

/* Does the client take its answer fast enough? Asked after each call that has sent some
 * of it, `hecho` bytes of the part so far; one that has all of it does. Returns 0, or -1
 * with ETIMEDOUT. */
int lleva_ritmo(struct parte *parte, off_t hecho);

/* The server: the files below the directory (or where the program stands), until
 * SIGTERM or SIGINT. Returns the program's exit status. */
int sirve_web(int argc, char **argv, envia_parte *envia);

#endif
