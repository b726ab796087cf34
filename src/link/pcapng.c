/* The pcapng writer: blocks are built in one buffer and handed to the kernel in
 * runs of whole blocks.
 *
 *   buffer  [block][block][block]|-- room --|
 *   file    ...[block][block]^ good: where the last whole block ended
 *
 * If the kernel takes only a part (disk full), the file is cut back to `good`,
 * so that what remains can be read.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "link/pcapng.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* Section numbers are those of draft-ietf-opsawg-pcapng. */
enum {
	BLOCK_SECTION = 0x0a0d0d0a,   /* 4.1 */
	BLOCK_INTERFACE = 1,	      /* 4.2 */
	BLOCK_PACKET = 6,	      /* 4.3 */
	SECTION_MAGIC = 0x1a2b3c4d,
	LINKTYPE_ETHERNET = 1,
	OPT_END = 0,
	OPT_COMMENT = 1,	      /* 3.5 */
	SHB_USERAPPL = 4,	      /* 4.1 */
	IF_NAME = 2,		      /* 4.2 */
	IF_TSRESOL = 9,
	EPB_FLAGS = 2,		      /* 4.3 */
};

#define BLOCK_OVERHEAD 12u /* type and two lengths */
#define PACKET_FIXED 20u
#define TSRESOL_NS 9 /* 10^-9 s */

struct pcapng {
	int fd;
	int err;     /* 0, or the negative errno that ended the capture */
	off_t good;  /* end of the last whole block in the file */
	uint8_t *buf;
	size_t used; /* bytes in it, whole blocks */
	uint8_t *at; /* where the block being built goes on */
	uint32_t interfaces;
	struct instant oldest; /* first frame in the buffer, or never */
	struct pcapng_options o;
	char path[]; /* for messages */
};

static void pcapng_fail(struct pcapng *p, int err)
{
	if (p->err)
		return;
	p->err = err;
	p->used = 0;
	p->oldest = INSTANT_NEVER;
	if (p->o.error)
		p->o.error(p->o.user, p->path, err);
}

