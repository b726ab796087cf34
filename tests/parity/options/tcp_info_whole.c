/* TCP_INFO beyond libc's struct: what was counted, what is yet to be known, and what
 * goes on with time. Only what is the same in each run is said.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

/* Linux's struct behind libc's (linux/tcp.h cannot stand beside it). */
struct whole {
	struct tcp_info t;
	uint64_t pacing_rate, max_pacing_rate, bytes_acked, bytes_received;
	uint32_t segs_out, segs_in, notsent_bytes, min_rtt;
	uint32_t data_segs_in, data_segs_out;
	uint64_t delivery_rate, busy_time, rwnd_limited, sndbuf_limited;
	uint32_t delivered, delivered_ce;
	uint64_t bytes_sent, bytes_retrans;
	uint32_t dsack_dups, reord_seen, rcv_ooopack, snd_wnd, rcv_wnd, rehash;
	uint16_t total_rto, total_rto_recoveries;
	uint32_t total_rto_time;
	uint32_t received_ce, accecn[6];
	uint16_t fail_mode, opt_seen;
};

static struct whole look(int fd)
{
	struct whole w;
	socklen_t len = sizeof(w);

	memset(&w, 0xee, sizeof(w));
	MUST(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &w, &len));
	if (len != sizeof(w))
		say("a struct of %u bytes", (unsigned)len);
	return w;
}

/* For as long as it takes, all was acknowledged. */
static struct whole acked(int fd, uint64_t bytes)
{
	struct whole w = look(fd);

	for (int k = 0; k < 1000 && w.bytes_acked != bytes; k++) {
		sleep_ms(10);
		w = look(fd);
	}
	return w;
}

static void say_unconnected(const char *what, int fd)
{
	struct whole w = look(fd);

	say("%s: state %u rto %u mss %u %u rttvar %u ssthresh %x cwnd %u", what,
		w.t.tcpi_state, w.t.tcpi_rto, w.t.tcpi_snd_mss, w.t.tcpi_rcv_mss,
		w.t.tcpi_rttvar, w.t.tcpi_snd_ssthresh, w.t.tcpi_snd_cwnd);
	say("unacked %u sacked %u reordering %u pmtu %u advmss %u", w.t.tcpi_unacked,
		w.t.tcpi_sacked, w.t.tcpi_reordering, w.t.tcpi_pmtu,
		w.t.tcpi_advmss);
	say("pacing %llx %llx min_rtt %x segments %u %u", (long long)w.pacing_rate,
		(long long)w.max_pacing_rate, w.min_rtt, w.segs_in, w.segs_out);
}

static void say_counts(const char *what, const struct whole *w)
{
	say("%s: acked %llu received %llu sent %llu again %llu", what,
		(long long)w->bytes_acked, (long long)w->bytes_received,
		(long long)w->bytes_sent, (long long)w->bytes_retrans);
	say("notsent %u ooo %u dsacks %u reordered %u ce %u %u", w->notsent_bytes,
		w->rcv_ooopack, w->dsack_dups, w->reord_seen, w->delivered_ce,
		w->received_ce);
	say("timeouts %u %u %u %u, rehash %u", w->t.tcpi_retransmits, w->total_rto,
		w->total_rto_recoveries, w->total_rto_time, w->rehash);
	say("last_ack_sent %u fackets %u retrans %u", w->t.tcpi_last_ack_sent,
		w->t.tcpi_fackets, w->t.tcpi_total_retrans);
	say("accecn %u %u %u %u", w->accecn[0], w->accecn[5], w->fail_mode,
		w->opt_seen);
}

static void say_sense(const char *what, const struct whole *w)
{
	say("%s: segments out %d in %d, of text %d %d, delivered %d", what,
		w->segs_out >= w->data_segs_out, w->segs_in > w->data_segs_in,
		w->data_segs_out > 0, w->data_segs_in > 0,
		w->delivered > 1 && w->delivered <= 1 + w->data_segs_out);
	say("min_rtt %d busy %d windows %d %d room %d %d ato %u",
		w->min_rtt > 0 && w->min_rtt <= 100000000,
		w->busy_time >= w->rwnd_limited + w->sndbuf_limited,
		w->snd_wnd > 30000, w->rcv_wnd > 30000,
		w->t.tcpi_rcv_space > 14000, w->t.tcpi_rcv_ssthresh > 30000,
		w->t.tcpi_ato);
	say("rcv_mss %d", w->t.tcpi_rcv_mss >= 536 &&
		w->t.tcpi_rcv_mss <= w->t.tcpi_advmss);
}

int main(void)
{
	char buf[20000] = "";
	struct whole w;
	int fd[2];

	say_unconnected("fresh", stream_socket(AF_INET));
	say_unconnected("listener", listener(AF_INET, 3, NULL));
	stream_pair(AF_INET, fd);
	w = look(fd[0]);
	say_counts("connected", &w);
	say("ato %u, rcv_mss %u, delivered %u, segments %u %u", w.t.tcpi_ato,
		w.t.tcpi_rcv_mss, w.delivered, w.data_segs_out, w.data_segs_in);
	w = look(fd[1]);
	say_counts("accepted", &w);
	send_all(fd[0], buf, sizeof(buf));
	recv_all(fd[1], buf, sizeof(buf));
	send_all(fd[1], buf, 5000);
	recv_all(fd[0], buf, 5000);
	acked(fd[1], 5000);
	w = acked(fd[0], sizeof(buf) + 1);
	say_counts("connector", &w);
	say_sense("connector", &w);
	w = acked(fd[1], 5000);
	say_counts("acceptor", &w);
	say_sense("acceptor", &w);
	MUST(shutdown(fd[1], SHUT_WR));
	await(fd[0], POLLRDHUP);
	w = look(fd[0]);
	say("state %u, received %llu", w.t.tcpi_state, (long long)w.bytes_received);
	w = acked(fd[1], 5001);
	say("acked %llu", (long long)w.bytes_acked);
	return 0;
}
