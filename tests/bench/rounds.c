/* Runs commands in turns and says how long each took: `rounds ROUNDS WARM-UP` reads the commands from standard input, one a line, fields separated by tabs:
 *
 *   EVERY  FILTER  PROGRAM  ARG...      EVERY: only every so many rounds; FILTER: a file to be descriptor 9 of the command, or -
 *
 * In each round every command runs once, in another order, so that a busy moment of the machine meets all of them alike. One line a sample goes to standard output:
 * the command's index, nanoseconds from start to exit, page faults. With `rounds -t SECONDS LOOPS` so many loops start each command again and again at the same time,
 * and one line a command says its index and how often it ran a second. The commands' standard input and output are /dev/null. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kMostCommands = 64, kMostArguments = 8192, kLine = 1 << 20, kFilterDescriptor = 9 };

extern char** environ;

struct Command {
  int every;
  const char* filter;
  char** argv;
};
static struct Command commands[kMostCommands];
static int command_count;
static int null_fd;

static void stop(const char* what) {
  fprintf(stderr, "rounds: %s: %s\n", what, strerror(errno));
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static uint64_t random_number(void) { /* xorshift64, Marsaglia 2003 */
  static uint64_t state = 88172645463325252u;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static void read_commands(void) {
  char* line = malloc(kLine);
  while (fgets(line, kLine, stdin) != NULL && command_count < kMostCommands) {
    line[strcspn(line, "\n")] = 0;
    struct Command* command = &commands[command_count++];
    char* rest = strdup(line);
    const char* every = strsep(&rest, "\t");
    command->every = atoi(every);
    command->filter = strsep(&rest, "\t");
    command->argv = calloc(kMostArguments + 1, sizeof *command->argv);
    for (int i = 0; rest != NULL && i < kMostArguments; ++i) command->argv[i] = strsep(&rest, "\t");
  }
  free(line);
}

/* Between vfork and execve: only system calls. */
static void become(const struct Command* command) {
  if (command->filter[0] != '-') {
    const int fd = open(command->filter, O_RDONLY);
    if (fd < 0 || dup2(fd, kFilterDescriptor) < 0) _exit(126);
    if (fd != kFilterDescriptor) close(fd);
  }
  dup2(null_fd, 0);
  dup2(null_fd, 1);
  execve(command->argv[0], command->argv, environ);
  _exit(127);
}

static double run(const struct Command* command, long* faults) {
  struct rusage usage;
  int status;
  const double start = now();
  const pid_t pid = vfork();
  if (pid == 0) become(command);
  if (pid < 0) stop("vfork");
  while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR) {}
  const double end = now();
  if (status != 0) {
    fprintf(stderr, "rounds: %s: wait status %#x\n", command->argv[0], (unsigned)status);
    exit(1);
  }
  *faults = usage.ru_minflt;
  return end - start;
}

static void shuffle(int* order) {
  for (int i = command_count - 1; i > 0; --i) {
    const int j = (int)(random_number() % (uint64_t)(i + 1));
    const int other = order[i];
    order[i] = order[j];
    order[j] = other;
  }
}

static void run_rounds(int rounds, int warm_up) {
  int order[kMostCommands];
  for (int i = 0; i < command_count; ++i) order[i] = i;
  for (int round = -warm_up; round < rounds; ++round) {
    shuffle(order);
    for (int i = 0; i < command_count; ++i) {
      const struct Command* command = &commands[order[i]];
      if (round % command->every != 0) continue;
      long faults = 0;
      const double time = run(command, &faults);
      if (round >= 0) printf("%d %.0f %ld\n", order[i], time, faults);
    }
  }
}

static void run_loops(double seconds, int loops) {
  for (int i = 0; i < command_count; ++i) {
    int ends[2];
    if (pipe(ends) != 0) stop("pipe");
    const double start = now();
    for (int loop = 0; loop < loops; ++loop) {
      const pid_t pid = fork();
      if (pid < 0) stop("fork");
      if (pid > 0) continue;
      long count = 0, faults;
      while (now() - start < seconds * 1e9) {
        run(&commands[i], &faults);
        ++count;
      }
      if (write(ends[1], &count, sizeof count) != sizeof count) _exit(1);
      _exit(0);
    }
    long total = 0;
    for (int loop = 0; loop < loops; ++loop) {
      long count = 0;
      if (wait(NULL) < 0 || read(ends[0], &count, sizeof count) != sizeof count) stop("a loop");
      total += count;
    }
    printf("%d %.1f\n", i, (double)total / ((now() - start) / 1e9));
    close(ends[0]);
    close(ends[1]);
  }
}

int main(int argc, char** argv) {
  read_commands();
  null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null_fd < 0) stop("/dev/null");
  if (argc == 4 && strcmp(argv[1], "-t") == 0) {
    run_loops(atof(argv[2]), atoi(argv[3]));
  } else if (argc == 3) {
    run_rounds(atoi(argv[1]), atoi(argv[2]));
  } else {
    return 2;
  }
  return 0;
}
