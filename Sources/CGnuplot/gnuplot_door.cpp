#include "gnuplot_door.h"
