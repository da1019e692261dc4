/* What kind of word a command line wants at a place, as far as help's own words tell: what
 * completions go by.
 *
 *     if (word_kind_of_option(row) == WORD_FILE)
 *         complete_files();
 */
#pragma once
#include "harness/options/option_table.h"

enum word_kind {
    WORD_NONE,     /* nothing, or anything */
    WORD_CHOICE,   /* of "one|two|three" */
    WORD_FILE,     /* FILE */
    WORD_FOLDER,   /* DIR */
    WORD_SCENARIO, /* PATH: *.lua and folders */
    WORD_CAPTURE,  /* CAPTURE: *.pcap, *.pcapng and folders */
    WORD_COMMAND,  /* COMMAND */
    WORD_TARGET,   /* a target of sipwright.lua */
    WORD_TAG,      /* a tag of a scenario */
};

/* Of the option's argument; a switch has none. */
enum word_kind word_kind_of_option(const struct option_row *row);
/* Of the words behind the command, as its usage names them. */
enum word_kind word_kind_of_command(const struct command_row *row);
/* The choices of an argument or of a usage, apart by "|": "sim|real"; empty: there are none. */
struct view word_choices_of_option(const struct option_row *row);
struct view word_choices_of_command(const struct command_row *row);
/* Takes the first of them; false: none is left. */
bool word_choice_next(struct view *choices, struct view *out);
/* All of them, apart by blanks, as shells have lists. */
void word_choices_add(struct buf *out, struct view choices);
