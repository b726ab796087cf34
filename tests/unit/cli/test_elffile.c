/* ELF files, sound and broken. SPDX-License-Identifier: BSD-2-Clause */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "elffile.h"

static int memory_file(const void *bytes, size_t n)
{
	int fd = memfd_create("elf", MFD_CLOEXEC);

	CHECK_INT(fd, >=, 0);
	CHECK_INT(write(fd, bytes, n), ==, (ssize_t)n);
	return fd;
}

static size_t read_self(unsigned char **bytes)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	off_t size = lseek(fd, 0, SEEK_END);

	CHECK_INT(size, >, 0);
	*bytes = malloc((size_t)size);
	CHECK(*bytes);
	CHECK_INT(pread(fd, *bytes, (size_t)size, 0), ==, size);
	close(fd);
	return (size_t)size;
}

TEST(elf_knows_this_program)
{
	bool calls[ELF_CALLS_MAX], libc = false;
	struct elf_file f;
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	CHECK_INT(elf_open(&f, fd), ==, 0);
	close(fd);
	CHECK(f.is_64 && f.loader && !f.is_go && !f.is_appimage);
	CHECK(strstr(f.loader, "ld-linux"));
	for (unsigned k = 0; k < f.n_libraries; k++)
		libc |= !strcmp(f.libraries[k], "libc.so.6");
	CHECK(libc);
	CHECK(elf_imports(&f, "memfd_create"));
	CHECK(!elf_imports(&f, "elf_open"));
	elf_system_calls(&f, calls);
	elf_close(&f);
}

TEST(elf_refuses_others)
{
	struct elf_file f;
	int fd = memory_file("#!/bin/sh\nexit 0 # long enough\n", 30);

	CHECK_INT(elf_open(&f, fd), ==, -ENOEXEC);
	close(fd);
	fd = memory_file("\177ELF", 4);
	CHECK_INT(elf_open(&f, fd), ==, -ENOEXEC);
	close(fd);
	fd = open("/", O_RDONLY | O_CLOEXEC);
	CHECK_INT(elf_open(&f, fd), ==, -ENOEXEC);
	close(fd);
}

static void look_at_all(const void *bytes, size_t n)
{
	bool calls[ELF_CALLS_MAX];
	int fd = memory_file(bytes, n);
	struct elf_file f;

	if (elf_open(&f, fd) == 0) {
		size_t length = 0;

		for (unsigned k = 0; k < f.n_libraries; k++)
			length += strlen(f.libraries[k]);
		if (f.loader)
			length += strlen(f.loader);
		if (f.runpath)
			length += strlen(f.runpath);
		CHECK_INT(length, <=, n * (ELF_LIBRARIES_MAX + 2));
		elf_imports(&f, "no such function");
		elf_system_calls(&f, calls);
		CHECK(elf_machine_name(&f));
		elf_close(&f);
	}
	close(fd);
}

/* Broken in its headers and tables, where it hurts; nothing may be read outside. */
TEST(elf_survives_broken_files)
{
	unsigned char *bytes, *copy;
	size_t n = read_self(&bytes);
	size_t some = n < 16384 ? n : 16384;

	srand(7);
	copy = malloc(n);
	CHECK(copy);
	for (int round = 0; round < 600; round++) {
		memcpy(copy, bytes, n);
		for (int k = 0; k <= round % 16; k++) {
			size_t span = k % 2 ? 1024 : some;

			copy[4 + (size_t)rand() % (span - 4)] =
				(unsigned char)(rand() % 3 ? rand() : 0xff);
		}
		look_at_all(copy, round % 5 ? n : 64 + (size_t)rand() % some);
	}
	free(copy);
	free(bytes);
}
