/* Capture files, read back block by block by a small reader of their own (and
 * by tshark, where there is one).
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "link/link.h"
#include "link/pcapng.h"

#define PACKETS_MAX 64

struct packet {
	int section;
	uint32_t iface, caplen, len, flags;
	uint64_t ns;
	char comment[300];
	const uint8_t *data;
};

struct capture {
	uint8_t *bytes;
	size_t size;
	int sections;
	int interfaces; /* of all sections */
	char app[64];
	char name[8][PCAPNG_NAME_MAX + 1];
	uint8_t resolution[8];
	uint32_t snaplen[8];
	int packets;
	struct packet p[PACKETS_MAX];
};

static char path[64];

static uint32_t get32(const uint8_t *b)
{
	return b[0] | b[1] << 8 | b[2] << 16 | (uint32_t)b[3] << 24;
}

static uint16_t get16(const uint8_t *b)
{
	return (uint16_t)(b[0] | b[1] << 8);
}

/* The value of an option, of *len bytes; NULL when it is not there. */
static const uint8_t *find_option(const uint8_t *at, const uint8_t *end,
	uint16_t code, uint16_t *len)
{
	bool closed = at == end;
	const uint8_t *found = NULL;

	while (at < end) {
		uint16_t c = get16(at), n = get16(at + 2);

		CHECK_INT(end - at, >=, 4 + ((n + 3) & ~3));
		if (c == 0) {
			CHECK_INT(n, ==, 0);
			closed = true;
			CHECK(at + 4 == end);
			break;
		}
		if (c == code) {
			found = at + 4;
			*len = n;
		}
		at += 4 + ((n + 3) & ~3);
	}
	CHECK(closed);
	return found;
}

static void copy_option(char *to, size_t room, const uint8_t *from,
	const uint8_t *end, uint16_t code)
{
	uint16_t n = 0;
	const uint8_t *v = find_option(from, end, code, &n);

	to[0] = 0;
	if (!v)
		return;
	CHECK_INT(n, <, room);
	memcpy(to, v, n);
	to[n] = 0;
}

static void read_section(struct capture *c, const uint8_t *b,
	const uint8_t *end)
{
	CHECK_INT(get32(b + 8), ==, 0x1a2b3c4d);
	CHECK_INT(get16(b + 12), ==, 1);
	CHECK_INT(get16(b + 14), ==, 0);
	copy_option(c->app, sizeof(c->app), b + 24, end, 4);
	c->sections++;
}

static void read_interface(struct capture *c, const uint8_t *b,
	const uint8_t *end)
{
	const uint8_t *v;
	uint16_t n = 0;

	CHECK_INT(c->interfaces, <, 8);
	CHECK_INT(get16(b + 8), ==, 1); /* Ethernet */
	c->snaplen[c->interfaces] = get32(b + 12);
	copy_option(c->name[c->interfaces], PCAPNG_NAME_MAX + 1, b + 16, end, 2);
	v = find_option(b + 16, end, 9, &n);
	CHECK(v && n == 1);
	c->resolution[c->interfaces++] = v[0];
}

static void read_packet(struct capture *c, const uint8_t *b, const uint8_t *end)
{
	struct packet *p = &c->p[c->packets++];
	const uint8_t *options, *v;
	uint16_t n = 0;

	CHECK_INT(c->packets, <=, PACKETS_MAX);
	p->section = c->sections;
	p->iface = get32(b + 8);
	p->ns = (uint64_t)get32(b + 12) << 32 | get32(b + 16);
	p->caplen = get32(b + 20);
	p->len = get32(b + 24);
	p->data = b + 28;
	options = p->data + ((p->caplen + 3) & ~3u);
	CHECK(options <= end);
	copy_option(p->comment, sizeof(p->comment), options, end, 1);
	v = find_option(options, end, 2, &n);
	CHECK(v && n == 4);
	p->flags = get32(v);
}

static struct capture *read_back(void)
{
	static struct capture c;
	const uint8_t *b, *end;
	struct stat st;
	int fd = open(path, O_RDONLY);

