/* Urgent data (RFC 9293 3.8.5, as Linux's tcp_urg(), tcp_recv_urg() have it): one
 * byte of the stream is marked. It stays where it is in the fifo; the mark lies
 * beside it, in one word:
 *
 *	set		at which count of the fifo
 *	read		recv(MSG_OOB) has had it; the mark remains for sockatmark()
 *	skip		an older urgent byte is the next in the queue and was passed
 *			over by a newer mark: no data, up to urg_skip
 *
 * The writer puts the mark up before it publishes the byte, so no reader can run
 * past it; the reader takes it down when it has read on beyond. Where the two meet
 * a compare-and-swap decides.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"
#include "urgent.h"

#define MARK_SET (UINT64_C(1) << 32)
#define MARK_READ (UINT64_C(1) << 33)
#define MARK_SKIP (UINT64_C(1) << 34)

static uint64_t load(struct shm_fifo *f)
{
	/* Pairs with the swaps below. */
	return atomic_get_acquire(&f->urg);
}

static uint32_t place(uint64_t word)
{
	return (uint32_t)word;
}

/* Bytes at the head that are no data any more. */
static uint32_t passed_over(struct shm_fifo *f, uint64_t word, uint32_t head,
	uint32_t used)
{
	uint32_t n = atomic_word_get(&f->urg_skip) - head;

	return (word & MARK_SKIP) && n <= used ? n : 0;
}

void sock_urgent_put(struct shm_fifo *f, uint32_t at, bool oobinline)
{
	uint32_t head = atomic_get_acquire(&f->sh.head);
	uint32_t used = atomic_get_relaxed(&f->sh.tail) - head;
	uint64_t old = load(f), word;
	uint32_t here;

	do {
		word = MARK_SET | (old & MARK_SKIP) | at;
		here = head + passed_over(f, old, head, used);
		/* Linux's tcp_check_urg(): who stands at the old mark would get
		 * that byte as data now. */
		if ((old & MARK_SET) && !oobinline && place(old) == here &&
			here - head < used) {
			atomic_word_put(&f->urg_skip, here + 1);
			word |= MARK_SKIP;
		}
	} while (!atomic_cas(&f->urg, &old, word));
}

uint32_t sock_urgent_plan(struct shm_fifo *f, struct fifo_end *r, uint32_t avail,
	bool oobinline, uint32_t *skip)
{
	uint64_t word = load(f);
	uint32_t n = passed_over(f, word, r->own, avail), off;

	*skip = 0;
	if (word & MARK_SKIP) {
		fifo_release(r, n);
		avail -= n;
		/* Lost against a newer mark: it looks at head itself. */
		atomic_cas(&f->urg, &word, word & ~MARK_SKIP);
	}
	if (!(word & MARK_SET))
		return avail;
	off = place(word) - r->own;
	if (off >= avail)
		return avail;
	if (off > 0)
		return off;
	if (!oobinline) {
		*skip = 1;
		return avail - 1;
	}
	return avail;
}

void sock_urgent_passed(struct shm_fifo *f, uint32_t head)
{
	uint64_t word = load(f);

	if ((word & MARK_SET) && (int32_t)(head - place(word)) > 0)
		atomic_cas(&f->urg, &word, 0);
}

bool sock_urgent_at(struct shm_fifo *f)
{
	uint64_t word = load(f);
	uint32_t head = atomic_get_acquire(&f->sh.head);
	uint32_t used = atomic_get_acquire(&f->sh.tail) - head;

	return (word & MARK_SET) &&
		place(word) == head + passed_over(f, word, head, used);
}

/* The byte is there and nobody has read it. */
static bool readable(uint64_t word, uint32_t head, uint32_t used)
{
	return (word & (MARK_SET | MARK_READ)) == MARK_SET &&
		place(word) - head < used;
}

bool sock_urgent_ready(struct shm_fifo *f)
{
	uint32_t head = atomic_get_acquire(&f->sh.head);

	return readable(load(f), head, atomic_get_acquire(&f->sh.tail) - head);
}

uint32_t sock_urgent_unread(struct shm_fifo *f, uint32_t used, bool oobinline,
	bool to_mark)
{
	uint64_t word = load(f);
	uint32_t head = atomic_get_acquire(&f->sh.head);
	uint32_t n = passed_over(f, word, head, used), off;

	head += n;
	used -= n;
	off = place(word) - head;
	if (!(word & MARK_SET) || oobinline || off >= used)
		return used;
	if (to_mark)
		return off;
	return off == 0 ? used - 1 : used;
}

ssize_t sock_urgent_take(const struct sock_env *e, uint32_t fifo,
	struct shm_fifo *f, uint8_t *byte, bool peek)
{
	uint64_t word = load(f);
	struct fifo_end r;
	int64_t used;
	int err;

	if (!(word & MARK_SET) || (word & MARK_READ))
		return -EINVAL; /* Linux: "Yes this is right!" */
	err = shm_fifo_reader(e->arena, fifo, &r);
	used = err < 0 ? err : fifo_reader_used(&r);
	if (used < 0)
		return -EPROTO;
	if (!readable(word, r.own, (uint32_t)used))
		return -EAGAIN;
	fifo_peek(&r, place(word) - r.own, byte, 1);
	if (!peek)
		atomic_cas(&f->urg, &word, word | MARK_READ);
	return 1;
}

bool sock_urgent_sent(struct shm_fifo *f, uint32_t *at)
{
	uint64_t word = load(f);

	*at = place(word);
	return word & MARK_SET;
}
