/* Any bytes as requests to the laboratory's web servers: what is taken for a request
 * lies within the bytes, its path is a string that leads from the directory, and the
 * piece of a file that it asks for lies within the file. More bytes behind a request
 * do not change it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "../../lab/comun/http.h"
#include "fuzz_seeds.h"

static const char plain[] = "GET /a%20b.txt?q=1 HTTP/1.1\r\nHost: localhost\r\n"
	"Range: bytes=10-20\r\nConnection: keep-alive\r\n\r\n"
	"HEAD / HTTP/1.0\r\n\r\n";
static const char body[] = "POST http://x/%2e%2e/y HTTP/1.1\r\nHost: x\r\n"
	"Content-Length: 3\r\nExpect: 100-continue\r\nIf-Range: \"x\"\r\n"
	"Transfer-Encoding: chunked\r\nRange: bytes=-5\r\n\r\nabc";

const struct fuzz_seed fuzz_seeds[] = {
	{ plain, sizeof(plain) - 1 },
	{ body, sizeof(body) - 1 },
	{ NULL, 0 },
};
const char *const fuzz_words[] = { "GET ", "HEAD ", "OPTIONS * ", "HTTP/1.1",
	"HTTP/2.0", "\r\n", "\r\n\r\n", "\n", "/", "..", "%2e%2e", "%00", "%", "%25",
	"http://", "Host: a\r\n", "Content-Length: 18446744073709551616\r\n",
	"Range: bytes=", "-", ",", "Range: bytes=-0\r\n", "18446744073709551615", ":",
	" ", "\t", "Connection: close, keep-alive\r\n", NULL };

static void require(int condition)
{
	if (!condition)
		abort();
}

static void check_range(const struct peticion *p, uint64_t tam)
{
	uint64_t desde, cuantos;
	int estado = http_rango(p, tam, &desde, &cuantos);

	require(desde <= tam && cuantos <= tam - desde);
	require(estado == 200 ? cuantos == tam :
		estado == 206 ? cuantos > 0 : estado == 416 && cuantos == 0);
}

static void check(const struct peticion *p)
{
	require(strcmp(http_razon(p->estado), "Internal Server Error") != 0);
	require(memchr(p->camino, '\0', sizeof(p->camino)) != NULL);
	require(p->camino[0] != '/');
	require(p->cuerpo <= HTTP_CUERPO || !p->persiste);
	http_tipo(p->camino);
	if (p->estado != 200)
		return;
	check_range(p, 0);
	check_range(p, 1);
	check_range(p, 15);
	check_range(p, UINT64_MAX);
}

static int same(const struct peticion *a, const struct peticion *b)
{
	return a->estado == b->estado && a->cabeza == b->cabeza &&
		a->persiste == b->persiste && a->cuerpo == b->cuerpo &&
		a->rango == b->rango && a->primero == b->primero &&
		a->ultimo == b->ultimo && strcmp(a->camino, b->camino) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct peticion p, alone;
	char *copy;
	size_t n;

	if (len > HTTP_MAX)
		len = HTTP_MAX;
	/* A copy of its own length: a read beyond it is seen. */
	copy = malloc(len ? len : 1);
	require(copy != NULL);
	memcpy(copy, data, len);
	n = http_examina(copy, len, &p);
	require(n <= len && (n > 0 || len < HTTP_MAX));
	if (n > 0) {
		check(&p);
		require(http_examina(copy, n, &alone) == n);
		require(same(&p, &alone));
		require(http_examina(copy, n - 1, &alone) == 0 ||
			n > HTTP_LINEA);
	}
	free(copy);
	return 0;
}
