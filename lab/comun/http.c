/* A request of HTTP/1.1; see http.h. A header is lines: the first says what is
 * wanted, the others are fields, an empty one ends it:
 *
 *	GET /camino%20con%20espacio HTTP/1.1
 *	Host: localhost:8080
 *	Range: bytes=0-99
 *
 * Whoever reads it believes nothing: each byte comes from somebody who may want
 * harm. What is not allowed is 400, never guessed at.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "http.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* A piece of the request: not a string, it has no null at its end. */
struct trozo {
	const char *p;
	size_t n;
};

static int es(struct trozo t, const char *texto)
{
	return strlen(texto) == t.n && strncasecmp(t.p, texto, t.n) == 0;
}

static int cifra(char c)
{
	return c >= '0' && c <= '9';
}

/* RFC 9110 5.6.2: what a method or a field's name is made of. */
static int de_token(char c)
{
	return cifra(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c && strchr("!#$%&'*+-.^_`|~", c));
}

static int token(struct trozo t)
{
	for (size_t i = 0; i < t.n; i++)
		if (!de_token(t.p[i]))
			return 0;
	return t.n > 0;
}

/* Cuts off what stands before c, and c. Returns 0 when there is no c. */
static int corta(struct trozo *t, char c, struct trozo *antes)
{
	const char *fin = t->n ? memchr(t->p, c, t->n) : NULL;

	if (!fin)
		return 0;
	*antes = (struct trozo){ t->p, (size_t)(fin - t->p) };
	t->n -= antes->n + 1;
	t->p = fin + 1;
	return 1;
}

/* The next line, without its end: CR LF, or LF alone (RFC 9112 2.2 allows it,
 * and so a person can type a request). Returns 0 when it has no end yet. */
static int linea(struct trozo *quedan, struct trozo *l)
{
	if (!corta(quedan, '\n', l))
		return 0;
	if (l->n > 0 && l->p[l->n - 1] == '\r')
		l->n--;
	return 1;
}

static struct trozo sin_blancos(struct trozo t)
{
	for (; t.n > 0 && (*t.p == ' ' || *t.p == '\t'); t.n--)
		t.p++;
	while (t.n > 0 && (t.p[t.n - 1] == ' ' || t.p[t.n - 1] == '\t'))
		t.n--;
	return t;
}

/* Digits, and nothing but digits. A larger number than fits is the largest.
 * Returns 0 when it is none. */
static int entero(struct trozo t, uint64_t *n)
{
	*n = 0;
	for (size_t i = 0; i < t.n; i++) {
		uint64_t c = (uint64_t)(t.p[i] - '0');

		if (!cifra(t.p[i]))
			return 0;
		if (*n > (UINT64_MAX - c) / 10)
			*n = UINT64_MAX;
		else
			*n = *n * 10 + c;
	}
	return t.n > 0;
}

static int hexadecimal(char c)
{
	static const char cifras[] = "0123456789abcdef";
	const char *p = c ? strchr(cifras, c >= 'A' && c <= 'F' ? c + 32 : c) :
			    NULL;

	return p ? (int)(p - cifras) : -1;
}

/* %41 is A (RFC 3986 2.1). Decoded once and no more: "%252e" is "%2e", a name
 * like any other. A null character would end the name early: refused. What is
 * a ".." is not asked here but when the file is opened, where it can be known
 * where it leads. Returns the status. */
static int descifra(struct trozo t, char *a)
{
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++) {
		int c = (unsigned char)t.p[i];

		if (c == '?')
			break; /* a query: files have no use for it */
		if (c == '%') {
			int alto = i + 2 < t.n ? hexadecimal(t.p[i + 1]) : -1;
			int bajo = alto >= 0 ? hexadecimal(t.p[i + 2]) : -1;

			if (bajo < 0 || alto * 16 + bajo == 0)
				return 400;
			c = alto * 16 + bajo;
			i += 2;
		}
		if (n == 0 && c == '/')
			continue; /* relative to our directory, always */
		a[n++] = (char)c;
	}
	a[n] = '\0';
	return 200;
}

