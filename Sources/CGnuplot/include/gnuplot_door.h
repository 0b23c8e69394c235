#ifndef VALENCE_GNUPLOT_H
#define VALENCE_GNUPLOT_H

#ifdef __cplusplus
extern "C" {
#endif

/// Writes commands into a new pipe. Returns the descriptor from which gnuplot can read them to their end,
/// which the caller closes, or the negated errno of what failed. Commands that a pipe does not hold (64 KiB)
/// would wait for a reader that is started only afterwards; they fail with -E2BIG.
int valence_gnuplot_commands(const char *commands);

#ifdef __cplusplus
}
#endif
#endif
