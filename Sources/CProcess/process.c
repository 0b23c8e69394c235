// Calls that Swift cannot make: vfork, and prctl, which is variadic.
//
// posix_spawn cannot ask for the signal that ends a child whose parent is gone, so a program that hangs
// would outlive us. fork copies the page tables, which takes milliseconds in a process of some gigabytes,
// for each of thousands of clips. vfork lends our memory until the child is another program; glibc's
// posix_spawn is made of the same steps.
#define _GNU_SOURCE
#include "valence_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/// Makes this process another program; returns an errno if that fails. Only calls that a signal handler may
/// make too: other threads may hold locks.
static int become(char *const *words, const char *folder, const int streams[3], pid_t parent) {
  // A group of its own: Ctrl-C reaches us alone, and what the program starts can be ended with it.
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Our end before that call would have sent no signal.
  if (getppid() != parent) return ESRCH;
  // Copies above 2 first, as any of the three may have the number of another one.
  int copies[3];
  for (int i = 0; i < 3; i++) {
    copies[i] = streams[i] < 0 ? open("/dev/null", O_RDWR | O_CLOEXEC)
                               : fcntl(streams[i], F_DUPFD_CLOEXEC, 3);
    if (copies[i] == -1) return errno;
    if (copies[i] < 3 && (copies[i] = fcntl(copies[i], F_DUPFD_CLOEXEC, 3)) == -1) return errno;
  }
  for (int i = 0; i < 3; i++) {
    if (dup2(copies[i], i) == -1) return errno;
  }
  if (folder && chdir(folder) != 0) return errno;
#ifdef CLOSE_RANGE_CLOEXEC
  // Those that a library has opened to be inherited; kernels before 5.11 leave them open.
  close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
#endif
  struct sigaction usual = {.sa_handler = SIG_DFL};
  for (int signal = 1; signal < NSIG; signal++) sigaction(signal, &usual, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execvp(words[0], words);
  return errno;
}

int valence_process_start(char *const *words, const char *folder, int input, int output,
                          struct valence_process *started) {
  // A program that ignored SIGCHLD when it started us has left that to us. The system would collect our
  // children by itself then, and their numbers could be those of others before we ask for them.
  struct sigaction collecting;
  if (sigaction(SIGCHLD, NULL, &collecting) == 0
      && (collecting.sa_handler == SIG_IGN || (collecting.sa_flags & SA_NOCLDWAIT))) {
    struct sigaction usual = {.sa_handler = SIG_DFL};
    sigaction(SIGCHLD, &usual, NULL);
  }
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
  const int streams[3] = {input, output == VALENCE_PROCESS_SPEECH ? ends[1] : output, ends[1]};
  // No handler of ours may run in the child, which would see our memory through it.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t parent = getpid();
  volatile int failure = 0;
  const pid_t child = vfork();
  if (child == 0) {
    failure = become(words, folder, streams, parent);
    _exit(127);
  }
  if (child == -1) failure = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(ends[1]);
  if (failure != 0) {
    if (child != -1) {
      while (waitpid(child, NULL, 0) == -1 && errno == EINTR) {}
    }
    close(ends[0]);
    return failure;
  }
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  *started = (struct valence_process){.number = child, .speech = ends[0]};
  return 0;
}
