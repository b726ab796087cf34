/* Fields of struct tcp_info, and of TCP_CC_INFO, by name, as assertions ask for them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

#include "play.h"
#include "shm/tcpinfo.h"

/* TCP_INFO, TCP_CC_INFO; their header and ours have names in common. */
enum { SCRIPT_TCP_INFO = 11, SCRIPT_TCP_CC_INFO = 26 };

struct field {
	const char *name;
	size_t offset, size; /* bytes */
};

#define F(f) { "tcpi_" #f, offsetof(struct shm_tcp_info, f), \
	sizeof(((struct shm_tcp_info *)0)->f) }

static const struct field fields[] = {
	F(state), F(ca_state), F(retransmits), F(probes), F(backoff),
	F(options), F(rto), F(ato), F(snd_mss), F(rcv_mss), F(unacked),
	F(sacked), F(lost), F(retrans), F(fackets), F(last_data_sent),
	F(last_ack_sent), F(last_data_recv), F(last_ack_recv), F(pmtu),
	F(rcv_ssthresh), F(rtt), F(rttvar), F(snd_ssthresh), F(snd_cwnd),
	F(advmss), F(reordering), F(rcv_rtt), F(rcv_space), F(total_retrans),
	F(pacing_rate), F(max_pacing_rate), F(bytes_acked), F(bytes_received),
	F(segs_out), F(segs_in), F(notsent_bytes), F(min_rtt), F(data_segs_in),
	F(data_segs_out), F(delivery_rate), F(busy_time), F(rwnd_limited),
	F(sndbuf_limited), F(delivered), F(delivered_ce), F(bytes_sent),
	F(bytes_retrans), F(dsack_dups), F(reord_seen), F(rcv_ooopack),
	F(snd_wnd), F(rcv_wnd), F(rehash), F(total_rto),
	F(total_rto_recoveries), F(total_rto_time), F(received_ce),
};

/* Fields of bits. */
static bool bits_value(const struct shm_tcp_info *info, const char *name, double *out)
{
	if (strcmp(name, "tcpi_snd_wscale") == 0)
		*out = info->wscales & 15;
	else if (strcmp(name, "tcpi_rcv_wscale") == 0)
		*out = info->wscales >> 4;
	else if (strcmp(name, "tcpi_delivery_rate_app_limited") == 0)
		*out = info->app_limited & 1;
	else if (strcmp(name, "tcpi_fastopen_client_fail") == 0)
		*out = info->app_limited >> 1 & 3;
	else
		return false;
	return true;
}

static double field_value(const struct shm_tcp_info *info, const struct field *f)
{
	const char *at = (const char *)info + f->offset;
	uint64_t v = 0;

	memcpy(&v, at, f->size); /* little-endian */
	return (double)v;
}

/* As packetdrill calls them; false: another congestion control has none. */
bool play_bbr_info(struct play *p, const char *name, double *out)
{
	static const char *const names[] = { "bbr_bw_lo", "bbr_bw_hi", "bbr_min_rtt",
		"bbr_pacing_gain", "bbr_cwnd_gain" };
	uint32_t words[sizeof(names) / sizeof(names[0])];
	socklen_t len = sizeof(words);

	if (p->under_test < 0 || !p->fds[p->under_test].used)
		return false;
	if (subject_getopt(&p->host, p->fds[p->under_test].sock, IPPROTO_TCP,
			SCRIPT_TCP_CC_INFO, words, &len) < 0 || len != sizeof(words))
		return false;
	for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
		if (strcmp(names[k], name) == 0) {
			*out = words[k];
			return true;
		}
	}
	return false;
}

bool play_tcp_info(struct play *p, const char *name, double *out)
{
	struct shm_tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (p->under_test < 0 || !p->fds[p->under_test].used)
		return false;
	if (subject_getopt(&p->host, p->fds[p->under_test].sock, IPPROTO_TCP,
			SCRIPT_TCP_INFO, &info, &len) < 0)
		return false;
	for (size_t k = 0; k < sizeof(fields) / sizeof(fields[0]); k++) {
		if (strcmp(fields[k].name, name) == 0) {
			*out = field_value(&info, &fields[k]);
			return true;
		}
	}
	return bits_value(&info, name, out);
}