	CHECK(fd >= 0 && fstat(fd, &st) == 0);
	free(c.bytes);
	memset(&c, 0, sizeof(c));
	c.size = (size_t)st.st_size;
	c.bytes = malloc(c.size + 1);
	CHECK_INT(read(fd, c.bytes, c.size), ==, c.size);
	close(fd);
	for (b = c.bytes; b < c.bytes + c.size; b = end) {
		CHECK_INT(c.bytes + c.size - b, >=, 12);
		end = b + get32(b + 4);
		CHECK_INT(get32(b + 4) % 4, ==, 0);
		CHECK(end > b && end <= c.bytes + c.size);
		CHECK_INT(get32(end - 4), ==, get32(b + 4));
		if (get32(b) == 0x0a0d0d0a)
			read_section(&c, b, end - 4);
		else if (get32(b) == 1)
			read_interface(&c, b, end - 4);
		else if (get32(b) == 6)
			read_packet(&c, b, end - 4);
		else
			CHECK(!"known block");
	}
	return &c;
}

static void unlink_path(void)
{
	unlink(path);
}

static void new_path(void)
{
	int fd;

	strcpy(path, "/tmp/test_pcapng.XXXXXX");
	fd = mkstemp(path);
	CHECK(fd >= 0);
	close(fd);
	atexit(unlink_path);
}

static struct pcapng *create(const struct pcapng_options *o)
{
	struct pcapng *p;
	int err = 1;

	new_path();
	p = pcapng_create(path, o, &err);
	CHECK(p != NULL);
	CHECK_INT(err, ==, 0);
	return p;
}

static void write_frame(struct pcapng *p, int iface, int64_t ns, uint8_t fill,
	size_t len, const char *comment)
{
	static uint8_t bytes[LINK_FRAME_MAX];
	struct span s[2] = { { bytes, len / 3 }, { bytes + len / 3,
		len - len / 3 } };

	memset(bytes, fill, len);
	pcapng_write(p, iface, (struct instant){ ns }, PCAPNG_OUTBOUND, s, 2,
		comment);
}

TEST(pcapng_is_read_back)
{
	struct pcapng_options o = { .flush_after = { -1 },
		.wall_offset = { 1700000000000000000 }, .application = "enchufe" };
	struct pcapng *p = create(&o);
	struct capture *c;

	CHECK_INT(pcapng_add_interface(p, "wire/client"), ==, 0);
	CHECK_INT(pcapng_add_interface(p, ""), ==, 1);
	for (int i = 0; i < 20; i++)
		write_frame(p, i % 2, i * 1001, (uint8_t)i, 60 + (size_t)i,
			i == 7 ? "lost" : NULL);
	write_frame(p, 2, 0, 0, 60, NULL); /* no such interface */
	CHECK_INT(pcapng_close(p), ==, 0);

	c = read_back();
	CHECK_INT(c->sections, ==, 1);
	CHECK_STR(c->app, "enchufe");
	CHECK_INT(c->interfaces, ==, 2);
	CHECK_STR(c->name[0], "wire/client");
	CHECK_STR(c->name[1], "");
	CHECK_INT(c->resolution[0], ==, 9);
	CHECK_INT(c->snaplen[0], ==, 0);
	CHECK_INT(c->packets, ==, 20);
	for (int i = 0; i < 20; i++) {
		CHECK_INT(c->p[i].iface, ==, i % 2);
		CHECK_INT(c->p[i].ns, ==, 1700000000000000000 + i * 1001);
		CHECK_INT(c->p[i].caplen, ==, 60 + i);
		CHECK_INT(c->p[i].len, ==, 60 + i);
		CHECK_INT(c->p[i].flags, ==, PCAPNG_OUTBOUND);
		CHECK_INT(c->p[i].data[0], ==, i);
		CHECK_INT(c->p[i].data[59 + i], ==, i);
		CHECK_STR(c->p[i].comment, i == 7 ? "lost" : "");
	}
}

