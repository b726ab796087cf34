/* Fields of struct tcp_info by name, as assertions ask for them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

#include "play.h"

struct field {
	const char *name;
	size_t offset, size; /* bytes */
};

#define F(f) { #f, offsetof(struct tcp_info, f), sizeof(((struct tcp_info *)0)->f) }

static const struct field fields[] = {
	F(tcpi_state), F(tcpi_ca_state), F(tcpi_retransmits), F(tcpi_probes),
	F(tcpi_backoff), F(tcpi_options), F(tcpi_rto), F(tcpi_ato),
	F(tcpi_snd_mss), F(tcpi_rcv_mss), F(tcpi_unacked), F(tcpi_sacked),
	F(tcpi_lost), F(tcpi_retrans), F(tcpi_fackets), F(tcpi_last_data_sent),
	F(tcpi_last_ack_sent), F(tcpi_last_data_recv), F(tcpi_last_ack_recv),
	F(tcpi_pmtu), F(tcpi_rcv_ssthresh), F(tcpi_rtt), F(tcpi_rttvar),
	F(tcpi_snd_ssthresh), F(tcpi_snd_cwnd), F(tcpi_advmss),
	F(tcpi_reordering), F(tcpi_rcv_rtt), F(tcpi_rcv_space),
	F(tcpi_total_retrans), F(tcpi_pacing_rate), F(tcpi_max_pacing_rate),
	F(tcpi_bytes_acked), F(tcpi_bytes_received), F(tcpi_segs_out),
	F(tcpi_segs_in), F(tcpi_notsent_bytes), F(tcpi_min_rtt),
	F(tcpi_data_segs_in), F(tcpi_data_segs_out), F(tcpi_delivery_rate),
	F(tcpi_busy_time), F(tcpi_rwnd_limited), F(tcpi_sndbuf_limited),
	F(tcpi_delivered), F(tcpi_delivered_ce), F(tcpi_bytes_sent),
	F(tcpi_bytes_retrans), F(tcpi_dsack_dups), F(tcpi_reord_seen),
	F(tcpi_rcv_ooopack), F(tcpi_snd_wnd),
};

static double field_value(const struct tcp_info *info, const struct field *f)
{
	const char *at = (const char *)info + f->offset;
	uint64_t v = 0;

	memcpy(&v, at, f->size); /* little-endian */
	return (double)v;
}

bool play_tcp_info(struct play *p, const char *name, double *out)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (p->under_test < 0 || !p->fds[p->under_test].used)
		return false;
	if (sock_getopt(&p->host.env, p->fds[p->under_test].sock, IPPROTO_TCP,
			TCP_INFO, &info, &len) < 0)
		return false;
	if (strcmp(name, "tcpi_snd_wscale") == 0) {
		*out = info.tcpi_snd_wscale;
		return true;
	}
	if (strcmp(name, "tcpi_rcv_wscale") == 0) {
		*out = info.tcpi_rcv_wscale;
		return true;
	}
	for (size_t k = 0; k < sizeof(fields) / sizeof(fields[0]); k++) {
		if (strcmp(fields[k].name, name) == 0) {
			*out = field_value(&info, &fields[k]);
			return true;
		}
	}
	return false;
}
