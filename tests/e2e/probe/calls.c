/* Makes system calls past any library: calls WAY NUMBER ARGUMENT[,ARGUMENT…] …
 *
 * WAY is native, x32 (the same numbers with that bit) or int80 (i386 numbers by its gate). Each call is made in a child of its own, because a filter may kill its
 * caller; a line says what became of it: "NUMBER ERROR", "NUMBER passed" or "NUMBER killed SIGNAL". Static and at low addresses, so that i386 calls can point into it.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned words[6] = {38, 3, 0}; /* of socketcall: AF_ALG, SOCK_RAW; named by the argument `words` */

static long native(long number, const long *a) {
  long result;
  register long r10 __asm__("r10") = a[3];
  register long r8 __asm__("r8") = a[4];
  register long r9 __asm__("r9") = a[5];
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
  return result;
}

static long int80(long number, const long *a) {
  int result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"((int)number), "b"((int)a[0]), "c"((int)a[1]), "d"((int)a[2]), "S"((int)a[3]), "D"((int)a[4]) : "memory", "r8", "r9", "r10", "r11");
  return result;
}

int main(int argc, char **argv) {
  for (int i = 2; i + 1 < argc; i += 2) {
    const long number = strtol(argv[i], NULL, 0);
    long arguments[6] = {0};
    int given = 0;
    for (char *word = strtok(argv[i + 1], ","); word != NULL && given < 6; word = strtok(NULL, ","))
      arguments[given++] = strcmp(word, "words") == 0 ? (long)words : (long)strtoul(word, NULL, 0);
    fflush(stdout);
    const pid_t parent = getpid(), child = fork();
    if (child == 0) {
      const long result = strcmp(argv[1], "int80") == 0 ? int80(number, arguments) : native(strcmp(argv[1], "x32") == 0 ? number | 0x40000000 : number, arguments);
      if (getppid() != parent) _exit(0); /* a process that the call has made */
      if (result < 0 && result > -4096) printf("%ld %s\n", number, strerrorname_np((int)-result));
      else printf("%ld passed\n", number);
      fflush(stdout);
      _exit(0);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) return 1;
    if (WIFSIGNALED(status)) printf("%ld killed %d\n", number, WTERMSIG(status));
  }
  return 0;
}