/* RFC 9112 3.2: "/camino", or "http://maquina/camino" as to a proxy. */
static int objetivo(struct trozo t, char *camino)
{
	static const char http[] = "http://";
	const char *barra;

	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] <= ' ' || t.p[i] >= 0x7f || t.p[i] == '#')
			return 400;
	if (t.n >= sizeof(http) - 1 &&
		strncasecmp(t.p, http, sizeof(http) - 1) == 0) {
		t.p += sizeof(http) - 1;
		t.n -= sizeof(http) - 1;
		barra = t.n ? memchr(t.p, '/', t.n) : NULL;
		if (t.n == 0 || *t.p == '/' || *t.p == '?')
			return 400; /* no machine's name */
		t.n = barra ? t.n - (size_t)(barra - t.p) : 0;
		t.p = barra;
	} else if (t.n == 0 || *t.p != '/') {
		return 400;
	}
	return descifra(t, camino);
}

/* RFC 9110 9: methods that exist are "not allowed" here, others unknown. */
static int metodo(struct trozo t, struct peticion *p)
{
	static const char *const otros[] = { "POST", "PUT", "DELETE", "CONNECT",
		"OPTIONS", "TRACE", "PATCH" };

	if (!token(t))
		return 400;
	/* Methods are case-sensitive, fields are not. */
	p->cabeza = t.n == 4 && memcmp(t.p, "HEAD", 4) == 0;
	if (p->cabeza || (t.n == 3 && memcmp(t.p, "GET", 3) == 0))
		return 200;
	for (size_t i = 0; i < sizeof(otros) / sizeof(*otros); i++)
		if (t.n == strlen(otros[i]) && memcmp(t.p, otros[i], t.n) == 0)
			return 405;
	return 501;
}

/* RFC 9112 2.3: "HTTP/" digit "." digit. */
static int version(struct trozo t, struct peticion *p)
{
	if (t.n != 8 || memcmp(t.p, "HTTP/", 5) != 0 || !cifra(t.p[5]) ||
		t.p[6] != '.' || !cifra(t.p[7]))
		return 400;
	if (t.p[5] != '1')
		return 505;
	p->version = t.p[7] - '0';
	return 200;
}

/* RFC 9112 3: three words with one space between. */
static int primera(struct trozo l, struct peticion *p)
{
	struct trozo m, o;
	int estado, otro;

	if (l.n > HTTP_LINEA - 1)
		return 414;
	if (!corta(&l, ' ', &m) || !corta(&l, ' ', &o))
		return 400;
	estado = version(l, p);
	if (estado != 200)
		return estado;
	otro = metodo(m, p);
	if (otro != 200)
		return otro;
	return objetivo(o, p->camino);
}

/* RFC 9110 14.1.2. Several ranges, other units and what is no range at all are
 * ignored (14.2): then all the file is the answer. */
static void rango(struct trozo v, struct peticion *p)
{
	struct trozo unidad, desde;

	p->rango = RANGO_NO; /* a second one counts instead of the first */
	if (!corta(&v, '=', &unidad) || !es(unidad, "bytes") ||
		!corta(&v, '-', &desde))
		return;
	if (desde.n == 0) {
		if (entero(v, &p->ultimo))
			p->rango = RANGO_SUFIJO;
		return;
	}
	p->ultimo = UINT64_MAX;
	if (!entero(desde, &p->primero) || (v.n > 0 && !entero(v, &p->ultimo)))
		return;
	if (p->primero <= p->ultimo)
		p->rango = RANGO_DESDE;
}

/* What the fields have said, put together at the end. */
struct campos {
	unsigned cuantos;
	unsigned maquinas; /* Host */
	int con_longitud;
	int por_trozos; /* Transfer-Encoding */
	int cierra;
	int sigue;
	int con_condicion; /* If-Range */
};

static void conexion(struct trozo v, struct campos *c)
{
	struct trozo uno;

	for (int quedan = 1; quedan;) {
		quedan = corta(&v, ',', &uno);
		uno = sin_blancos(quedan ? uno : v);
		c->cierra |= es(uno, "close");
		c->sigue |= es(uno, "keep-alive");
	}
}

/* RFC 9112 6.3, fifth: two lengths that differ, or one that is no number, are how
 * a request is smuggled past somebody. */
