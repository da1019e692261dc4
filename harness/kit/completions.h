/* Completions for shells, of the tables of harness/options: commands, options, and what may stand
 * behind each. Targets and tags are asked of `sipwright list` when they are wanted.
 *
 *     completion_bash(&out);
 */
#pragma once
#include "core/core.h"

void completion_bash(struct buf *out);
void completion_zsh(struct buf *out);
void completion_fish(struct buf *out);
