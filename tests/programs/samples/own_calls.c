/* For `enchufe doctor`: a program that makes calls of the network itself.
 * SPDX-License-Identifier: BSD-2-Clause */
#if defined(__x86_64__)
#define SOCKET_CALL "mov $41, %%eax\n\tsyscall"
#define TOUCHES "rax", "rcx", "r11", "memory"
#else
#define SOCKET_CALL "mov w8, #198\n\tsvc #0"
#define TOUCHES "x0", "x8", "memory"
#endif

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 99)
		__asm__ volatile(SOCKET_CALL : : : TOUCHES);
	return 0;
}
