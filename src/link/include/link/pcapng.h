/* Capture files in the pcapng format (draft-ietf-opsawg-pcapng): Ethernet
 * frames with nanosecond times, the interface and direction of each, and a
 * comment that says what became of it.
 *
 * Whole blocks only are ever handed to the kernel, so that a capture whose
 * writer was killed is readable up to the last flush; how much may be lost
 * then is the caller's choice (flush_after). The first error (a full disk ...)
 * is reported once, what can be kept of the file is kept, and all later calls
 * do nothing: traffic goes on.
 *
 * One thread; nothing here is called back except the error callback.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef LINK_PCAPNG_H
#define LINK_PCAPNG_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/time.h"

struct pcapng;

#define PCAPNG_NAME_MAX 128	 /* bytes of an interface's name, without zero */
#define PCAPNG_COMMENT_MAX 256	 /* bytes of a comment, longer ones are cut */
#define PCAPNG_BUFFER_SIZE 262144 /* bytes held at most before they are written */
#define PCAPNG_INTERFACES_MAX 65536

/* epb_flags, bits 0-1 (4.3.1 of the draft). */
enum pcapng_direction {
	PCAPNG_UNKNOWN = 0,
	PCAPNG_INBOUND = 1,
	PCAPNG_OUTBOUND = 2,
};

struct pcapng_options {
	struct duration wall_offset; /* added to an instant: ns since 1970 UTC */
	struct duration flush_after; /* how long a frame may be held in memory:
					0: not at all, each is written at once;
					negative: until the buffer is full */
	uint32_t snaplen;	     /* bytes kept of each frame, 0: all */
	const char *application;     /* shb_userappl, may be NULL */
	/* Told of the first error; may be NULL. Must not call back. */
	void (*error)(void *user, const char *path, int err);
	void *user;
};

/* A new file; one that exists is emptied. NULL with *err = -errno. */
struct pcapng *pcapng_create(const char *path, const struct pcapng_options *o,
	int *err);
/* A new section at the end of a file, made if missing. A half block at its end
 * (a writer that died) is cut off. *err = -EINVAL: not a pcapng file. */
struct pcapng *pcapng_append(const char *path, const struct pcapng_options *o,
	int *err);

/* Returns the interface's number in this file, -ENOSPC, or the earlier error. */
int pcapng_add_interface(struct pcapng *p, const char *name);
/* comment: NULL for none. */
void pcapng_write(struct pcapng *p, int iface, struct instant now,
	enum pcapng_direction dir, const struct span *frame, unsigned nspans,
	const char *comment);

/* When pcapng_tick() is wanted so that flush_after holds on a quiet link. */
struct instant pcapng_deadline(const struct pcapng *p);
void pcapng_tick(struct pcapng *p, struct instant now);

/* Hand everything to the kernel. 0, or the error that ended the capture. */
int pcapng_flush(struct pcapng *p);
/* Flush, close and free; the error as above. */
int pcapng_close(struct pcapng *p);

#endif
