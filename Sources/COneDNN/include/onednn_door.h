#ifndef VALENCE_ONEDNN_H
#define VALENCE_ONEDNN_H
#endif
