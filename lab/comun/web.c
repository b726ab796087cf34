/* A small web server; see web.h. As srv_rev_thr it has a thread for each client,
 * but not more of them than HILOS: who comes when all are busy waits in the queue
 * of listen(). A client may not keep its thread for ever either: it has `plazo`
 * seconds for its request, and as long for each step in taking the answer. As one that
 * takes a byte within each such step could go on for years, it must take `ritmo` bytes
 * each second, too; and after PETICIONES requests a connection is closed.
 *
 * SIGTERM and SIGINT write a byte to a pipe that nobody reads: from then on every
 * poll() that looks at it returns. So main() accepts no more, the threads that
 * wait for a request go home, and those that are answering end their answer.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "web.h"

#include "dentro.h"
#include "http.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { HILOS = 256, PILA = 512 * 1024, CABECERA = 1024, PETICIONES = 1000 };

struct conexion {
	int s;
	size_t hay; /* bytes of buf that have come and are not used up */
	char buf[HTTP_MAX];
};

static envia_parte *envia;
static int directorio, tuberia[2];
static long plazo_s = 10;
static long ritmo = 1000; /* bytes a second that a client takes at least */
static atomic_int parar;

static pthread_mutex_t cerrojo = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t uno_menos = PTHREAD_COND_INITIALIZER;
static int activos; /* threads; under cerrojo */

static long long ahora_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* Waits until s can be read. Returns 1; or 0: time is up, or (if con_parada) the
 * server is to stop. */
static int espera(int s, long long hasta, int con_parada)
{
	struct pollfd p[2] = { { .fd = s, .events = POLLIN },
		{ .fd = tuberia[0], .events = POLLIN } };

	for (;;) {
		long long queda = hasta - ahora_ms();
		int r = poll(p, con_parada ? 2 : 1, queda > 0 ? (int)queda : 0);

		if (r < 0 && errno != EINTR)
			return 0;
		if (r > 0)
			return p[0].revents != 0;
		if (r == 0 && queda <= 0)
			return 0;
	}
}

/* More bytes for c. Returns 0 when none come any more. */
static int recibe_mas(struct conexion *c, long long hasta, int con_parada)
{
	ssize_t r;

	if (!espera(c->s, hasta, con_parada))
		return 0;
	do
		r = recv(c->s, c->buf + c->hay, sizeof(c->buf) - c->hay, 0);
	while (r < 0 && errno == EINTR);
	if (r <= 0)
		return 0;
	c->hay += (size_t)r;
	return 1;
}

static void gasta(struct conexion *c, size_t n)
{
	c->hay -= n;
	memmove(c->buf, c->buf + n, c->hay);
}

/* The next request: a client sends it in as many pieces as it likes, and the next
 * one right behind it. Returns 0 when there is none and nothing to be said. The
 * time runs for the whole request: a byte now and then does not prolong it. */
static int recibir_peticion(struct conexion *c, struct peticion *p)
{
	long long hasta = ahora_ms() + plazo_s * 1000;
	size_t n;

	while ((n = http_examina(c->buf, c->hay, p)) == 0) {
		if (recibe_mas(c, hasta, c->hay == 0))
			continue;
		if (c->hay == 0 || ahora_ms() < hasta)
			return 0; /* it has gone, or has nothing to ask */
		p->estado = 408;
		p->persiste = 0;
		return 1;
	}
	gasta(c, n);
	return 1;
}

/* A body that we have no use for, but behind which the next request stands. */
static int tira_cuerpo(struct conexion *c, uint64_t cuerpo)
{
	long long hasta = ahora_ms() + plazo_s * 1000;

	while (cuerpo > 0) {
		size_t n = c->hay < cuerpo ? c->hay : (size_t)cuerpo;

		gasta(c, n);
		cuerpo -= n;
		if (cuerpo > 0 && !recibe_mas(c, hasta, 0))
			return -1;
	}
	return 0;
}

