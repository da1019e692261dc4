/* The program: a command line in, an exit code out.
 *
 *     return command_main(argc, argv);
 */
#pragma once

int command_main(int argc, char **argv); /* enum exit_code */
