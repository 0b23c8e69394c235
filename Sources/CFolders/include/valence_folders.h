#ifndef VALENCE_FOLDERS_H
#define VALENCE_FOLDERS_H

/// Puts one open file or folder into the place of another, or exchanges the two, in one step: at every
/// instant something whole lies there. Both are named by their descriptors, so that no pointer is passed.
///
/// Returns 0, or the errno of what went wrong; EINVAL or ENOSYS where the file system or the kernel cannot
/// exchange (NFS, kernels before 3.15), ESTALE where somebody else was faster.
int valence_folders_replace(int target, int draft);
int valence_folders_exchange(int target, int draft);

#endif