static int longitud(struct trozo v, struct peticion *p, struct campos *c)
{
	uint64_t n;

	if (!entero(v, &n) || (c->con_longitud && n != p->cuerpo))
		return 400;
	c->con_longitud = 1;
	p->cuerpo = n;
	return 200;
}

static int campo(struct trozo l, struct peticion *p, struct campos *c)
{
	struct trozo nombre;

	/* A space before the colon, or a line that goes on from the last one,
	 * is refused (RFC 9112 5.1, 5.2): here, since no name holds a space. */
	if (!corta(&l, ':', &nombre) || !token(nombre))
		return 400;
	for (size_t i = 0; i < l.n; i++)
		if (((unsigned char)l.p[i] < ' ' && l.p[i] != '\t') ||
			l.p[i] == 0x7f)
			return 400;
	if (++c->cuantos > HTTP_CAMPOS)
		return 431;
	l = sin_blancos(l);
	if (es(nombre, "Host")) {
		c->maquinas++;
		if (l.n && (memchr(l.p, ' ', l.n) || memchr(l.p, '/', l.n)))
			return 400;
	} else if (es(nombre, "Content-Length")) {
		return longitud(l, p, c);
	} else if (es(nombre, "Transfer-Encoding")) {
		c->por_trozos = 1;
	} else if (es(nombre, "Connection")) {
		conexion(l, c);
	} else if (es(nombre, "Range")) {
		rango(l, p);
	} else if (es(nombre, "If-Range")) {
		c->con_condicion = 1;
	} else if (es(nombre, "Expect")) {
		p->espera = es(l, "100-continue");
	}
	return 200;
}

/* All fields have been seen: do they go together? */
static int conjunto(struct peticion *p, const struct campos *c)
{
	/* RFC 9112 3.2: HTTP/1.1 names the machine, once. */
	if (c->maquinas > 1 || (c->maquinas == 0 && p->version > 0))
		return 400;
	/* RFC 9112 6.1: both lengths, or chunks in HTTP/1.0, are an attack. */
	if (c->por_trozos)
		return c->con_longitud || p->version == 0 ? 400 : 501;
	/* RFC 9110 14.2, 13.1.5: ranges are for GET, and one with a condition
	 * that we cannot know to hold is as if it were not there. */
	if (p->cabeza || c->con_condicion)
		p->rango = RANGO_NO;
	p->persiste = !c->cierra && (p->version > 0 || c->sigue);
	/* Who waits for a "100 Continue" gets the answer instead, and then it
	 * is not known whether the body comes (RFC 9110 10.1.1). */
	if (p->cuerpo > 0 && p->espera)
		p->persiste = 0;
	if (p->cuerpo > HTTP_CUERPO) {
		p->persiste = 0;
		return 413;
	}
	return 200;
}

static size_t refusa(struct peticion *p, int estado, size_t n)
{
	p->estado = estado;
	p->persiste = 0;
	return n;
}

/* The first line that is not empty: there may be empty ones in front (RFC 9112
 * 2.2). Returns 0 when it has not come. */
static int hasta_primera(struct trozo *quedan, struct trozo *l)
{
	do
		if (!linea(quedan, l))
			return 0;
	while (l->n == 0);
	return 1;
}

size_t http_examina(const char *buf, size_t n, struct peticion *p)
{
	struct trozo quedan = { buf, n }, l, f;
	struct campos c = { 0 };
	int estado = 200, otro;

	*p = (struct peticion){ .estado = 200 };
	if (!hasta_primera(&quedan, &l)) {
		if (n >= HTTP_LINEA)
			return refusa(p, 414, n);
		return 0;
	}
	/* The fields are gone through to the end before the first line is
	 * judged: that end says where the next request begins. */
	do {
		if (!linea(&quedan, &f)) {
			if (n >= HTTP_MAX)
				return refusa(p, 431, n);
			return 0;
		}
		if (f.n > 0 && estado == 200)
			estado = campo(f, p, &c);
	} while (f.n > 0);
	n -= quedan.n;
	otro = primera(l, p);
	if (otro != 200 && otro != 405 && otro != 501)
		return refusa(p, otro, n);
	if (estado == 200)
		estado = conjunto(p, &c);
	if (estado != 200)
		return refusa(p, estado, n);
	p->estado = otro;
	return n;
}