static int estado_de_errno(void)
{
	switch (errno) {
	case ENOENT:
	case ENOTDIR:
	case ENAMETOOLONG:
		return 404;
	case EXDEV: /* out of the directory */
	case EACCES:
	case EPERM:
	case ELOOP:
	case ENXIO: /* a Unix socket */
		return 403;
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		return 503;
	default:
		avisa_errno("openat2");
		return 500;
	}
}

/* The file that is asked for: of a directory its index.html. Returns the status;
 * 301 for a directory without the '/' at its end: links of its page would lead
 * astray. With 200 close() of *f is the caller's. */
static int abrir_fichero(const char *camino, int *f, struct stat *st)
{
	char nombre[HTTP_LINEA + sizeof("index.html")];
	size_t n = strlen(camino);

	snprintf(nombre, sizeof(nombre), "%s%s", camino,
		n == 0 || camino[n - 1] == '/' ? "index.html" : "");
	*f = abre_dentro(directorio, nombre);
	if (*f < 0)
		return estado_de_errno();
	if (fstat(*f, st) == 0 && S_ISREG(st->st_mode))
		return 200;
	close(*f);
	return S_ISDIR(st->st_mode) && n > 0 && camino[n - 1] != '/' ? 301 : 403;
}

/* The header; in `mas` further fields, each with its end of line. */
static size_t preparar_cabecera(char cabecera[CABECERA],
	const struct peticion *p, uint64_t tam, const char *tipo, const char *mas)
{
	char fecha[30];
	int n;

	http_fecha(time(NULL), fecha);
	n = snprintf(cabecera, CABECERA,
		"HTTP/1.1 %d %s\r\nDate: %s\r\nContent-Type: %s\r\n"
		"Content-Length: %llu\r\n%sConnection: %s\r\n\r\n",
		p->estado, http_razon(p->estado), fecha, tipo,
		(unsigned long long)tam, mas, p->persiste ? "keep-alive" : "close");
	return n < CABECERA ? (size_t)n : CABECERA - 1;
}

/* An answer without a file. */
static int responde_estado(int s, const struct peticion *p, const char *mas)
{
	char cabecera[CABECERA], texto[64];
	size_t n;
	int t;

	t = snprintf(texto, sizeof(texto), "%d %s\n", p->estado,
		http_razon(p->estado));
	n = preparar_cabecera(cabecera, p, (uint64_t)t, "text/plain", mas);
	if (envia_todo_con(s, cabecera, n, p->cabeza ? 0 : MSG_MORE) < 0)
		return -1;
	return p->cabeza ? 0 : envia_todo(s, texto, (size_t)t);
}

