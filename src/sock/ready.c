/* poll's bits, computed from the records: Linux's tcp_poll() and datagram_poll();
 * and a sleeper's announcement.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "hold.h"
#include "packet.h"
#include "room.h"

#include <poll.h>

#include "sock/report.h"
#include "urgent.h"

#define IN_EVENTS (POLLIN | POLLRDNORM)
#define OUT_EVENTS (POLLOUT | POLLWRNORM)
#define DGRAM_OUT_EVENTS (OUT_EVENTS | POLLWRBAND)
#define RX_SLEEP (POLLIN | POLLRDNORM | POLLRDHUP | POLLPRI)

/* Unread bytes. The counters move while we look: head first, so that it never
 * seems to be ahead. */
static uint32_t unread(struct shm_fifo *f)
{
	/* Acquire: pairs with the releases of head and tail in base/fifo. */
	uint32_t head = atomic_get_acquire(&f->sh.head);

	return atomic_get_acquire(&f->sh.tail) - head;
}

/* POLLOUT, and if it is not there a promise from the reader to tell. */
static bool writable(const struct sock_env *e, const struct shm_sock *s,
	struct shm_fifo *f)
{
	if (!f || room_is_writable(e, s, f))
		return true;
	/* Pairs with the reader's: head, fence, look at nospace. */
	atomic_put_relaxed(&f->nospace, 1);
	atomic_full_fence();
	return room_is_writable(e, s, f);
}

/* SO_RCVLOWAT, but never more than comes while nobody reads. */
static uint32_t lowat_of(const struct shm_sock *s, struct shm_fifo *rx)
{
	uint32_t lowat = sock_once(&s->opts.rcvlowat);
	uint32_t half = atomic_get_relaxed(&rx->limit) / 2;

	if (lowat > half)
		lowat = half;
	return lowat ? lowat : 1;
}

/* Bits of what has arrived: Linux's tcp_poll() lets the urgent byte itself not
 * count. */
static unsigned arrived(const struct shm_sock *s, struct shm_fifo *rx)
{
	uint32_t n = unread(rx);
	unsigned bits = 0;

	if (sock_urgent_any(rx)) {
		n = sock_urgent_unread(rx, n, sock_has_opt(s, SHM_O_OOBINLINE),
			false);
		bits = sock_urgent_ready(rx) ? POLLPRI : 0;
	}
	return n >= lowat_of(s, rx) ? bits | IN_EVENTS : bits;
}

/* An error is pending, or a report waits. Linux: SO_SELECT_ERR_QUEUE lets select()
 * see it as exceptional. */
static unsigned errors(const struct sock_env *e, const struct shm_sock *s,
	uint32_t flags)
{
	if (atomic_get_relaxed(&((struct shm_sock *)s)->so_error) == 0 &&
		(!(flags & SHM_F_REPORTS) || !sock_report_waits(e, s)))
		return 0;
	return sock_has_dgram(s, SHM_D_SELECT_ERR) ? POLLERR | POLLPRI : POLLERR;
}

static unsigned ready_stream(struct sock_env *e, struct shm_sock *s,
	unsigned wanted)
{
	uint32_t state = sock_state(s), flags = sock_flags(s);
	struct shm_fifo *rx = sock_rx(e, s);
	bool dead = state == SHM_SOCK_DEAD, in_end, out_end;
	unsigned bits = 0;

	if (state == SHM_SOCK_LISTEN)
		return 0;
	if (rx && hold_any(rx))
		hold_look(e, s, rx);
	if (state == SHM_SOCK_CONNECTING) /* Linux: SYN_SENT that waits for data */
		return errors(e, s, flags) |
			(flags & SHM_F_FO_WAITS ? OUT_EVENTS : 0);
	/* Pairs with the release of fin. */
	in_end = dead || (flags & SHM_F_RDSHUT) ||
		(rx && atomic_get_acquire(&rx->fin) != SHM_FIN_NONE);
	out_end = dead || (flags & SHM_F_WRSHUT);
	if ((in_end && out_end) || state == SHM_SOCK_OPEN)
		bits |= POLLHUP;
	if (in_end)
		bits |= IN_EVENTS | POLLRDHUP;
	if (rx)
		bits |= arrived(s, rx);
	/* Not looked at in vain: the far end's reader writes there. */
	if ((wanted & OUT_EVENTS) && (out_end || (flags & SHM_F_PEER_GONE) ||
			writable(e, s, sock_tx(e, s))))
		bits |= OUT_EVENTS;
	return bits | errors(e, s, flags);
}

static unsigned ready_dgram(struct sock_env *e, struct shm_sock *s,
	unsigned wanted)
{
	uint32_t flags = sock_flags(s);
	struct shm_fifo *rx = sock_rx(e, s);
	unsigned bits = errors(e, s, flags);

	if (flags & SHM_F_RDSHUT)
		bits |= IN_EVENTS | POLLRDHUP;
	if ((flags & SHM_F_RDSHUT) && (flags & SHM_F_WRSHUT))
		bits |= POLLHUP;
	if (rx && unread(rx) != 0)
		bits |= IN_EVENTS;
	if (sock_is_packet(s) && packet_readable(e, s))
		bits |= IN_EVENTS;
	if ((wanted & DGRAM_OUT_EVENTS) && writable(e, s, sock_tx(e, s)))
		bits |= DGRAM_OUT_EVENTS;
	return bits;
}

unsigned sock_ready(struct sock_env *e, uint32_t i, unsigned wanted)
{
	struct shm_sock *s = sock_live(e, i);

	if (!s)
		return POLLNVAL;
	return sock_is_stream(s) ? ready_stream(e, s, wanted) :
				   ready_dgram(e, s, wanted);
}

void sock_sleep_begin(struct sock_env *e, uint32_t i, unsigned wanted)
{
	struct shm_sock *s = sock_live(e, i);

	if (!s)
		return;
	/* A wait for nothing but errors hears with the readers. */
	if ((wanted & RX_SLEEP) || !(wanted & OUT_EVENTS))
		atomic_add(&s->rx_wait, 1);
	if (wanted & OUT_EVENTS)
		atomic_add(&s->tx_wait, 1);
	/* Pairs with sock_notify()'s. The sleeper's own look, which comes next, asks to
	 * hear of room if there is none: who waits to be connected asks for none. */
	atomic_full_fence();
}

static void take_back(_Atomic uint32_t *word)
{
	uint32_t n = atomic_get_relaxed(word);

	/* Never below 0, whatever somebody wrote there. */
	while (n != 0 && !atomic_cas(word, &n, n - 1))
		;
}

void sock_sleep_end(struct sock_env *e, uint32_t i, unsigned wanted)
{
	struct shm_sock *s = sock_at(e, i);

	if (!s)
		return;
	if ((wanted & RX_SLEEP) || !(wanted & OUT_EVENTS))
		take_back(&s->rx_wait);
	if (wanted & OUT_EVENTS)
		take_back(&s->tx_wait);
}