int http_rango(const struct peticion *p, uint64_t tam, uint64_t *desde,
	uint64_t *cuantos)
{
	*desde = 0;
	*cuantos = tam;
	switch (p->rango) {
	case RANGO_NO:
		return 200;
	case RANGO_SUFIJO:
		/* RFC 9110 14.1.2: longer than the file means all of it. Of an
		 * empty file there is no byte that Content-Range could name. */
		if (tam == 0 && p->ultimo > 0)
			return 200;
		*cuantos = p->ultimo < tam ? p->ultimo : tam;
		*desde = tam - *cuantos;
		return *cuantos > 0 ? 206 : 416;
	case RANGO_DESDE:
		*cuantos = 0;
		if (p->primero >= tam)
			return 416;
		*desde = p->primero;
		*cuantos = (p->ultimo < tam ? p->ultimo + 1 : tam) - *desde;
		return 206;
	}
	return 200;
}

const char *http_razon(int estado)
{
	static const struct {
		int estado;
		const char *razon;
	} tabla[] = { { 200, "OK" }, { 206, "Partial Content" },
		{ 301, "Moved Permanently" }, { 400, "Bad Request" },
		{ 403, "Forbidden" }, { 404, "Not Found" },
		{ 405, "Method Not Allowed" }, { 408, "Request Timeout" },
		{ 413, "Content Too Large" }, { 414, "URI Too Long" },
		{ 416, "Range Not Satisfiable" },
		{ 431, "Request Header Fields Too Large" },
		{ 501, "Not Implemented" }, { 503, "Service Unavailable" },
		{ 505, "HTTP Version Not Supported" } };

	for (size_t i = 0; i < sizeof(tabla) / sizeof(*tabla); i++)
		if (tabla[i].estado == estado)
			return tabla[i].razon;
	return "Internal Server Error";
}

const char *http_tipo(const char *camino)
{
	static const struct {
		const char *fin;
		const char *tipo;
	} tabla[] = { { "html", "text/html; charset=utf-8" },
		{ "htm", "text/html; charset=utf-8" },
		{ "txt", "text/plain; charset=utf-8" },
		{ "md", "text/plain; charset=utf-8" },
		{ "css", "text/css; charset=utf-8" }, { "js", "text/javascript" },
		{ "json", "application/json" }, { "xml", "application/xml" },
		{ "pdf", "application/pdf" }, { "svg", "image/svg+xml" },
		{ "png", "image/png" }, { "jpg", "image/jpeg" },
		{ "jpeg", "image/jpeg" }, { "gif", "image/gif" },
		{ "ico", "image/x-icon" }, { "webp", "image/webp" },
		{ "mp4", "video/mp4" }, { "wasm", "application/wasm" } };
	const char *barra = strrchr(camino, '/');
	const char *punto = strrchr(barra ? barra : camino, '.');

	for (size_t i = 0; punto && i < sizeof(tabla) / sizeof(*tabla); i++)
		if (strcasecmp(punto + 1, tabla[i].fin) == 0)
			return tabla[i].tipo;
	return "application/octet-stream";
}

void http_fecha(int64_t segundos, char fecha[30])
{
	static const char dia[] = "SunMonTueWedThuFriSat";
	static const char mes[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t t = (time_t)segundos;
	struct tm tm;

	if (!gmtime_r(&t, &tm) || tm.tm_year < 0 || tm.tm_year > 8099)
		tm = (struct tm){ .tm_year = 70, .tm_mday = 1, .tm_wday = 4 };
	/* Not by strftime(): it would speak the locale's language. */
	snprintf(fecha, 30, "%.3s, %02u %.3s %04u %02u:%02u:%02u GMT",
		dia + 3 * tm.tm_wday, (unsigned)tm.tm_mday % 100,
		mes + 3 * tm.tm_mon, (unsigned)(tm.tm_year + 1900) % 10000,
		(unsigned)tm.tm_hour % 100, (unsigned)tm.tm_min % 100,
		(unsigned)tm.tm_sec % 100);
}
