// The one door to gnuplot-iostream, as Swift cannot call a C++ stream. The library's own pipe (popen) runs a
// shell, hides the exit status and waits for ever, so it is given one of ours, and gnuplot is started by
// ValenceCore like any other program.
#include "gnuplot_door.h"

#include <gnuplot-iostream.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

extern "C" int valence_gnuplot_commands(const char *commands) try {
  int ends[2];
  if (std::strlen(commands) >= 65536) return -E2BIG;
  if (pipe2(ends, O_CLOEXEC) != 0) return -errno;
  std::FILE *sink = fdopen(ends[1], "w");
  if (!sink) {
    const int code = errno;
    close(ends[0]);
    close(ends[1]);
    return -code;
  }
  // Both ends are ours as yet, so that writing neither waits nor raises SIGPIPE.
  Gnuplot stream(sink);  // closes `sink` when it ends
  stream << commands << std::flush;
  if (stream.good()) return ends[0];
  close(ends[0]);
  return -EIO;
} catch (...) {
  return -ENOMEM;
}
