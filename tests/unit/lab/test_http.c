/* Requests as the laboratory's web servers understand them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "http.h"

/* The status of a text that is a whole request. */
static int status(const char *text)
{
	static struct peticion p;
	size_t n = http_examina(text, strlen(text), &p);

	return n == strlen(text) ? p.estado : -1;
}

/* The same, with a first line in front of a good rest. */
static int status_of_line(const char *line)
{
	char text[2 * HTTP_LINEA];

	snprintf(text, sizeof(text), "%s\r\nHost: x\r\n\r\n", line);
	return status(text);
}

static int status_of_field(const char *field)
{
	char text[512];

	snprintf(text, sizeof(text), "GET / HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n", field);
	return status(text);
}

TEST(a_request_is_whole_or_not_there)
{
	static const char text[] = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
	static struct peticion p;
	char two[2 * sizeof(text)];

	for (size_t n = 0; n < sizeof(text) - 1; n++)
		CHECK_INT(http_examina(text, n, &p), ==, 0);
	snprintf(two, sizeof(two), "%s%s", text, text);
	/* The next one's bytes are not taken. */
	CHECK_INT(http_examina(two, strlen(two), &p), ==, sizeof(text) - 1);
	CHECK_INT(p.estado, ==, 200);
	CHECK_STR(p.camino, "a");
	CHECK(!p.cabeza);
	/* Empty lines in front, and bare line feeds, are forgiven. */
	CHECK_INT(status("\r\n\r\nGET / HTTP/1.1\nHost: x\n\n"), ==, 200);
}

TEST(first_lines)
{
	CHECK_INT(status_of_line("GET / HTTP/1.1"), ==, 200);
	CHECK_INT(status_of_line("HEAD / HTTP/1.0"), ==, 200);
	CHECK_INT(status_of_line("GET / HTTP/1.7"), ==, 200);
	CHECK_INT(status_of_line("POST / HTTP/1.1"), ==, 405);
	CHECK_INT(status_of_line("BREW / HTTP/1.1"), ==, 501);
	CHECK_INT(status_of_line("GET / HTTP/2.0"), ==, 505);
	CHECK_INT(status_of_line("GET /"), ==, 400);
	CHECK_INT(status_of_line("GET  / HTTP/1.1"), ==, 400);
	CHECK_INT(status_of_line("GET / HTTP/1"), ==, 400);
	CHECK_INT(status_of_line("GET a HTTP/1.1"), ==, 400);
}

TEST(paths_are_decoded_once)
{
	static const struct { const char *target, *path; } good[] = {
		{ "/", "" }, { "/a/b.txt?q=1", "a/b.txt" }, { "/a%20b", "a b" },
		{ "/%252e", "%2e" }, { "http://x/a", "a" }, { "http://x", "" },
		{ "/ma%C3%B1ana", "ma\xc3\xb1""ana" },
	};
	static const char *const bad[] = { "/%00", "/%", "/%4", "/%zz", "/a#b", "/\x80" };
	static struct peticion p;
	char text[128];

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\nHost: x\r\n\r\n",
			good[i].target);
		CHECK_INT(http_examina(text, strlen(text), &p), >, 0);
		CHECK_INT(p.estado, ==, 200);
		CHECK_STR(p.camino, good[i].path);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		snprintf(text, sizeof(text), "GET %s HTTP/1.1", bad[i]);
		CHECK_INT(status_of_line(text), ==, 400);
	}
}

TEST(too_long_is_told_apart)
{
	static char text[HTTP_MAX + 1];
	static struct peticion p;

	/* A line without an end, and a header without one. */
	memset(text, 'a', sizeof(text));
	CHECK_INT(http_examina(text, HTTP_LINEA - 1, &p), ==, 0);
	CHECK_INT(http_examina(text, HTTP_MAX, &p), ==, HTTP_MAX);
	CHECK_INT(p.estado, ==, 414);
	memcpy(text, "GET / HTTP/1.1\r\n", 16);
	CHECK_INT(http_examina(text, HTTP_MAX - 1, &p), ==, 0);
	CHECK_INT(http_examina(text, HTTP_MAX, &p), ==, HTTP_MAX);
	CHECK_INT(p.estado, ==, 431);
	CHECK(!p.persiste);
}

