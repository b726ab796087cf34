/* What is left of a network file, or of a mistake in it, when it has been read.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "netfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct netfile_sysctl sysctl_defaults = {
	.rmem_default = 212992,
	.rmem_max = NETFILE_BUFFER_MAX,
	.wmem_default = 212992,
	.wmem_max = NETFILE_BUFFER_MAX,
	.port_range = { 32768, 60999 },
	.tcp_fin_timeout = 60,
	.tcp_keepalive_intvl = 75,
	.tcp_keepalive_probes = 9,
	.tcp_keepalive_time = 7200,
	.tcp_syn_retries = 6,
	.tcp_fastopen = 1,
	.tcp_base_mss = 1024,
};

void netfile_host_init(struct netfile_host *h)
{
	*h = (struct netfile_host){ .sysctl = sysctl_defaults };
	/* An ordinary user's host is his own; root's is as the machine, whose ports
	 * are not for those who have given root up. */
	h->sysctl.unprivileged_port_start = geteuid() == 0 ? 1024 : 0;
}

void netfile_free(struct netfile *n)
{
	for (uint32_t i = 0; i < n->nlinks; i++) {
		free(n->links[i].ends);
		free(n->links[i].capture);
	}
	free(n->links);
	free(n->hosts);
	*n = (struct netfile){ 0 };
}

const char *netfile_error_format(const struct netfile_error *err,
	const char *path, char *buf, size_t size)
{
	if (err->line)
		snprintf(buf, size, "%s:%u:%u: %s", path, err->line, err->column,
			err->text);
	else
		snprintf(buf, size, "%s: %s", path, err->text);
	return buf;
}
