// What Swift cannot call: the C library's renameat2 is not in its module map.
#define _GNU_SOURCE
#include "valence_folders.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXCHANGE 2u

/// Where an open file or folder lies now. Returns 0 or an errno, ESTALE where it lies nowhere.
static int path_of(int descriptor, char path[PATH_MAX]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, PATH_MAX);
  if (length < 0) return errno;
  if (length == PATH_MAX) return ENAMETOOLONG;
  path[length] = '\0';
  // Another process may have replaced it meanwhile: what is open then lies nowhere any more.
  struct stat open_one, there;
  if (fstat(descriptor, &open_one) != 0) return errno;
  if (lstat(path, &there) != 0) return errno == ENOENT ? ESTALE : errno;
  return open_one.st_dev == there.st_dev && open_one.st_ino == there.st_ino ? 0 : ESTALE;
}

static int place(int target, int draft, unsigned flags) {
  char from[PATH_MAX], to[PATH_MAX];
  int fault = path_of(draft, from);
  if (fault == 0) fault = path_of(target, to);
  if (fault != 0) return fault;
  long status = flags == 0 ? rename(from, to)
                           : syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);
  return status == 0 ? 0 : errno;
}

int valence_folders_replace(int target, int draft) { return place(target, draft, 0); }

int valence_folders_exchange(int target, int draft) { return place(target, draft, EXCHANGE); }
