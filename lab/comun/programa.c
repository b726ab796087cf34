/* What each laboratory program begins with; see programa.h.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "programa.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *nombre = "lab";
static int espanol, con_pasos;

/* The first of these variables that is set and not empty names the locale
 * (POSIX, XBD 8.2). The name is enough: that locale need not be installed. */
static int se_habla_espanol(void)
{
	static const char *const variable[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof(variable) / sizeof(*variable); i++) {
		const char *v = getenv(variable[i]);

		if (v && *v)
			return strncmp(v, "es", 2) == 0 &&
				(v[2] == '\0' || strchr("_.@", v[2]));
	}
	return 0;
}

const char *dice(const char *es, const char *en)
{
	return espanol ? es : en;
}

static void ayuda(FILE *f, const struct programa *p)
{
	fprintf(f, "%s: %s %s\n", dice("uso", "usage"), nombre, p->forma);
}

static void ignora_sigpipe(void)
{
	struct sigaction ignora = { .sa_handler = SIG_IGN };

	sigemptyset(&ignora.sa_mask);
	if (sigaction(SIGPIPE, &ignora, NULL) < 0)
		muere_errno("sigaction");
}

/* One option. Returns 0 when it is known. */
static int opcion(const char *texto, const struct programa *p, int *sigpipe)
{
	if (strcmp(texto, "--paso") == 0) {
		con_pasos = 1;
	} else if (strcmp(texto, "--sigpipe") == 0) {
		*sigpipe = 1;
	} else if (strcmp(texto, "--help") == 0) {
		ayuda(stdout, p);
		printf("%s\n", dice(p->es, p->en));
		exit(fflush(stdout) == 0 ? 0 : 1);
	} else {
		return -1;
	}
	return 0;
}

int comienza(int argc, char **argv, const struct programa *p)
{
	const char *barra = argc > 0 ? strrchr(argv[0], '/') : NULL;
	int quedan = 1, opciones = 1, sigpipe = 0;

	setlocale(LC_ALL, "");
	espanol = se_habla_espanol();
	if (argc > 0)
		nombre = barra ? barra + 1 : argv[0];
	for (int i = 1; i < argc; i++) {
		if (opciones && strcmp(argv[i], "--") == 0) {
			opciones = 0;
		} else if (!opciones || strncmp(argv[i], "--", 2) != 0) {
			argv[quedan++] = argv[i];
		} else if (opcion(argv[i], p, &sigpipe) < 0) {
			avisa(dice("opción desconocida: %s", "unknown option: %s"),
				argv[i]);
			ayuda(stderr, p);
			exit(2);
		}
	}
	if (quedan - 1 < p->min || (p->max >= 0 && quedan - 1 > p->max)) {
		ayuda(stderr, p);
		exit(2);
	}
	if (!sigpipe)
		ignora_sigpipe();
	return quedan;
}

long numero(const char *texto, long min, long max, const char *que)
{
	char *fin;
	long n;

	errno = 0;
	n = strtol(texto, &fin, 10);
	if (errno || fin == texto || *fin || n < min || n > max) {
		avisa(dice("%s no válido: %s (de %ld a %ld)",
				"no valid %s: %s (%ld to %ld)"),
			que, texto, min, max);
		exit(2);
	}
	return n;
}

int elige(const char *texto, const char *const *palabras, const char *que)
{
	for (int i = 0; palabras[i]; i++)
		if (strcmp(texto, palabras[i]) == 0)
			return i;
	avisa(dice("%s no válido: %s", "no valid %s: %s"), que, texto);
	exit(2);
}

void paso(const char *llamada)
{
	char c;

	if (!con_pasos)
		return;
	avisa(dice("paso: %s", "step: %s"), llamada);
	/* Byte by byte: what follows the line is for the next step. */
	for (;;) {
		ssize_t r = read(STDIN_FILENO, &c, 1);

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0 || c == '\n')
			return;
	}
}

void avisa_errno(const char *que)
{
	fprintf(stderr, "%s: %s: %s\n", nombre, que, strerror(errno));
}

static void avisa_v(const char *formato, va_list ap)
{
	fprintf(stderr, "%s: ", nombre);
	vfprintf(stderr, formato, ap);
	fputc('\n', stderr);
}

void avisa(const char *formato, ...)
{
	va_list ap;

	va_start(ap, formato);
	avisa_v(formato, ap);
	va_end(ap);
}

void muere_errno(const char *que)
{
	avisa_errno(que);
	exit(1);
}

void muere(const char *formato, ...)
{
	va_list ap;

	va_start(ap, formato);
	avisa_v(formato, ap);
	va_end(ap);
	exit(1);
}

void informa(const char *formato, ...)
{
	va_list ap;

	va_start(ap, formato);
	vprintf(formato, ap);
	va_end(ap);
	if (putchar('\n') == EOF || fflush(stdout) != 0)
		muere_errno("stdout");
}
