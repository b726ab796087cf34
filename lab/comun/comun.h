/* What the laboratory programs share beside programa.h: complete transfers, sockets by name and
 * the reverse service's request. Plain POSIX; nothing of enchufe.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef COMUN_H
#define COMUN_H

#include "programa.h"

#include <netdb.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

/* Largest request that a reverse server takes, in bytes: the length comes from
 * outside and must not be believed without limit. */
#define TAM_MAX (256 * 1024 * 1024)

/* Receives exactly n bytes unless the peer closes first. Returns how many came
 * (fewer only at end of file), or -1 with errno. Blocks. */
ssize_t recibe_todo(int s, void *buf, size_t n);
/* Sends, or writes to a file, all n bytes. Returns 0, or -1 with errno. */
int envia_todo(int s, const void *buf, size_t n);
int envia_todo_con(int s, const void *buf, size_t n, int banderas);
int escribe_todo(int fd, const void *buf, size_t n);
/* The same for n pieces, by writev(); changes them. */
int envia_piezas(int s, struct iovec *iov, size_t n);
/* Of n pieces so many bytes are done: *iov becomes the first that is not, or
 * what is left of it. Returns how many pieces are left. */
size_t avanza_piezas(struct iovec **iov, size_t n, size_t hecho);

/* Turns the bytes round: hola, aloh. */
void revierte(char *dato, size_t n);

/* Reads the length that opens a request. Returns 0 and the length, or -1 after
 * telling why it is refused. */
int examina_tam(uint32_t tam_red, size_t *tam);

/* Goes before two data of variable size: their lengths, in network order. */
struct cabecera {
	uint32_t long1;
	uint32_t long2;
};

/* A TCP socket listening on every IPv4 address, with that backlog; ends the
 * program on error. Steps: bind, listen. */
int escucha(const char *puerto, int cola);
/* On every IPv6 address; if not solo_ipv6, on every IPv4 address too. */
int escucha_ipv6(const char *puerto, int cola, int solo_ipv6);
/* The next connection; waits out the errors that pass, ends the program on the
 * others. -1 when there is none and s does not block. */
int acepta(int s, struct sockaddr_storage *dir, socklen_t *tam_dir);
/* The same, after the step accept, and tells from where it comes. */
int acepta_e_informa(int s);
/* A server of receivers: a buffer of that size, a listening socket, and for ever
 * one connection after the other to `recibe`, which closes it. */
void sirve_receptor(char **argv, void recibe(int s_conec, char *buf, size_t tam))
	__attribute__((noreturn));
/* Reads blocks by `lee`, whose results are read()'s, and tells each of them, until
 * the end; then the total, and closes. `que` names the call in an error. */
void recibe_bloques(int s_conec, char *buf, size_t tam,
	ssize_t lee(int s, void *buf, size_t n), const char *que);
/* A message of n bytes, letters in turn; free() is the caller's. Ends the
 * program when there is no memory. */
char *mensaje(size_t n);
/* Serves one client of the reverse service until it leaves; closes s_conec. */
void sirve_rev(int s_conec);

/* All addresses of a name (NULL: of this machine, to bind). Ends the program
 * when there is none; freeaddrinfo() is the caller's. */
struct addrinfo *direcciones(const char *maquina, const char *puerto, int tipo,
	int banderas);
/* A socket of that type connected to (or bound to) the first of the addresses
 * that lets itself; ends the program when none does. Step of conecta():
 * connect. */
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
