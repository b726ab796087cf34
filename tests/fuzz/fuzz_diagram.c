/* Captures and events into every form of a diagram. The first byte says what the input
 * is: a capture file as it is, a sound one of packets whose headers come from the input
 * (so that TCP's analysis is reached), one of those with bytes turned, or events.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "diagram/diagram.h"

enum { FILE_ROOM = 65536, RECORD = 12, LINK_RAW = 101 };

static void draw(struct diagram *d, unsigned how)
{
	struct diagram_wish w = { .form = (enum diagram_form)(how % 3),
		.fold = how & 4 ? 3 : 0, .all = how & 8, .flow = how & 16 ? 1 : 0,
		.title = how & 32 ? "A <title> & more" : NULL };
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return;
	/* Either it is drawn or it says why not. */
	if (diagram_draw(d, &w, f) != 0 && !diagram_why(d)[0])
		abort();
	fclose(f);
	free(text);
}

static void run(const void *capture, size_t len, const void *events, size_t elen,
	unsigned how)
{
	struct diagram *d = diagram_new();

	if (!d)
		return;
	if (diagram_add_capture(d, capture, len) == 0 || elen) {
		if (elen)
			diagram_add_events(d, events, elen);
		draw(d, how);
	} else if (!diagram_why(d)[0]) {
		abort();
	}
	diagram_free(d);
}

/* One packet of raw IPv4 from a record of input; how many bytes. */
static size_t packet(uint8_t *to, const uint8_t *in)
{
	static const uint8_t protocols[] = { 6, 6, 6, 6, 17, 1, 58, 2 };
	uint8_t proto = protocols[in[0] & 7];
	uint16_t len = (uint16_t)(20 + 28 + (in[1] & 31) * 46);

	memset(to, 0, 64);
	to[0] = 0x45;
	put_be16(to + 2, len);
	to[8] = in[0] & 8 ? 64 : 63;
	to[9] = proto;
	to[12] = to[16] = 10;
	to[in[0] & 16 ? 15 : 19] = (uint8_t)(1 + (in[2] & 3));
	put_be16(to + 20, in[0] & 16 ? 1000 : 80);
	put_be16(to + 22, in[0] & 16 ? 80 : 1000);
	put_be32(to + 24, 0xfffffff0u + in[3] * 16u);
	put_be32(to + 28, 0xfffffff0u + in[4] * 16u);
	to[32] = (uint8_t)(in[5] & 0xf0);
	to[33] = in[6];
	put_be16(to + 34, (uint16_t)(in[7] * in[7]));
	memcpy(to + 40, in + 5, 7);
	return in[8] & 1 ? 48 : 20 + in[8] % 44;
}

/* A pcapng file of one section, two points and as many packets as there are records. */
static size_t make_file(uint8_t *file, const uint8_t *in, size_t n)
{
	static const char *const notes[] = { "lost (impairment)",
		"arrives in 20.000000 ms", "server: queue full, arrives in 1e9 ms",
		"duplicated" };
	uint32_t head[7] = { 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, ~0u, ~0u, 28 };
	uint32_t point[5] = { 1, 20, LINK_RAW, 0, 20 };
	size_t used = sizeof(head);
	int64_t ns = 0;

	memcpy(file, head, sizeof(head));
	for (int i = 0; i < 2; i++, used += sizeof(point))
		memcpy(file + used, point, sizeof(point));
	for (; n >= RECORD && used + 256 < FILE_ROOM; n -= RECORD, in += RECORD) {
		const char *note = notes[in[9] & 3];
		uint32_t kept = (uint32_t)packet(file + used + 28, in);
		uint32_t padded = (kept + 3) & ~3u, nlen = (uint32_t)strlen(note);
		uint32_t size = 32 + padded + (in[9] & 4 ? 4 + ((nlen + 3) & ~3u) : 0);
		uint32_t b[7] = { 6, size, in[10] & 1, 0, 0, kept, 1500 };
		uint16_t option[2] = { 1, (uint16_t)nlen };

		ns += in[11] * in[11];
		b[3] = (uint32_t)(ns >> 32);
		b[4] = (uint32_t)ns;
		memcpy(file + used, b, sizeof(b));
		if (in[9] & 4) {
			memset(file + used + 28 + padded, 0, size - 32 - padded);
			memcpy(file + used + 28 + padded, option, sizeof(option));
			memcpy(file + used + 32 + padded, note, nlen);
		}
		memcpy(file + used + size - 4, &size, 4);
		used += size;
	}
	return used;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t file[FILE_ROOM];
	static const char line[] = "{\"time\": 1.5, \"call\": \"send\", \"fd\": ";
	static char events[FILE_ROOM];
	size_t len, turned;

	if (size < 4)
		return 0;
	switch (data[0] & 3) {
	case 0:
		run(data + 2, size - 2, NULL, 0, data[1]);
		break;
	case 1:
		len = make_file(file, data + 2, size - 2);
		run(file, len, NULL, 0, data[1]);
		break;
	case 2:
		turned = (size - 2) / 2;
		len = make_file(file, data + 2 + turned, size - 2 - turned);
		for (size_t i = 0; i + 2 < turned; i += 3)
			file[(data[2 + i] << 8 | data[3 + i]) % len] = data[4 + i];
		run(file, len - data[1] % 8, NULL, 0, data[1]);
		break;
	case 3:
		len = make_file(file, data + 2, (size - 2) / 2);
		memcpy(events, line, sizeof(line) - 1);
		size -= 2;
		if (size > 4096)
			size = 4096;
		memcpy(events + sizeof(line) - 1, data + 2, size);
		run(file, len, events, sizeof(line) - 1 + size, data[1]);
		break;
	}
	return 0;
}
