/* A request of HTTP/1.1 (RFC 9112) as the three web servers understand it: they
 * give files away, so they take GET and HEAD and refuse the rest by its status.
 * Only memory is touched here: web.c has the sockets.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef HTTP_H
#define HTTP_H

#include <stddef.h>
#include <stdint.h>

enum {
	HTTP_LINEA = 8192, /* bytes of the request line: longer is 414 */
	HTTP_MAX = 16384, /* bytes of the whole header: longer is 431 */
	HTTP_CAMPOS = 100, /* fields of the header: more is 431 */
	HTTP_CUERPO = 65536 /* bytes of a body that we throw away: more is 413 */
};

/* What the field Range asks for. */
enum rango {
	RANGO_NO, /* none, or one that is to be ignored */
	RANGO_DESDE, /* from `primero` to `ultimo`, or to the end */
	RANGO_SUFIJO /* the last `ultimo` bytes */
};

struct peticion {
	int estado; /* 200: go on; otherwise what to answer */
	int cabeza; /* HEAD: the header alone is answered */
	int version; /* the minor one: of HTTP/1.0 it is 0 */
	int persiste; /* may another request follow on this connection? */
	int espera; /* "Expect: 100-continue": the body has not been sent */
	uint64_t cuerpo; /* bytes that follow the header */
	enum rango rango;
	uint64_t primero;
	uint64_t ultimo; /* UINT64_MAX: to the end */
	/* What is asked for, decoded, without the '/' at its front; "" is the
	 * directory itself. Holds no null character but the last. */
	char camino[HTTP_LINEA];
};

/* Looks at n bytes (<= HTTP_MAX) that have come. Returns how many of them are the
 * request's header, and what it says in *p; 0 when its end has not come. With
 * HTTP_MAX bytes it is never 0: what has no end by then is refused. */
size_t http_examina(const char *buf, size_t n, struct peticion *p);

/* Which bytes of a file of that size are meant. Returns the status: 200 with all
 * of them, 206, or 416 with none. */
int http_rango(const struct peticion *p, uint64_t tam, uint64_t *desde,
	uint64_t *cuantos);

/* Status in words: 404, "Not Found". */
const char *http_razon(int estado);
/* Content-Type by the end of the name. */
const char *http_tipo(const char *camino);
/* Date of the header, always in English (RFC 9110 5.6.7): 30 bytes. */
void http_fecha(int64_t segundos, char fecha[30]);

#endif