int pcapng_flush(struct pcapng *p)
{
	size_t done = 0;

	while (!p->err && done < p->used) {
		ssize_t n = write(p->fd, p->buf + done, p->used - done);

		if (n > 0) {
			done += (size_t)n;
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		n = n < 0 ? -errno : -EIO;
		/* Of a pipe nothing can be taken back, and nothing is. */
		if (ftruncate(p->fd, p->good) < 0)
			p->good += (off_t)done;
		pcapng_fail(p, (int)n);
	}
	p->good += (off_t)p->used;
	p->used = 0;
	p->oldest = INSTANT_NEVER;
	return p->err;
}

static size_t padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

static void put16(struct pcapng *p, uint16_t v)
{
	memcpy(p->at, &v, sizeof(v));
	p->at += sizeof(v);
}

static void put32(struct pcapng *p, uint32_t v)
{
	memcpy(p->at, &v, sizeof(v));
	p->at += sizeof(v);
}

static void put_pad(struct pcapng *p, size_t len)
{
	memset(p->at, 0, padded(len) - len);
	p->at += padded(len) - len;
}

static size_t option_size(size_t len)
{
	return 4 + padded(len);
}

static void put_option(struct pcapng *p, uint16_t code, const void *value,
	size_t len)
{
	put16(p, code);
	put16(p, (uint16_t)len);
	if (len)
		memcpy(p->at, value, len);
	p->at += len;
	put_pad(p, len);
}

/* Make room for a block with this much between its two lengths. */
static bool block_begin(struct pcapng *p, uint32_t type, size_t body)
{
	size_t total = body + BLOCK_OVERHEAD;

	if (p->used + total > PCAPNG_BUFFER_SIZE)
		pcapng_flush(p);
	if (p->err)
		return false;
	if (total > PCAPNG_BUFFER_SIZE) {
		pcapng_fail(p, -EMSGSIZE);
		return false;
	}
	p->at = p->buf + p->used;
	put32(p, type);
	put32(p, (uint32_t)total);
	return true;
}

static void block_end(struct pcapng *p)
{
	put32(p, (uint32_t)(p->at - (p->buf + p->used)) + 4);
	p->used = (size_t)(p->at - p->buf);
}

static void pcapng_put_section(struct pcapng *p)
{
	const char *app = p->o.application;
	size_t len = app ? strnlen(app, PCAPNG_NAME_MAX) : 0;
	size_t body = 16;

	if (len)
		body += option_size(len) + 4;
	if (!block_begin(p, BLOCK_SECTION, body))
		return;
	put32(p, SECTION_MAGIC);
	put16(p, 1); /* major */
	put16(p, 0); /* minor */
	put32(p, UINT32_MAX); /* length of the section: not given */
	put32(p, UINT32_MAX);
	if (len) {
		put_option(p, SHB_USERAPPL, app, len);
		put_option(p, OPT_END, NULL, 0);
	}
	block_end(p);
}

int pcapng_add_interface(struct pcapng *p, const char *name)
{
	static const uint8_t resolution = TSRESOL_NS;
	size_t len = strnlen(name, PCAPNG_NAME_MAX);

	if (p->err)
		return p->err;
	if (p->interfaces == PCAPNG_INTERFACES_MAX)
		return -ENOSPC;
	if (!block_begin(p, BLOCK_INTERFACE, 8 + option_size(len) +
		option_size(1) + 4))
		return p->err;
	put16(p, LINKTYPE_ETHERNET);
	put16(p, 0);
	put32(p, p->o.snaplen);
	put_option(p, IF_NAME, name, len);
	put_option(p, IF_TSRESOL, &resolution, 1);
	put_option(p, OPT_END, NULL, 0);
	block_end(p);
	return (int)p->interfaces++;
}

/* At most `most` bytes of the spans. */
static void put_spans(struct pcapng *p, const struct span *spans,
	unsigned nspans, size_t most)
{
	size_t left = most;

	for (unsigned i = 0; i < nspans && left; i++) {
		size_t n = spans[i].len < left ? spans[i].len : left;

		if (n)
			memcpy(p->at, spans[i].base, n);
		p->at += n;
		left -= n;
	}
	put_pad(p, most);
}

void pcapng_write(struct pcapng *p, int iface, struct instant now,
	enum pcapng_direction dir, const struct span *frame, unsigned nspans,
	const char *comment)
{
	uint64_t ns = (uint64_t)(now.ns + p->o.wall_offset.ns);
	size_t note = comment ? strnlen(comment, PCAPNG_COMMENT_MAX) : 0;
	size_t len = 0, kept, body;
	uint32_t flags = dir;

	if (p->err || iface < 0 || (uint32_t)iface >= p->interfaces)
		return;
	for (unsigned i = 0; i < nspans; i++)
		len += frame[i].len;
	kept = p->o.snaplen && len > p->o.snaplen ? p->o.snaplen : len;
	body = PACKET_FIXED + padded(kept) + option_size(sizeof(flags)) + 4;
	if (note)
		body += option_size(note);
	if (!block_begin(p, BLOCK_PACKET, body))
		return;
	put32(p, (uint32_t)iface);
	put32(p, (uint32_t)(ns >> 32));
	put32(p, (uint32_t)ns);
	put32(p, (uint32_t)kept);
	put32(p, (uint32_t)len);
	put_spans(p, frame, nspans, kept);
	if (note)
		put_option(p, OPT_COMMENT, comment, note);
	put_option(p, EPB_FLAGS, &flags, sizeof(flags));
	put_option(p, OPT_END, NULL, 0);
	block_end(p);
	if (instant_is_never(p->oldest))
		p->oldest = now;
	pcapng_tick(p, now);
}

struct instant pcapng_deadline(const struct pcapng *p)
{
	if (p->o.flush_after.ns < 0)
		return INSTANT_NEVER;
	return instant_add(p->oldest, p->o.flush_after);
}

void pcapng_tick(struct pcapng *p, struct instant now)
{
	struct instant at = pcapng_deadline(p);

	if (!instant_is_never(at) && !instant_before(now, at))
		pcapng_flush(p);
}

static struct pcapng *pcapng_new(const char *path,
	const struct pcapng_options *o)
{
	size_t len = strlen(path) + 1;
	struct pcapng *p = calloc(1, sizeof(*p) + len);

	if (!p)
		return NULL;
	p->buf = malloc(PCAPNG_BUFFER_SIZE);
	if (!p->buf) {
		free(p);
		return NULL;
	}
	memcpy(p->path, path, len);
	p->o = *o;
	p->o.application = NULL; /* the caller's, used at once */
	p->fd = -1;
	p->oldest = INSTANT_NEVER;
	return p;
}

static void pcapng_free(struct pcapng *p)
{
	if (p->fd >= 0)
		close(p->fd);
	free(p->buf);
	free(p);
}

/* The head of the block at `at`: its length, 0 when the file ends within it, or
 * -EINVAL, -errno. *swap: the section's byte order is not ours. */
static int64_t block_length(int fd, off_t at, off_t end, bool *swap)
{
	uint32_t head[3], tail;
	ssize_t n = pread(fd, head, sizeof(head), at);

	if (n < 0)
		return -errno;
	if (n < (ssize_t)sizeof(head))
		return 0;
	if (head[0] == BLOCK_SECTION) {
		*swap = head[2] == __builtin_bswap32(SECTION_MAGIC);
		if (!*swap && head[2] != SECTION_MAGIC)
			return -EINVAL;
	} else if (at == 0) {
		return -EINVAL;
	}
	if (*swap)
		head[1] = __builtin_bswap32(head[1]);
	if (head[1] < BLOCK_OVERHEAD || head[1] % 4)
		return -EINVAL;
	if (head[1] > end - at)
		return 0;
	n = pread(fd, &tail, sizeof(tail), at + head[1] - 4);
	if (n != (ssize_t)sizeof(tail))
		return n < 0 ? -errno : -EINVAL;
	if (*swap)
		tail = __builtin_bswap32(tail);
	return tail == head[1] ? (int64_t)head[1] : -EINVAL;
}

/* Go to the end of the last whole block and cut off what follows. */
static int pcapng_seek_end(struct pcapng *p)
{
	bool swap = false;
	struct stat st;
	int64_t n = 0;

	if (fstat(p->fd, &st) < 0)
		return -errno;
	while (p->good < st.st_size) {
		n = block_length(p->fd, p->good, st.st_size, &swap);
		if (n <= 0)
			break;
		p->good += n;
	}
	if (n < 0)
		return (int)n;
	if (p->good == 0 && st.st_size >= (off_t)BLOCK_OVERHEAD)
		return -EINVAL; /* less than a section is nothing of ours */
	if (p->good < st.st_size && ftruncate(p->fd, p->good) < 0)
		return -errno;
	return lseek(p->fd, p->good, SEEK_SET) < 0 ? -errno : 0;
}

/* mode: the flags of open() beside the common ones. */
static struct pcapng *pcapng_open(const char *path,
	const struct pcapng_options *o, int mode, int *err)
{
	struct pcapng *p = pcapng_new(path, o);

	*err = -ENOMEM;
	if (!p)
		return NULL;
	p->fd = open(path, mode | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
	*err = p->fd < 0 ? -errno : 0;
	if (!*err && !(mode & O_TRUNC))
		*err = pcapng_seek_end(p);
	if (*err < 0) {
		pcapng_free(p);
		return NULL;
	}
	/* Errors of the first block are returned, not called back. */
	p->o.error = NULL;
	p->o.application = o->application;
	pcapng_put_section(p);
	*err = pcapng_flush(p);
	p->o.application = NULL;
	p->o.error = o->error;
	if (*err < 0) {
		pcapng_free(p);
		return NULL;
	}
	return p;
}

struct pcapng *pcapng_create(const char *path, const struct pcapng_options *o,
	int *err)
{
	return pcapng_open(path, o, O_WRONLY | O_TRUNC, err);
}

struct pcapng *pcapng_append(const char *path, const struct pcapng_options *o,
	int *err)
{
	return pcapng_open(path, o, O_RDWR, err);
}

int pcapng_close(struct pcapng *p)
{
	int r = pcapng_flush(p);

	if (close(p->fd) < 0 && !r)
		r = -errno;
	p->fd = -1;
	pcapng_free(p);
	return r;
}
