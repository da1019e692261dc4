/* Captures that others made, for tests: the folder that SIPWRIGHT_CORPUS names, or else
 * ../shared/corpus.
 *
 *     const char *folder = corpus_folder_or_skip();
 */
#pragma once

/* Where there is none the test is skipped, and says so. */
const char *corpus_folder_or_skip(void);