TEST(pcapng_cuts_to_the_snaplen)
{
	struct pcapng_options o = { .flush_after = { -1 }, .snaplen = 50 };
	struct pcapng *p = create(&o);
	struct capture *c;

	CHECK_INT(pcapng_add_interface(p, "x"), ==, 0);
	write_frame(p, 0, 0, 1, 1000, NULL);
	write_frame(p, 0, 0, 2, 40, NULL);
	CHECK_INT(pcapng_close(p), ==, 0);
	c = read_back();
	CHECK_INT(c->snaplen[0], ==, 50);
	CHECK_INT(c->p[0].caplen, ==, 50);
	CHECK_INT(c->p[0].len, ==, 1000);
	CHECK_INT(c->p[1].caplen, ==, 40);
}

TEST(pcapng_holds_and_flushes_as_told)
{
	struct pcapng_options o = { .flush_after = { 0 } };
	struct pcapng *p = create(&o);

	pcapng_add_interface(p, "x");
	write_frame(p, 0, 5, 1, 60, NULL);
	CHECK_INT(read_back()->packets, ==, 1); /* at once */
	CHECK(instant_is_never(pcapng_deadline(p)));
	pcapng_close(p);
	unlink(path);

	o.flush_after = DURATION_MS(1);
	p = create(&o);
	pcapng_add_interface(p, "x");
	write_frame(p, 0, 5, 1, 60, NULL);
	CHECK_INT(read_back()->packets, ==, 0);
	CHECK_INT(pcapng_deadline(p).ns, ==, 1000005);
	pcapng_tick(p, (struct instant){ 1000004 });
	CHECK_INT(read_back()->packets, ==, 0);
	pcapng_tick(p, (struct instant){ 1000005 });
	CHECK_INT(read_back()->packets, ==, 1);
	write_frame(p, 0, 2000000, 1, 60, NULL);
	write_frame(p, 0, 3000000, 1, 60, NULL); /* makes the first old enough */
	CHECK_INT(read_back()->packets, ==, 3);
	pcapng_close(p);
	unlink(path);

	o.flush_after.ns = -1;
	p = create(&o);
	pcapng_add_interface(p, "x");
	write_frame(p, 0, 5, 1, 60, NULL);
	CHECK(instant_is_never(pcapng_deadline(p)));
	write_frame(p, 0, INT64_MAX - 1, 1, 60, NULL);
	CHECK_INT(read_back()->packets, ==, 0);
	CHECK_INT(pcapng_flush(p), ==, 0);
	CHECK_INT(read_back()->packets, ==, 2);
	pcapng_close(p);
}

/* More than the buffer holds, with the largest frames. */
TEST(pcapng_writes_when_the_buffer_is_full)
{
	struct pcapng_options o = { .flush_after = { -1 } };
	struct pcapng *p = create(&o);
	struct capture *c;

	pcapng_add_interface(p, "x");
	for (int i = 0; i < 30; i++)
		write_frame(p, 0, i, (uint8_t)i, LINK_FRAME_MAX - (size_t)i, NULL);
	c = read_back(); /* whole blocks only, though nobody has flushed */
	CHECK(c->packets > 20 && c->packets < 30);
	CHECK_INT(pcapng_close(p), ==, 0);
	c = read_back();
	CHECK_INT(c->packets, ==, 30);
	for (int i = 0; i < 30; i++)
		CHECK_INT(c->p[i].data[c->p[i].caplen - 1], ==, i);
}

TEST(pcapng_appends_a_section)
{
	struct pcapng_options o = { .flush_after = { -1 }, .application = "one" };
	struct pcapng *p = create(&o);
	struct capture *c;
	int err;

	pcapng_add_interface(p, "x");
	write_frame(p, 0, 1, 1, 61, NULL);
	pcapng_close(p);
	o.application = "two";
	p = pcapng_append(path, &o, &err);
	CHECK(p != NULL);
	CHECK_INT(pcapng_add_interface(p, "y"), ==, 0);
	write_frame(p, 0, 2, 2, 62, NULL);
	pcapng_close(p);
	c = read_back();
	CHECK_INT(c->sections, ==, 2);
	CHECK_STR(c->app, "two");
	CHECK_STR(c->name[1], "y");
	CHECK_INT(c->packets, ==, 2);
	CHECK_INT(c->p[1].section, ==, 2);
	CHECK_INT(c->p[1].caplen, ==, 62);
}