TEST(fields)
{
	CHECK_INT(status("GET / HTTP/1.1\r\n\r\n"), ==, 400); /* no Host */
	CHECK_INT(status("GET / HTTP/1.0\r\n\r\n"), ==, 200);
	CHECK_INT(status_of_field("Host: y"), ==, 400);
	CHECK_INT(status_of_field("Name : x"), ==, 400);
	CHECK_INT(status_of_field("no colon"), ==, 400);
	CHECK_INT(status_of_field("A: \x01"), ==, 400);
	CHECK_INT(status_of_field("A: 1\r\n continued"), ==, 400);
	CHECK_INT(status_of_field("Content-Length: 10"), ==, 200);
	CHECK_INT(status_of_field("Content-Length: +10"), ==, 400);
	CHECK_INT(status_of_field("Content-Length: 1\r\nContent-Length: 1"), ==, 200);
	CHECK_INT(status_of_field("Content-Length: 1\r\nContent-Length: 2"), ==, 400);
	CHECK_INT(status_of_field("Content-Length: 99999999999999999999"), ==, 413);
	CHECK_INT(status_of_field("Transfer-Encoding: chunked"), ==, 501);
}

TEST(many_fields)
{
	char text[HTTP_MAX] = "GET / HTTP/1.1\r\nHost: x\r\n";
	size_t n = strlen(text);

	for (int i = 1; i < HTTP_CAMPOS; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "A: b\r\n");
	snprintf(text + n, sizeof(text) - n, "\r\n");
	CHECK_INT(status(text), ==, 200);
	snprintf(text + n, sizeof(text) - n, "A: b\r\n\r\n");
	CHECK_INT(status(text), ==, 431);
}

TEST(who_keeps_the_connection)
{
	static const struct { const char *text; int keeps; } cases[] = {
		{ "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 1 },
		{ "GET / HTTP/1.1\r\nHost: x\r\nConnection: a , CLOSE\r\n\r\n", 0 },
		{ "GET / HTTP/1.0\r\n\r\n", 0 },
		{ "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 1 },
		{ "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n", 1 },
	};
	static struct peticion p;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		CHECK_INT(http_examina(cases[i].text, strlen(cases[i].text), &p), >, 0);
		CHECK_INT(p.persiste, ==, cases[i].keeps);
	}
	CHECK_INT(p.cuerpo, ==, 5);
}

/* Status of a range of a file of that size; its bytes in `from` and `count`. */
static int range(const char *value, uint64_t size, uint64_t *from, uint64_t *count)
{
	static struct peticion p;
	char text[128];

	snprintf(text, sizeof(text), "GET / HTTP/1.1\r\nHost: x\r\nRange: %s\r\n\r\n", value);
	CHECK_INT(http_examina(text, strlen(text), &p), >, 0);
	return http_rango(&p, size, from, count);
}

TEST(ranges)
{
	static const struct {
		const char *value;
		uint64_t size;
		int status;
		uint64_t from, count;
	} cases[] = {
		{ "bytes=0-0", 10, 206, 0, 1 }, { "bytes=2-", 10, 206, 2, 8 },
		{ "bytes=-3", 10, 206, 7, 3 }, { "bytes=-30", 10, 206, 0, 10 },
		{ "bytes=5-99", 10, 206, 5, 5 }, { "bytes=9-9", 10, 206, 9, 1 },
		{ "bytes=0-18446744073709551615", 10, 206, 0, 10 },
		{ "bytes=10-", 10, 416, 0, 0 }, { "bytes=-0", 10, 416, 10, 0 },
		{ "bytes=0-", 0, 416, 0, 0 }, { "bytes=-5", 0, 200, 0, 0 },
		{ "bytes=3-2", 10, 200, 0, 10 }, { "bytes=0-0,2-2", 10, 200, 0, 10 },
		{ "lines=0-0", 10, 200, 0, 10 }, { "bytes=x-", 10, 200, 0, 10 },
		{ "bytes=", 10, 200, 0, 10 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint64_t from, count;

		CHECK_INT(range(cases[i].value, cases[i].size, &from, &count), ==,
			cases[i].status);
		CHECK_INT(count, ==, cases[i].count);
		if (cases[i].status != 416)
			CHECK_INT(from, ==, cases[i].from);
	}
}

TEST(words_of_the_answer)
{
	char date[30];

	CHECK_STR(http_razon(404), "Not Found");
	CHECK_STR(http_razon(999), "Internal Server Error");
	CHECK_STR(http_tipo("a/b.HTML"), "text/html; charset=utf-8");
	CHECK_STR(http_tipo("a.png/b"), "application/octet-stream");
	CHECK_STR(http_tipo(""), "application/octet-stream");
	http_fecha(784111777, date); /* the example of RFC 9110 5.6.7 */
	CHECK_STR(date, "Sun, 06 Nov 1994 08:49:37 GMT");
	http_fecha(INT64_MAX, date);
	CHECK_STR(date, "Thu, 01 Jan 1970 00:00:00 GMT");
}
