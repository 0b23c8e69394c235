#ifndef VALENCE_GNUPLOT_H
#define VALENCE_GNUPLOT_H

#ifdef __cplusplus
extern "C" {
#endif

/// Writes commands, less than a pipe holds (64 KiB), into a new pipe. Returns the descriptor from which
/// gnuplot can read them to their end, or the negated errno of what failed.
int valence_gnuplot_commands(const char *commands);

#ifdef __cplusplus
}
#endif
#endif
