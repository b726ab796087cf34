/* The documents' patterns of concurrent servers; see concurrencia.h. Processes
 * inherit the descriptors, threads share them: either way all of them mean the
 * same sockets. A process has its own memory and its own end: the crash of one
 * harms no other client; a thread is cheaper, and shares both.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "concurrencia.h"

#include "comun.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int acepta_uno(int s)
{
	struct sockaddr_storage dir_cliente;
	socklen_t tam_dir;

	return acepta(s, &dir_cliente, &tam_dir);
}

void acepta_y_crea_procesos(int s, void sirve(int s_conec))
{
	struct sigaction sin_zombis = { .sa_handler = SIG_IGN };

	/* SIGCHLD ignored: children that end leave no zombie, without wait. */
	sigemptyset(&sin_zombis.sa_mask);
	sin_zombis.sa_flags = SA_NOCLDWAIT;
	if (sigaction(SIGCHLD, &sin_zombis, NULL) < 0)
		muere_errno("sigaction");
	for (;;) {
		int s_conec = acepta_uno(s);

		switch (fork()) {
		case 0: /* the child serves this client and has no use for s */
			close(s);
			sirve(s_conec);
			exit(0);
		case -1:
			avisa_errno("fork");
			break;
		}
		/* The child's now: while anybody has it open, no FIN is sent. */
		close(s_conec);
	}
}

struct encargo {
	void (*sirve)(int s);
	int s;
};

static void *thread_de_servicio(void *arg)
{
	struct encargo e = *(struct encargo *)arg;

	free(arg);
	e.sirve(e.s);
	return NULL;
}

/* Returns 0, or -1 with errno. */
static int crea_thread(pthread_t *thid, const pthread_attr_t *atrib,
	void sirve(int s), int s)
{
	struct encargo *e = malloc(sizeof(*e));

	if (!e)
		return -1;
	*e = (struct encargo){ sirve, s };
	errno = pthread_create(thid, atrib, thread_de_servicio, e);
	if (errno == 0)
		return 0;
	free(e);
	return -1;
}

void acepta_y_crea_threads(int s, void sirve(int s_conec))
{
	pthread_attr_t atrib_th;
	pthread_t thid;

	errno = pthread_attr_init(&atrib_th);
	if (errno)
		muere_errno("pthread_attr_init");
	/* Detached: nobody will join them. */
	errno = pthread_attr_setdetachstate(&atrib_th, PTHREAD_CREATE_DETACHED);
	if (errno)
		muere_errno("pthread_attr_setdetachstate");
	for (;;) {
		int s_conec = acepta_uno(s);

		if (crea_thread(&thid, &atrib_th, sirve, s_conec) < 0) {
			avisa_errno("pthread_create");
			close(s_conec);
		}
	}
}

void acepta_y_sirve(int s, void sirve(int s_conec))
{
	for (;;)
		sirve(acepta_uno(s));
}

static pid_t crea_trabajador(int s, void trabaja(int s), const sigset_t *antes)
{
	pid_t pid = fork();

	if (pid < 0)
		muere_errno("fork");
	if (pid == 0) {
		sigprocmask(SIG_SETMASK, antes, NULL);
		trabaja(s);
	}
	return pid;
}

/* Ends the workers and the server. */
static void acaba(const pid_t *trabajador, int n, int estado)
	__attribute__((noreturn));
static void acaba(const pid_t *trabajador, int n, int estado)
{
	for (int i = 0; i < n; i++)
		if (trabajador[i] > 0)
			kill(trabajador[i], SIGTERM);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	exit(estado);
}

/* Whoever has ended: another in his place. Returns 0, or -1: it ended by itself,
 * and so would the next. */
static int reemplaza(pid_t *trabajador, int n, int s, void trabaja(int s),
	const sigset_t *antes)
{
	int estado, bien = 0;
	pid_t pid;

	/* One SIGCHLD may stand for several ends. */
	while ((pid = waitpid(-1, &estado, WNOHANG)) > 0)
		for (int i = 0; i < n; i++) {
			if (trabajador[i] != pid)
				continue;
			trabajador[i] = 0;
			if (!WIFSIGNALED(estado)) {
				bien = -1;
				continue;
			}
			informa(dice("un trabajador ha muerto (señal %d)",
				"a worker has died (signal %d)"),
				WTERMSIG(estado));
			trabajador[i] = crea_trabajador(s, trabaja, antes);
		}
	return bien;
}

void procesos_trabajadores(int n, int s, void trabaja(int s))
{
	pid_t trabajador[TRABAJADORES_MAX] = { 0 };
	sigset_t espera, antes;
	int senal;

	/* Blocked, these signals wait for sigwait(): none can come at the wrong
	 * moment, between a look and a sleep. */
	sigemptyset(&espera);
	sigaddset(&espera, SIGCHLD);
	sigaddset(&espera, SIGTERM);
	sigaddset(&espera, SIGINT);
	if (sigprocmask(SIG_BLOCK, &espera, &antes) < 0)
		muere_errno("sigprocmask");
	for (int i = 0; i < n; i++)
		trabajador[i] = crea_trabajador(s, trabaja, &antes);
	for (;;) {
		errno = sigwait(&espera, &senal);
		if (errno)
			muere_errno("sigwait");
		if (senal != SIGCHLD)
			acaba(trabajador, n, 0);
		if (reemplaza(trabajador, n, s, trabaja, &antes) < 0)
			acaba(trabajador, n, 1);
	}
}

void threads_trabajadores(int n, int s, void trabaja(int s))
{
	pthread_t thid;

	/* main is one of them. */
	for (int i = 1; i < n; i++)
		if (crea_thread(&thid, NULL, trabaja, s) < 0)
			muere_errno("pthread_create");
	trabaja(s);
	abort(); /* it does not return */
}
