#ifndef VALENCE_PROCESS_H
#define VALENCE_PROCESS_H

/// A program that was started.
struct valence_process {
  int number;
  /// The end of a pipe, not blocking, from which what the program says is read.
  int speech;
};

/// In place of a descriptor: the null device, or the pipe that standard error goes to.
enum { VALENCE_PROCESS_NULL = -1, VALENCE_PROCESS_SPEECH = -2 };

/// Starts `words[0]`, a path or a name in $PATH, with all of `words` as its arguments, in `folder` unless
/// that is null. The program has a process group of its own, no descriptors but the three standard ones,
/// and no signal that is ignored or blocked; it is killed when the thread that started it ends, however
/// that ends.
///
/// Returns 0, or the errno of what failed: ENOENT where the program or the folder is missing.
int valence_process_start(char *const *words, const char *folder, int input, int output,
                          struct valence_process *started);

#endif
