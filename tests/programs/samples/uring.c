/* For `enchufe doctor`: a program that imports io_uring, seccomp and dlmopen.
 * SPDX-License-Identifier: BSD-2-Clause */
int io_uring_queue_init(unsigned n, void *ring, unsigned flags)
	__attribute__((weak));
int seccomp_load(void *filter) __attribute__((weak));

int main(void)
{
	if (io_uring_queue_init && seccomp_load)
		return seccomp_load(0) + io_uring_queue_init(1, 0, 0);
	return 0;
}