static int responde_otro_sitio(int s, struct peticion *p)
{
	static const char tal_cual[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
	char mas[CABECERA / 2] = "Location: /";
	size_t n = strlen(mas);

	/* What came decoded goes back encoded: a line's end in a name must not
	 * become a line's end in the header. */
	for (const char *c = p->camino; *c; c++) {
		if (n + sizeof("%00/\r\n") > sizeof(mas)) {
			p->estado = 403;
			return responde_estado(s, p, "");
		}
		if (strchr(tal_cual, *c))
			mas[n++] = *c;
		else
			n += (size_t)snprintf(mas + n, sizeof(mas) - n, "%%%02X",
				(unsigned)(unsigned char)*c);
	}
	snprintf(mas + n, sizeof(mas) - n, "/\r\n");
	return responde_estado(s, p, mas);
}

int lleva_ritmo(struct parte *parte, off_t hecho)
{
	long long ahora = ahora_ms();

	if (ahora < parte->mirar || hecho >= parte->tam)
		return 0;
	if (hecho - parte->visto < (off_t)ritmo * plazo_s) {
		errno = ETIMEDOUT;
		return -1;
	}
	parte->visto = hecho;
	parte->mirar = ahora + plazo_s * 1000;
	return 0;
}

static int responde_fichero(int s, struct peticion *p, int f,
	const struct stat *st)
{
	uint64_t tam = (uint64_t)st->st_size, desde, cuantos;
	char cabecera[CABECERA], mas[128];
	struct parte parte;
	size_t n;

	p->estado = http_rango(p, tam, &desde, &cuantos);
	if (p->estado == 416) {
		snprintf(mas, sizeof(mas), "Content-Range: bytes */%llu\r\n",
			(unsigned long long)tam);
		return responde_estado(s, p, mas);
	}
	snprintf(mas, sizeof(mas), "Accept-Ranges: bytes\r\n");
	if (p->estado == 206)
		snprintf(mas, sizeof(mas), "Content-Range: bytes %llu-%llu/%llu\r\n",
			(unsigned long long)desde,
			(unsigned long long)(desde + cuantos - 1),
			(unsigned long long)tam);
	n = preparar_cabecera(cabecera, p, cuantos, http_tipo(p->camino[0] ?
		p->camino : "index.html"), mas);
	if (p->cabeza)
		return envia_todo(s, cabecera, n);
	parte = (struct parte){ .f = f, .desde = (off_t)desde,
		.tam = (off_t)cuantos, .tam_acceso_recom = (size_t)st->st_blksize,
		.mirar = ahora_ms() + plazo_s * 1000 };
	return envia(s, cabecera, n, &parte);
}

/* Returns 0, or -1 with errno: the connection is broken. */
static int responde(int s, struct peticion *p)
{
	struct stat st = { 0 };
	int f, r;

	if (p->estado == 200)
		p->estado = abrir_fichero(p->camino, &f, &st);
	switch (p->estado) {
	case 200:
		r = responde_fichero(s, p, f, &st);
		close(f);
		return r;
	case 301:
		return responde_otro_sitio(s, p);
	case 405:
		return responde_estado(s, p, "Allow: GET, HEAD\r\n");
	default:
		return responde_estado(s, p, "");
	}
}

/* close() with bytes unread would be a reset, which may overtake our answer: so
 * first only the sending half is shut, and what still comes is read, for a while
 * (RFC 9112 9.6). */
static void cierra(struct conexion *c)
{
	long long hasta = ahora_ms() + 1000;

	shutdown(c->s, SHUT_WR);
	for (int i = 0; i < 64; i++) {
		c->hay = 0;
		if (!recibe_mas(c, hasta, 0))
			break;
	}
	close(c->s);
}

static void *servicio(void *arg)
{
	struct conexion *c = arg;
	struct peticion p;
	int sigue = 1;

	for (int n = 1; sigue && recibir_peticion(c, &p); n++) {
		if (atomic_load(&parar) || n == PETICIONES)
			p.persiste = 0;
		if (responde(c->s, &p) < 0) {
			if (errno != EPIPE && errno != ECONNRESET)
				avisa_errno(dice("respuesta cortada",
					"answer cut"));
			break;
		}
		sigue = p.persiste && tira_cuerpo(c, p.cuerpo) == 0;
	}
	cierra(c);
	free(c);
	pthread_mutex_lock(&cerrojo);
	activos--;
	pthread_cond_signal(&uno_menos);
	pthread_mutex_unlock(&cerrojo);
	return NULL;
}

/* Waits until fewer than n threads are left, or until the time. Returns how many
 * there are. */
static int espera_hilos(int n, long long hasta)
{
	struct timespec t;
	int quedan;

	pthread_mutex_lock(&cerrojo);
	while (activos >= n && ahora_ms() < hasta) {
		/* POSIX: this clock, which may jump; so not for long at once. */
		clock_gettime(CLOCK_REALTIME, &t);
		t.tv_sec++;
		pthread_cond_timedwait(&uno_menos, &cerrojo, &t);
	}
	quedan = activos;
	pthread_mutex_unlock(&cerrojo);
	return quedan;
}

/* A thread for the client s. */
static void atiende(int s, const pthread_attr_t *atrib)
{
	struct timeval plazo = { .tv_sec = plazo_s };
	struct conexion *c = malloc(sizeof(*c));
	pthread_t hilo;

	/* A client that reads nothing must not hold send() for ever. */
	if (setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &plazo, sizeof(plazo)) < 0)
		avisa_errno("setsockopt");
	pthread_mutex_lock(&cerrojo);
	activos++;
	pthread_mutex_unlock(&cerrojo);
	errno = ENOMEM;
	if (c) {
		c->s = s;
		c->hay = 0;
		errno = pthread_create(&hilo, atrib, servicio, c);
		if (errno == 0)
			return;
	}
	avisa_errno("pthread_create");
	responde_estado(s, &(struct peticion){ .estado = 503 }, "");
	close(s);
	free(c);
	pthread_mutex_lock(&cerrojo);
	activos--;
	pthread_mutex_unlock(&cerrojo);
}