/* Wherever the last writer died, appending keeps all whole blocks. */
TEST(pcapng_append_repairs_a_torn_end)
{
	struct pcapng_options o = { .flush_after = { -1 } };
	struct pcapng *p = create(&o);
	size_t first, all;
	uint8_t *whole;
	int err;

	pcapng_add_interface(p, "x");
	write_frame(p, 0, 1, 1, 61, NULL);
	pcapng_flush(p);
	first = read_back()->size;
	write_frame(p, 0, 2, 2, 100, "comment");
	pcapng_close(p);
	all = read_back()->size;
	whole = malloc(all);
	memcpy(whole, read_back()->bytes, all);
	for (size_t cut = all; cut-- > first;) {
		int fd = open(path, O_WRONLY | O_TRUNC);

		CHECK_INT(write(fd, whole, cut), ==, cut);
		close(fd);
		p = pcapng_append(path, &o, &err);
		CHECK(p != NULL);
		CHECK_INT(pcapng_close(p), ==, 0);
		CHECK_INT(read_back()->packets, ==, 1);
		CHECK_INT(read_back()->sections, ==, 2);
	}
	free(whole);
}

TEST(pcapng_append_makes_a_file_and_refuses_foreign_ones)
{
	struct pcapng_options o = { .flush_after = { -1 } };
	static const char text[] = "this is a text of somebody's, keep it\n";
	struct pcapng *p;
	struct stat st;
	int err, fd;

	new_path();
	unlink(path);
	p = pcapng_append(path, &o, &err);
	CHECK(p != NULL);
	CHECK_INT(pcapng_close(p), ==, 0);
	CHECK_INT(read_back()->sections, ==, 1);

	fd = open(path, O_WRONLY | O_TRUNC);
	CHECK_INT(write(fd, text, sizeof(text)), ==, sizeof(text));
	close(fd);
	CHECK(pcapng_append(path, &o, &err) == NULL);
	CHECK_INT(err, ==, -EINVAL);
	CHECK(stat(path, &st) == 0);
	CHECK_INT(st.st_size, ==, sizeof(text));
	CHECK(pcapng_create("/nowhere/x.pcapng", &o, &err) == NULL);
	CHECK_INT(err, ==, -ENOENT);
	CHECK(pcapng_create("/dev/full", &o, &err) == NULL);
	CHECK_INT(err, ==, -ENOSPC);
}

static int errors, last_error;

static void count_error(void *user, const char *file, int err)
{
	CHECK_STR(file, path);
	CHECK(user == &errors);
	errors++;
	last_error = err;
}

/* A full disk: told once, what is written stays readable, traffic goes on. */
TEST(pcapng_stops_at_the_first_error)
{
	struct pcapng_options o = { .flush_after = { 0 }, .error = count_error,
		.user = &errors };
	struct pcapng *p = create(&o);
	struct rlimit limit = { 1000, 1000 };

	pcapng_add_interface(p, "x");
	signal(SIGXFSZ, SIG_IGN);
	CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	for (int i = 0; i < 20; i++)
		write_frame(p, 0, i, 1, 100, NULL);
	CHECK_INT(errors, ==, 1);
	CHECK_INT(last_error, ==, -EFBIG);
	CHECK_INT(pcapng_add_interface(p, "y"), ==, -EFBIG);
	CHECK_INT(pcapng_flush(p), ==, -EFBIG);
	CHECK_INT(pcapng_close(p), ==, -EFBIG);
	CHECK_INT(errors, ==, 1);
	CHECK(read_back()->packets > 3); /* whole blocks to the end */
}

static void ignore(void *user, struct instant now, const void *frame,
	size_t len)
{
}

static void capture_link(const struct link_impair *i, int frames)
{
	struct pcapng_options o = { .flush_after = { -1 } };
	struct link_port_ops ops = { ignore, NULL, NULL, NULL };
	struct link *l = link_new_pair("wire", 3);
	struct pcapng *p = create(&o);
	uint8_t f[60] = { 0 };
	struct span s = { f, sizeof(f) };

	link_add_port(l, &ops);
	link_add_port(l, &ops);
	link_set_port_name(l, 0, "client");
	CHECK_INT(link_set_impair(l, i), ==, 0);
	link_set_capture(l, p);
	for (int n = 0; n < frames; n++) {
		f[20] = (uint8_t)n;
		link_send(l, n & 1, (struct instant){ n }, &s, 1);
	}
	link_set_capture(l, NULL);
	link_send(l, 0, (struct instant){ 9 }, &s, 1); /* not captured */
	link_free(l);
	CHECK_INT(pcapng_close(p), ==, 0);
}

