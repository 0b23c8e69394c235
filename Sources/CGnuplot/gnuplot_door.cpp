// The one door to gnuplot-iostream. Swift cannot call a C++ stream, and the library's own pipe
// (popen) runs a shell, hides the exit status and prints to our standard error, so gnuplot is
// started here and the library writes to the pipe.
#include "gnuplot_door.h"

#include <gnuplot-iostream.h>

#include <cerrno>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <memory>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct ValenceGnuplot {
  pid_t pid = -1;
  std::FILE *errors = nullptr;  // a file, not a pipe: a second pipe could fill up and block both
  std::unique_ptr<Gnuplot> stream;
  bool isOver = false;
  int status = -1;
  bool hasEnded() {
    if (isOver) return true;
    const pid_t ended = waitpid(pid, &status, WNOHANG);
    isOver = ended == pid || (ended == -1 && errno != EINTR);
    return isOver;
  }
  ~ValenceGnuplot() {
    stream.reset();
    if (errors) std::fclose(errors);
  }
};

namespace {

// Holds SIGPIPE back in this thread while we write: a gnuplot that died early must become an
// error, not the end of the program, and other threads' handling of signals is not ours to change.
class PipeSignalHeld {
  sigset_t pipe_, before_;
  bool wasPending_;

 public:
  PipeSignalHeld() {
    sigset_t pending;
    sigpending(&pending);
    wasPending_ = sigismember(&pending, SIGPIPE);
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~PipeSignalHeld() {
    const timespec atOnce = {0, 0};
    if (!wasPending_) {
      while (sigtimedwait(&pipe_, nullptr, &atOnce) == -1 && errno == EINTR) {}
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
};

// Starts the program with the pipe's end as its input; returns 0 or an errno.
//
// Not by posix_spawn, which cannot ask for the signal that ends a child whose parent is gone: a gnuplot that
// hangs would outlive us. Between fork and exec only calls are made that a signal handler may make too.
int start(pid_t *pid, const char *program, const char *folder, int input, int errors) {
  int failure[2];  // tells what kept the program from starting; closes by itself when it starts
  if (pipe2(failure, O_CLOEXEC) != 0) return errno;
  const pid_t parent = getpid();
  *pid = fork();
  if (*pid == 0) {
    // Its own process group: Ctrl-C reaches us, who then end it and what it started.
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    for (int number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP}) signal(number, SIG_DFL);
    char name[] = "gnuplot", defaults[] = "-d";
    char *arguments[] = {name, defaults, nullptr};
    const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nothing != -1 && dup2(input, STDIN_FILENO) != -1 && dup2(nothing, STDOUT_FILENO) != -1 &&
        dup2(errors, STDERR_FILENO) != -1 && chdir(folder) == 0) {
      execvp(program, arguments);
    }
    const int code = errno;
    (void)!write(failure[1], &code, sizeof code);
    _exit(127);
  }
  int code = *pid == -1 ? errno : 0;
  close(failure[1]);
  if (*pid != -1) {
    while (read(failure[0], &code, sizeof code) == -1 && errno == EINTR) {}
    if (code != 0) waitpid(*pid, nullptr, 0);
  }
  close(failure[0]);
  return code;
}

}  // namespace

extern "C" int valence_gnuplot_open(const char *program, const char *folder,
                                    ValenceGnuplot **result) try {
  auto plot = std::make_unique<ValenceGnuplot>();
  plot->errors = std::tmpfile();
  if (!plot->errors || fcntl(fileno(plot->errors), F_SETFD, FD_CLOEXEC) != 0) return errno;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
  std::FILE *sink = fdopen(ends[1], "w");
  int failure = sink ? start(&plot->pid, program, folder, ends[0], fileno(plot->errors)) : errno;
  close(ends[0]);
  if (failure) {
    sink ? (void)std::fclose(sink) : (void)close(ends[1]);
    return failure;
  }
  plot->stream = std::make_unique<Gnuplot>(sink);  // closes `sink` when it ends
  *result = plot.release();
  return 0;
} catch (...) {
  return ENOMEM;
}

extern "C" int valence_gnuplot_send(ValenceGnuplot *plot, const char *text) try {
  PipeSignalHeld held;
  *plot->stream << text << std::flush;
  return plot->stream->good() ? 0 : -1;
} catch (...) {
  return -1;
}

extern "C" int valence_gnuplot_wait(ValenceGnuplot *plot, int milliseconds) try {
  {
    PipeSignalHeld held;
    plot->stream.reset();
  }
  const timespec pause = {0, 2'000'000};
  for (int left = milliseconds;; left -= 2) {
    if (plot->hasEnded()) return 1;
    if (left <= 0) return 0;
    nanosleep(&pause, nullptr);
  }
} catch (...) {
  return 0;
}

extern "C" int valence_gnuplot_close(ValenceGnuplot *handle, char *said, size_t capacity) try {
  std::unique_ptr<ValenceGnuplot> plot(handle);
  if (!plot->hasEnded()) {
    kill(-plot->pid, SIGKILL);
    while (waitpid(plot->pid, &plot->status, 0) == -1 && errno == EINTR) {}
  }
  {
    PipeSignalHeld held;
    plot->stream.reset();
  }
  if (capacity > 0) {
    std::fseek(plot->errors, 0, SEEK_END);
    const long length = std::ftell(plot->errors), room = static_cast<long>(capacity) - 1;
    std::fseek(plot->errors, length > room ? length - room : 0, SEEK_SET);
    said[std::fread(said, 1, capacity - 1, plot->errors)] = 0;
  }
  const int status = plot->status;
  if (status == -1) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
} catch (...) {
  return -1;
}
