/* What the laboratory programs share: complete transfers, sockets by name and
 * the reverse service's request. Plain POSIX; nothing of enchufe.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef COMUN_H
#define COMUN_H

#include <netdb.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

/* Largest request that a reverse server takes, in bytes: the length comes from
 * outside and must not be believed without limit. */
#define TAM_MAX (256 * 1024 * 1024)

/* Prints "programa: que: error of errno" or "programa: texto", in one line. */
void avisa_errno(const char *que);
void avisa(const char *formato, ...) __attribute__((format(printf, 1, 2)));
/* The same, then ends the program with status 1. */
void muere_errno(const char *que) __attribute__((noreturn));
void muere(const char *formato, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

/* First thing in main: name for the messages, SIGPIPE ignored (a peer that has
 * gone is an error of send, not the end of the program). */
void comienza(char **argv);

/* Receives exactly n bytes unless the peer closes first. Returns how many came
 * (fewer only at end of file), or -1 with errno. Blocks. */
ssize_t recibe_todo(int s, void *buf, size_t n);
/* Sends, or writes to a file, all n bytes. Returns 0, or -1 with errno. */
int envia_todo(int s, const void *buf, size_t n);
int escribe_todo(int fd, const void *buf, size_t n);

/* Turns the bytes round: hola, aloh. */
void revierte(char *dato, size_t n);

/* Reads the length that opens a request. Returns 0 and the length, or -1 after
 * telling why it is refused. */
int examina_tam(uint32_t tam_red, size_t *tam);

/* A TCP socket listening on every IPv4 address; ends the program on error. */
int escucha_rev(const char *puerto);
/* The next connection; waits out the errors that pass, ends the program on the
 * others. */
int acepta(int s, struct sockaddr_storage *dir, socklen_t *tam_dir);
/* Serves one client of the reverse service until it leaves; closes s_conec. */
void sirve_rev(int s_conec);

/* All addresses of a name (NULL: of this machine, to bind). Ends the program
 * when there is none; freeaddrinfo() is the caller's. */
struct addrinfo *direcciones(const char *maquina, const char *puerto, int tipo,
	int banderas);
/* A socket of that type connected to (or bound to) the first of the addresses
 * that lets itself; ends the program when none does. */
int conecta(const char *maquina, const char *puerto);
int asocia(const char *maquina, const char *puerto, int tipo);

/* Numeric host and port of an address (POSIX has no NI_MAXHOST; a number with
 * its zone is shorter than this). */
struct nombre {
	char maquina[80];
	char puerto[8];
};
void nombra(const struct sockaddr_storage *dir, socklen_t tam,
	struct nombre *nombre);

#endif