TEST(pcapng_of_a_link_says_what_became_of_frames)
{
	struct link_impair lose = { .loss = 1 }, bad = { .corrupt = 1,
		.duplicate = 1 };
	struct link_impair full = { .rate = 1000, .queue = 1 };
	struct capture *c;

	capture_link(&lose, 2);
	c = read_back();
	CHECK_INT(c->packets, ==, 2);
	CHECK_STR(c->p[0].comment, "lost (impairment)");
	CHECK_STR(c->name[0], "wire/client");
	CHECK_STR(c->name[1], "wire/1");
	CHECK_INT(c->p[1].iface, ==, 1);
	CHECK_INT(c->p[1].flags, ==, PCAPNG_OUTBOUND);
	unlink(path);

	capture_link(&bad, 1);
	c = read_back();
	CHECK_STR(c->p[0].comment, "corrupted, duplicated");
	unlink(path);

	capture_link(&full, 6);
	c = read_back();
	for (int i = 0; i < 6; i++) {
		static const char *const said[6] = { "arrives in 480.000000 ms",
			"arrives in 480.000000 ms", "arrives in 959.999998 ms",
			"arrives in 959.999998 ms", "queue full", "queue full" };

		CHECK_STR(c->p[i].comment, said[i]);
		CHECK_INT(c->p[i].data[20], ==, i);
	}
}

TEST(pcapng_of_a_switch_names_the_port)
{
	struct pcapng_options o = { .flush_after = { -1 } };
	struct link_port_ops ops = { ignore, NULL, NULL, NULL };
	struct link *l = link_new_switch("sw", 3);
	struct link_impair lose = { .loss = 1 };
	struct pcapng *p = create(&o);
	uint8_t f[60] = { 0xff };
	struct span s = { f, sizeof(f) };
	static const char *const names[] = { "a", "b", "c" };

	for (int i = 0; i < 3; i++)
		link_set_port_name(l, link_add_port(l, &ops), names[i]);
	link_set_impair(l, &lose);
	link_set_capture(l, p);
	link_send(l, 1, (struct instant){ 0 }, &s, 1);
	link_free(l);
	pcapng_close(p);
	CHECK_INT(read_back()->packets, ==, 1);
	CHECK_STR(read_back()->p[0].comment,
		"a: lost (impairment), c: lost (impairment)");
	CHECK_STR(read_back()->name[0], "sw/b");
}

TEST(pcapng_is_read_by_tshark)
{
	struct pcapng_options o = { .flush_after = { -1 },
		.wall_offset = { 1700000000123456789 } };
	char command[300], out[400] = "";
	struct pcapng *p = create(&o);
	size_t n;
	FILE *f;

	if (system("command -v tshark >/dev/null 2>&1") != 0)
		SKIP("no tshark here");
	pcapng_add_interface(p, "wire/client");
	write_frame(p, 0, 0, 0xaa, 60, "queue full");
	write_frame(p, 0, 1, 0xaa, 1514, NULL);
	pcapng_close(p);
	snprintf(command, sizeof(command), "tshark -n -r %s -T fields -e "
		"frame.time_epoch -e frame.len -e frame.interface_name -e "
		"frame.packet_flags_direction -e frame.comment 2>/dev/null", path);
	f = popen(command, "r");
	CHECK(f != NULL);
	n = fread(out, 1, sizeof(out) - 1, f);
	out[n] = 0;
	CHECK_INT(pclose(f), ==, 0);
	CHECK(strstr(out, "1700000000.123456789\t60\twire/client\t"));
	CHECK(strstr(out, "1700000000.123456790\t1514\twire/client\t"));
	CHECK(strstr(out, "queue full"));
}
