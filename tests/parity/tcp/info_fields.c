/* TCP_INFO's fields that say the same in each run, and its lengths.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

/* The start of linux/tcp.h's struct, whose header cannot stand beside libc's. */
struct longer {
	struct tcp_info t;
	uint64_t pacing_rate, max_pacing_rate, bytes_acked, bytes_received;
	uint32_t segs_out, segs_in, notsent_bytes, min_rtt;
	uint32_t data_segs_in, data_segs_out;
};

static void show(const char *what, int fd)
{
	struct longer i;
	socklen_t len = sizeof(i);

	memset(&i, 0, sizeof(i));
	MUST(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &i, &len));
	say("%s", what);
	say("options 0x%x wscale %d %d", i.t.tcpi_options, i.t.tcpi_snd_wscale > 0,
		i.t.tcpi_rcv_wscale > 0);
	say("mss %u, advmss %u, pmtu %u", i.t.tcpi_snd_mss, i.t.tcpi_advmss,
		i.t.tcpi_pmtu);
	say("unacked %u sacked %u lost %u retrans %u total %u fackets %u",
		i.t.tcpi_unacked, i.t.tcpi_sacked, i.t.tcpi_lost,
		i.t.tcpi_retrans, i.t.tcpi_total_retrans, i.t.tcpi_fackets);
	say("ca %u backoff %u probes %u reordering %u", i.t.tcpi_ca_state,
		i.t.tcpi_backoff, i.t.tcpi_probes, i.t.tcpi_reordering);
	say("has rtt %d rttvar %d rto %d cwnd %d ssthresh %d", i.t.tcpi_rtt > 0,
		i.t.tcpi_rttvar > 0, i.t.tcpi_rto >= 200000,
		i.t.tcpi_snd_cwnd >= 10, i.t.tcpi_snd_ssthresh == 0x7fffffff);
	say("acked %u received %u notsent %u", (unsigned)i.bytes_acked,
		(unsigned)i.bytes_received, i.notsent_bytes);
	say("has segments %d %d", i.segs_out > 0, i.segs_in > 0);
}

int main(void)
{
	char buf[512] = "";
	socklen_t len;
	int fd[2];

	stream_pair(AF_INET, fd);
	send_all(fd[0], "hello, world", 12);
	await(fd[1], POLLIN);
	recv_all(fd[1], buf, 12);
	send_all(fd[1], "hi", 2);
	await(fd[0], POLLIN);
	sleep_ms(100);
	show("connector", fd[0]);
	show("acceptor", fd[1]);
	for (len = 0; len < 110; len += 36) {
		socklen_t got = len;

		say("room %u: %d, %u", (unsigned)len,
			getsockopt(fd[0], IPPROTO_TCP, TCP_INFO, buf, &got),
			(unsigned)got);
	}
	len = sizeof(buf);
	MUST(getsockopt(fd[0], IPPROTO_TCP, TCP_INFO, buf, &len));
	say("whole: %u", (unsigned)len);
	return 0;
}
