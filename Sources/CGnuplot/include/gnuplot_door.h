#ifndef VALENCE_GNUPLOT_H
#define VALENCE_GNUPLOT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A running gnuplot that reads commands from us.
typedef struct ValenceGnuplot ValenceGnuplot;

/// Starts `program`, a path or a name in $PATH, as gnuplot, with `folder` as its working directory and no
/// start-up files. It ends with
/// the thread that starts it, however that thread ends.
/// Returns 0, or the errno of what failed: ENOENT when the program or the folder is missing.
int valence_gnuplot_open(const char *program, const char *folder, ValenceGnuplot **plot);

/// Sends a piece of script, in all less than a pipe holds (64 KiB), or a gnuplot that does not read would
/// block us; returns 0, or -1 once gnuplot has stopped reading.
int valence_gnuplot_send(ValenceGnuplot *plot, const char *text);

/// Ends the script with the first call, and waits for gnuplot's end up to `milliseconds`; returns whether
/// it has ended.
int valence_gnuplot_wait(ValenceGnuplot *plot, int milliseconds);

/// Kills gnuplot, and what it started, if it has not ended, and frees `plot`. Copies the end of what
/// gnuplot wrote to standard error into `said`, which holds `capacity` bytes with the closing zero. Returns
/// the exit status, 128 + the signal for one that was killed, or -1 where no status could be had.
int valence_gnuplot_close(ValenceGnuplot *plot, char *said, size_t capacity);

#ifdef __cplusplus
}
#endif
#endif
