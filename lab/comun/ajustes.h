/* Options of sockets as words, "nodelay=1": for the programs that show what an option
 * does.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef AJUSTES_H
#define AJUSTES_H

/* For the usage: which words there are. */
#define AJUSTES_FORMA "[nodelay|quickack|sndbuf|rcvbuf|reuseaddr=n]..."

/* Ends the program with status 2 unless each of the n words is one of these. */
void examina_ajustes(int n, char **palabra);
/* Sets them; ends the program when the system refuses one. */
void ajusta(int s, int n, char **palabra);
/* Only those of TCP: what an accepted connection has to be told again, as
 * TCP_QUICKACK is no lasting option. */
void ajusta_tcp(int s, int n, char **palabra);
/* A line for each: what was asked for, and what the system says it is now. */
void informa_ajustes(int s, int n, char **palabra);

#endif
