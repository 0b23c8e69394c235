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
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct ValenceGnuplot {
  pid_t pid = -1;
  std::FILE *errors = nullptr;  // a file, not a pipe: a second pipe could fill up and block both
  std::unique_ptr<Gnuplot> stream;
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
int start(pid_t *pid, const char *folder, int input, int errors) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
  posix_spawn_file_actions_addchdir_np(&actions, folder);
  sigset_t none, standard;
  sigemptyset(&none);
  sigemptyset(&standard);
  sigaddset(&standard, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &standard);
  // Its own process group: Ctrl-C reaches us, who then end the figure in good order.
  posix_spawnattr_setflags(
      &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  char name[] = "gnuplot", defaults[] = "-d";
  char *arguments[] = {name, defaults, nullptr};
  int failure = posix_spawnp(pid, name, &actions, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failure;
}

}  // namespace

extern "C" int valence_gnuplot_open(const char *folder, ValenceGnuplot **result) try {
  auto plot = std::make_unique<ValenceGnuplot>();
  plot->errors = std::tmpfile();
  if (!plot->errors || fcntl(fileno(plot->errors), F_SETFD, FD_CLOEXEC) != 0) return errno;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
  std::FILE *sink = fdopen(ends[1], "w");
  int failure = sink ? start(&plot->pid, folder, ends[0], fileno(plot->errors)) : errno;
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

extern "C" int valence_gnuplot_close(ValenceGnuplot *handle, char *said, size_t capacity) try {
  std::unique_ptr<ValenceGnuplot> plot(handle);
  {
    PipeSignalHeld held;
    plot->stream.reset();
  }
  int status = 0;
  pid_t ended;
  do ended = waitpid(plot->pid, &status, 0);
  while (ended == -1 && errno == EINTR);
  if (capacity > 0) {
    std::fseek(plot->errors, 0, SEEK_END);
    const long length = std::ftell(plot->errors), room = static_cast<long>(capacity) - 1;
    std::fseek(plot->errors, length > room ? length - room : 0, SEEK_SET);
    said[std::fread(said, 1, capacity - 1, plot->errors)] = 0;
  }
  if (ended == -1) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
} catch (...) {
  return -1;
}
