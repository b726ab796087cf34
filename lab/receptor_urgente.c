/* Receives data of which some are urgent ("out of band"), in one of three ways:
 *
 *	senal	the signal SIGURG says that there is an urgent byte; it comes to
 *		whom F_SETOWN names, and recv(MSG_OOB) fetches the byte
 *	select	the third set of select(), of exceptional conditions, says it
 *	linea	SO_OOBINLINE leaves the byte in its place among the others, and
 *		sockatmark() (ioctl SIOCATMARK) says when the next one is it: recv()
 *		never reads over the mark
 *
 * recv(MSG_OOB) is EINVAL when there is no urgent byte (it has been read already,
 * or stays in line), and EAGAIN when only its mark has come.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/select.h>
#include <unistd.h>

enum modo { SENAL, SELECT, LINEA };

static const struct programa programa = { .forma = "puerto senal|select|linea",
	.es = "Recibe datos urgentes: por señal, por select o en su sitio.",
	.en = "Receives urgent data: by signal, by select, or in their place.",
	.min = 2, .max = 2 };

static volatile sig_atomic_t urgente;

static void al_llegar(int senal)
{
	urgente = 1;
}

/* The ordinary data. Returns 0 at their end. */
static int lee(int s)
{
	char buf[80 + 1];
	ssize_t n;

	do
		n = recv(s, buf, 80, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		avisa_errno("recv");
	if (n <= 0)
		return 0;
	buf[n] = '\0';
	informa(dice("leído %zd: %s", "read %zd: %s"), n, buf);
	return 1;
}

static void lee_urgente(int s)
{
	char c;
	ssize_t n = recv(s, &c, 1, MSG_OOB);

	/* EINVAL: one that has been told of twice; a later one has taken its
	 * place before it was read. */
	if (n < 0 && errno != EINVAL && errno != EAGAIN)
		avisa_errno("recv MSG_OOB");
	if (n == 1)
		informa(dice("urgente: %c", "urgent: %c"), c);
}

/* The signal is blocked but while pselect() waits: it cannot come between the look
 * at `urgente` and the sleep, and then be slept over. */
static void recibe_por_senal(int s, const sigset_t *antes)
{
	for (;;) {
		fd_set leen;
		int n;

		FD_ZERO(&leen);
		FD_SET(s, &leen);
		n = pselect(s + 1, &leen, NULL, NULL, NULL, antes);
		if (n < 0 && errno != EINTR)
			muere_errno("pselect");
		if (urgente) {
			urgente = 0;
			lee_urgente(s);
			continue;
		}
		if (n > 0 && !lee(s))
			return;
	}
}

static void recibe_por_select(int s)
{
	for (;;) {
		fd_set leen, excepciones;

		FD_ZERO(&leen);
		FD_SET(s, &leen);
		FD_ZERO(&excepciones);
		FD_SET(s, &excepciones);
		if (select(s + 1, &leen, NULL, &excepciones, NULL) < 0) {
			if (errno == EINTR)
				continue;
			muere_errno("select");
		}
		if (FD_ISSET(s, &excepciones))
			lee_urgente(s);
		/* Only what is there: the urgent byte does not count. */
		else if (!lee(s))
			return;
	}
}

static void recibe_en_linea(int s)
{
	do {
		int marca = sockatmark(s);

		if (marca < 0)
			muere_errno("sockatmark");
		if (marca)
			informa("%s", dice("marca: lo siguiente es urgente",
				"mark: what follows is urgent"));
	} while (lee(s));
}

/* SIGURG to this process, of this socket. */
static void pide_senal(int s)
{
	if (fcntl(s, F_SETOWN, getpid()) < 0)
		muere_errno("F_SETOWN");
}

static void recibe(int s, enum modo modo, const sigset_t *antes)
{
	paso("recv");
	switch (modo) {
	case SENAL:
		recibe_por_senal(s, antes);
		break;
	case SELECT:
		recibe_por_select(s);
		break;
	case LINEA:
		recibe_en_linea(s);
		break;
	}
	close(s);
	informa("%s", dice("fin", "end"));
}

int main(int argc, char **argv)
{
	static const char *const palabras[] = { "senal", "select", "linea", NULL };
	struct sigaction a = { .sa_handler = al_llegar };
	sigset_t urg, antes;
	enum modo modo;
	int s, si = 1;

	comienza(argc, argv, &programa);
	modo = (enum modo)elige(argv[2], palabras, "modo");
	s = escucha(argv[1], 5);
	/* The connection has it from its listener: set after accept() it would
	 * be too late for what has already come. */
	if (modo == LINEA && setsockopt(s, SOL_SOCKET, SO_OOBINLINE, &si,
			sizeof(si)) < 0)
		muere_errno("SO_OOBINLINE");
	sigemptyset(&urg);
	sigaddset(&urg, SIGURG);
	if (sigaction(SIGURG, &a, NULL) < 0 ||
		sigprocmask(SIG_BLOCK, &urg, &antes) < 0)
		muere_errno("SIGURG");
	for (;;) {
		int s_conec = acepta_e_informa(s);

		if (modo == SENAL)
			pide_senal(s_conec);
		recibe(s_conec, modo, &antes);
	}
}
