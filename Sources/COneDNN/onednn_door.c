#include "onednn_door.h"
