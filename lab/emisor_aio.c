/* Sends a message of that size asynchronously: aio_write() takes note and
 * returns at once, without a copy; the program goes on, and must not touch the
 * buffer until the operation has ended, which a signal tells here. (Linux does
 * it in the library, with a thread.) Asynchronous is not the same as
 * non-blocking: see emisor_nb.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <aio.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct programa programa = { .forma = "maquina puerto tam_enviar",
	.es = "Envía un mensaje de ese tamaño con aio_write.",
	.en = "Sends a message of that size with aio_write.",
	.min = 3, .max = 3 };

static volatile sig_atomic_t avisado;

static void al_terminar(int senal)
{
	(void)senal;
	avisado = 1;
}

/* Starts one operation and waits for its end. Returns how much it wrote. */
static size_t escribe(int s, char *buf, size_t n)
{
	struct aiocb op;
	const struct aiocb *lista[1] = { &op };
	ssize_t r;
	int e;

	memset(&op, 0, sizeof(op));
	op.aio_fildes = s;
	op.aio_buf = buf;
	op.aio_nbytes = n;
	op.aio_sigevent.sigev_notify = SIGEV_SIGNAL;
	op.aio_sigevent.sigev_signo = SIGUSR1;
	avisado = 0;
	if (aio_write(&op) < 0)
		muere_errno("aio_write");
	informa("%s", dice("aio_write ha vuelto; el programa sigue",
		"aio_write has returned; the program goes on"));
	paso("aio_suspend");
	while ((e = aio_error(&op)) == EINPROGRESS)
		if (aio_suspend(lista, 1, NULL) < 0 && errno != EINTR)
			muere_errno("aio_suspend");
	r = aio_return(&op);
	if (r < 0) {
		errno = e;
		muere_errno("aio_write");
	}
	return (size_t)r;
}

int main(int argc, char **argv)
{
	struct sigaction accion = { .sa_handler = al_terminar };
	size_t tam, hecho = 0;
	sigset_t usr1, antes;
	char *buf;
	int s;

	comienza(argc, argv, &programa);
	tam = (size_t)numero(argv[3], 1, TAM_MAX, "tam_enviar");
	buf = mensaje(tam);
	sigemptyset(&accion.sa_mask);
	if (sigaction(SIGUSR1, &accion, NULL) < 0)
		muere_errno("sigaction");
	s = conecta(argv[1], argv[2]);
	while (hecho < tam) {
		size_t r = escribe(s, buf + hecho, tam - hecho);

		/* The signal is sent after the operation's end is known. */
		sigemptyset(&usr1);
		sigaddset(&usr1, SIGUSR1);
		sigprocmask(SIG_BLOCK, &usr1, &antes);
		while (!avisado)
			sigsuspend(&antes);
		sigprocmask(SIG_SETMASK, &antes, NULL);
		informa(dice("fin, avisado por una señal: %zu de %zu",
				"end, told by a signal: %zu of %zu"), r,
			tam - hecho);
		hecho += r;
	}
	close(s);
	free(buf);
	return 0;
}
