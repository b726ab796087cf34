/* Unix-domain sockets, whose names are files.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef UNIX_H
#define UNIX_H

/* A socket of that type with that file as its name; of a stream it listens. What an
 * earlier server has left there is taken away, what is in use, or is no socket, is
 * not. Ends the program on error. */
int asocia_unix(const char *ruta, int tipo);
/* One connected to it. If `propia` is not NULL it gets that name first: of
 * datagrams nobody without a name can be answered. Ends the program on error. */
int conecta_unix(const char *ruta, int tipo, const char *propia);

#endif
