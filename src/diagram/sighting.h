/* A packet as one point saw it, before it is known which sightings are of the same.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef DIAGRAM_SIGHTING_H
#define DIAGRAM_SIGHTING_H

#include "talk.h"

/* The fate that a link writes into the comment of each frame (link/pcapng.h). */
struct fate {
	bool told; /* by a link of ours: it is known */
	bool lost, duplicated, reordered;
	int64_t delay; /* ns */
	char why[NOTE_MAX];
};

struct sighting {
	int64_t at;
	unsigned frame; /* number in the capture, from 1 */
	unsigned point;
	uint8_t dir;
	int next; /* the same packet at a further point, -1 none */
	bool joined; /* it is some other's next */
	struct seen s;
	struct fate fate;
};

/* The fate of a packet for `host`, the name of the port that it is meant for (on a
 * switch each port may have another); NULL: not known. */
void fate_read(const struct capture_point *p, const struct capture_packet *k,
	const char *host, enum diagram_lang lang, struct fate *out);
/* join.c: links sightings of the same packet, and finds those that a point further on
 * should have seen and did not. 0 or -ENOMEM. They are in order of time. */
int sightings_join(struct sighting *s, size_t n, size_t n_points);

#endif
