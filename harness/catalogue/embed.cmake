# cmake -DTABLE=catalogue.tsv -DOUT=catalogue_rows.c -P embed.cmake
# Writes the rows of the catalogue as what requirement.h declares: a string for each cell. The text is changed as a
# whole, for a list of CMake would trip over semicolons and brackets.

file(READ ${TABLE} rows)
string(FIND "${rows}" "\n" head_end)
string(SUBSTRING "${rows}" 0 ${head_end} head)
if(NOT head STREQUAL "id\tarea\trfc\tsection\tlevel\trole\trequirement\tstimulus\texpected\tquote")
    message(FATAL_ERROR "${TABLE}: the columns are others than those of struct requirement")
endif()
math(EXPR head_end "${head_end} + 1")
string(SUBSTRING "${rows}" ${head_end} -1 rows)
string(REGEX REPLACE "\n$" "" rows "${rows}")
string(REPLACE "\\" "\\\\" rows "${rows}")
string(REPLACE "\"" "\\\"" rows "${rows}")
string(REPLACE "\t" "\"), CELL(\"" rows "${rows}")
string(REPLACE "\n" "\")},\n    {CELL(\"" rows "${rows}")
file(WRITE ${OUT} "#include \"harness/catalogue/requirement.h\"

#define CELL(text) {text, sizeof(text) - 1}

const struct requirement requirements[] = {
    {CELL(\"${rows}\")},
};
const size_t requirement_count = sizeof requirements / sizeof *requirements;
")
