/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/cursor.h"

#include "check.h"

TEST(reads_big_endian)
{
	static const uint8_t in[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	struct cursor c = cursor_of(in, sizeof(in)), sub;

	CHECK_INT(cursor_u8(&c), ==, 1);
	CHECK_INT(cursor_u16(&c), ==, 0x0203);
	CHECK_INT(cursor_u32(&c), ==, 0x04050607);
	sub = cursor_sub(&c, 2);
	CHECK(cursor_ok(&c) && c.left == 0);
	CHECK_INT(cursor_u16(&sub), ==, 0x0809);
	CHECK(cursor_ok(&sub));
}

TEST(error_sticks_and_reads_give_zero)
{
	static const uint8_t in[] = { 1, 2, 3 };
	struct cursor c = cursor_of(in, sizeof(in));
	uint8_t copy[4] = { 9, 9, 9, 9 };

	CHECK_INT(cursor_u32(&c), ==, 0);
	CHECK(!cursor_ok(&c));
	CHECK_INT(cursor_u8(&c), ==, 0); /* though a byte was there */
	CHECK(cursor_bytes(&c, 0) == NULL);
	cursor_copy(&c, copy, 4);
	CHECK_MEM(copy, "\0\0\0\0", 4);
}

TEST(sub_cursor_cannot_leave_its_part)
{
	static const uint8_t in[] = { 1, 2, 3, 4 };
	struct cursor c = cursor_of(in, sizeof(in)), sub = cursor_sub(&c, 2);

	CHECK_INT(cursor_u32(&sub), ==, 0);
	CHECK(!cursor_ok(&sub) && cursor_ok(&c));
	sub = cursor_sub(&c, 3);
	CHECK(!cursor_ok(&sub) && !cursor_ok(&c));
}

TEST(huge_length_does_not_wrap)
{
	uint8_t buf[4] = { 0 };
	struct cursor c = cursor_of(buf, 4);
	struct writer w = writer_of(buf, 4);

	CHECK(cursor_bytes(&c, SIZE_MAX) == NULL);
	writer_u16(&w, 1);
	CHECK(writer_take(&w, SIZE_MAX) == NULL);
	CHECK(!writer_ok(&w) && w.len == 2);
}

TEST(writer_stops_at_its_end)
{
	uint8_t buf[8] = { 0 };
	struct writer w = writer_of(buf, 7);

	writer_u8(&w, 1);
	writer_u16(&w, 0x0203);
	writer_u32(&w, 0x04050607);
	CHECK(writer_ok(&w));
	writer_patch_u16(&w, 1, 0xaabb);
	CHECK_MEM(buf, "\1\xaa\xbb\4\5\6\7\0", 8);
	writer_u8(&w, 9);
	CHECK(!writer_ok(&w));
	CHECK_MEM(buf + 7, "\0", 1);
	w = writer_of(buf, 1);
	writer_u16(&w, 7);
	CHECK(!writer_ok(&w) && w.len == 0);
	writer_patch_u16(&w, 0, 1);
	CHECK_INT(buf[0], ==, 1);
}