static void para(int senal)
{
	int guardado = errno;

	atomic_store(&parar, senal);
	if (write(tuberia[1], "", 1) < 0)
		_exit(1); /* cannot be: nobody else has written */
	errno = guardado;
}

static void prepara_parada(void)
{
	struct sigaction a = { .sa_handler = para };

	if (pipe(tuberia) < 0)
		muere_errno("pipe");
	sigemptyset(&a.sa_mask);
	/* Once: who says it twice means it. */
	a.sa_flags = SA_RESTART | (int)SA_RESETHAND;
	if (sigaction(SIGTERM, &a, NULL) < 0 || sigaction(SIGINT, &a, NULL) < 0)
		muere_errno("sigaction");
}

/* Accepts until the server is to stop. */
static void acepta_clientes(int s)
{
	struct pollfd p[2] = { { .fd = s, .events = POLLIN },
		{ .fd = tuberia[0], .events = POLLIN } };
	struct sockaddr_storage dir;
	pthread_attr_t atrib;
	socklen_t tam_dir;

	errno = pthread_attr_init(&atrib);
	if (errno == 0)
		errno = pthread_attr_setdetachstate(&atrib,
			PTHREAD_CREATE_DETACHED);
	if (errno == 0)
		errno = pthread_attr_setstacksize(&atrib, PILA);
	if (errno)
		muere_errno("pthread_attr");
	while (!atomic_load(&parar)) {
		int c;

		if (espera_hilos(HILOS, ahora_ms() + 1000) >= HILOS)
			continue;
		if (poll(p, 2, -1) < 0 || !p[0].revents)
			continue;
		c = acepta(s, &dir, &tam_dir);
		if (c >= 0)
			atiende(c, &atrib);
	}
	pthread_attr_destroy(&atrib);
}

int sirve_web(int argc, char **argv, envia_parte *como)
{
	const char *nombre = argc > 2 ? argv[2] : ".";
	int s, banderas, quedan;

	envia = como;
	if (argc > 3)
		plazo_s = numero(argv[3], 1, 3600, "plazo_s");
	if (argc > 4)
		ritmo = numero(argv[4], 0, 1L << 40, "ritmo");
	directorio = open(nombre, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directorio < 0)
		muere_errno(nombre);
	prepara_parada();
	s = escucha(argv[1], SOMAXCONN);
	/* Between poll() and accept() a client may think better of it: then
	 * accept() must not wait for the next. */
	banderas = fcntl(s, F_GETFL, 0);
	if (banderas < 0 || fcntl(s, F_SETFL, banderas | O_NONBLOCK) < 0)
		muere_errno("fcntl");
	acepta_clientes(s);
	close(s);
	quedan = espera_hilos(1, ahora_ms() + plazo_s * 1000);
	if (quedan == 0)
		return 0;
	avisa(dice("%d conexiones cortadas", "%d connections cut"), quedan);
	/* Not by return from main: they still run. */
	_exit(0);
}
