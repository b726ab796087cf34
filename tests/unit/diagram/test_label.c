/* The words on an arrow. SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include "label.h"

TEST(label_counts)
{
	char buf[32];

	CHECK_STR(label_count(0, DIAGRAM_EN, buf), "0");
	CHECK_STR(label_count(999, DIAGRAM_EN, buf), "999");
	CHECK_STR(label_count(1000, DIAGRAM_EN, buf), "1,000");
	CHECK_STR(label_count(499320, DIAGRAM_EN, buf), "499,320");
	CHECK_STR(label_count(UINT64_MAX, DIAGRAM_EN, buf), "18,446,744,073,709,551,615");
	CHECK_STR(label_count(499320, DIAGRAM_ES, buf), "499 320");
}

TEST(label_arrows)
{
	struct talk_arrow a = { .kind = SEEN_TCP, .flags = TCP_SYN | TCP_ACK, .ack = 1,
		.window = 65160, .tcp = { .mss = 1460 } };
	char buf[LABEL_MAX];

	label_arrow(&a, DIAGRAM_EN, buf, sizeof(buf));
	CHECK_STR(buf, "SYN,ACK seq=0 ack=1 win=65160 mss=1460");
	a = (struct talk_arrow){ .kind = SEEN_TCP, .flags = TCP_ACK, .ack = 1449,
		.window = 5, .marks = MARK_DUP_ACK | MARK_ZERO_WINDOW, .dup = 2,
		.tcp = { .nsack = 1, .ack = { 0xfffffff0 },
			.sack = { { { 0xfffffff0 + 1448 }, { 0xfffffff0 + 2896 } } } } };
	label_arrow(&a, DIAGRAM_EN, buf, sizeof(buf));
	CHECK_STR(buf, "ACK ack=1449 win=5 sack=2897-4345");
	label_marks(&a, DIAGRAM_EN, buf, sizeof(buf));
	CHECK_STR(buf, "duplicate ACK 2, zero window");
	label_marks(&a, DIAGRAM_ES, buf, sizeof(buf));
	CHECK_STR(buf, "ACK duplicado 2, ventana cero");
	a = (struct talk_arrow){ .kind = SEEN_TCP };
	label_arrow(&a, DIAGRAM_EN, buf, sizeof(buf));
	CHECK_STR(buf, "no flags win=0");
}

TEST(label_names)
{
	struct ip_name n = { .port = 80 };
	char buf[80];

	CHECK_INT(ip_addr_parse("fd00::1", &n.addr), ==, 0);
	label_name(&n, buf, sizeof(buf));
	CHECK_STR(buf, "[fd00::1]:80");
	CHECK_INT(ip_addr_parse("10.0.0.1", &n.addr), ==, 0);
	label_name(&n, buf, sizeof(buf));
	CHECK_STR(buf, "10.0.0.1:80");
}
