#include "whole_file.h"
