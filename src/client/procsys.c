/* /proc/sys/net as the virtual host has it: those rules that the network file may set
 * (docs/network-file.md) read as on Linux; nobody changes them from within, as on a
 * /proc/sys that is mounted read-only.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <linux/memfd.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"
#include "sock/congestion.h"

#define FOLDER "/proc/sys/net/"
#define TCP_RMEM_MIN 4096 /* Linux: SK_MEM_QUANTUM */

/* Up to three numbers with a tabulator between; their count. */
static int values(const char *name, uint32_t v[3])
{
	const struct shm_header *h = cl.arena.hdr;
	const struct shm_sysctl *c = &h->sysctl;
	const struct {
		const char *name;
		int n;
		uint32_t v[3];
	} rules[] = {
		{ "core/rmem_default", 1, { h->rcvbuf_default } },
		{ "core/rmem_max", 1, { h->rcvbuf_max } },
		{ "core/wmem_default", 1, { h->sndbuf_default } },
		{ "core/wmem_max", 1, { h->sndbuf_max } },
		{ "ipv4/ip_local_port_range", 2, { h->port_first, h->port_last } },
		{ "ipv4/ip_unprivileged_port_start", 1, { h->privileged_ports } },
		{ "ipv4/tcp_keepalive_time", 1, { c->tcp_keepalive_time } },
		{ "ipv4/tcp_keepalive_intvl", 1, { c->tcp_keepalive_intvl } },
		{ "ipv4/tcp_keepalive_probes", 1, { c->tcp_keepalive_probes } },
		{ "ipv4/tcp_fin_timeout", 1, { c->tcp_fin_timeout } },
		{ "ipv4/tcp_syn_retries", 1, { c->tcp_syn_retries } },
		{ "ipv4/tcp_notsent_lowat", 1, { c->tcp_notsent_lowat } },
		{ "ipv4/tcp_fastopen", 1, { c->tcp_fastopen } },
		{ "ipv4/tcp_mtu_probing", 1, { c->tcp_mtu_probing } },
		{ "ipv4/tcp_base_mss", 1, { c->tcp_base_mss } },
		{ "ipv4/tcp_rmem", 3, { TCP_RMEM_MIN, c->tcp_rmem_default,
			c->tcp_rmem_max } },
		{ "ipv4/tcp_wmem", 3, { TCP_RMEM_MIN, c->tcp_wmem_default,
			c->tcp_wmem_max } },
	};

	for (size_t k = 0; k < sizeof(rules) / sizeof(rules[0]); k++) {
		if (strcmp(rules[k].name, name) != 0)
			continue;
		memcpy(v, rules[k].v, sizeof(rules[k].v));
		return rules[k].n;
	}
	return 0;
}

/* Congestion controls by name: the one that sockets begin with, or all. 0: it is not
 * about them. */
static size_t congestion(const char *name, char *text, size_t size)
{
	static const char *const lists[] = { "ipv4/tcp_available_congestion_control",
		"ipv4/tcp_allowed_congestion_control" };
	const struct shm_sysctl *c = &cl.arena.hdr->sysctl;
	size_t used = 0;
	const char *cc;

	if (strcmp(name, "ipv4/tcp_congestion_control") == 0) {
		cc = sock_congestion_name(c->tcp_congestion);
		return (size_t)snprintf(text, size, "%s\n",
			cc ? cc : sock_congestion_name(0));
	}
	if (strcmp(name, lists[0]) != 0 && strcmp(name, lists[1]) != 0)
		return 0;
	for (unsigned k = 0; (cc = sock_congestion_name(k)); k++)
		used += (size_t)snprintf(text + used, size - used, "%s%s",
			k ? " " : "", cc);
	return used + (size_t)snprintf(text + used, size - used, "\n");
}

bool client_proc_sys_refused(const char *path)
{
	return strncmp(path, FOLDER, sizeof(FOLDER) - 1) == 0 && client_configured();
}

int client_proc_sys(const char *path, int flags)
{
	const char *name = path + sizeof(FOLDER) - 1;
	char text[64];
	uint32_t v[3];
	size_t used = 0;
	int n, fd;

	if (strncmp(path, FOLDER, sizeof(FOLDER) - 1) != 0 || !client_configured() ||
		client_enter() < 0)
		return -ENOENT;
	used = congestion(name, text, sizeof(text));
	n = used ? 0 : values(name, v);
	if (n == 0 && used == 0)
		return -ENOENT;
	for (int k = 0; k < n; k++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%u%c", v[k],
			k + 1 < n ? '\t' : '\n');
	fd = (int)sys_call2(SYS_memfd_create, name,
		flags & O_CLOEXEC ? MFD_CLOEXEC : 0);
	if (fd < 0)
		return fd;
	sys_call3(SYS_write, fd, text, used);
	sys_call3(SYS_lseek, fd, 0, SEEK_SET);
	return fd;
}
