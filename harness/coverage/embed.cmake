# cmake -DTABLE=uncovered.tsv -DOUT=uncovered_rows.c -P embed.cmake
# Writes the rows of the table as what reason.h declares: a string for each cell; data, no functions.

file(READ ${TABLE} rows)
string(FIND "${rows}" "\n" head_end)
string(SUBSTRING "${rows}" 0 ${head_end} head)
if(NOT head STREQUAL "id\tkind\twhy")
    message(FATAL_ERROR "${TABLE}: the columns are others than those of struct coverage_reason")
endif()
math(EXPR head_end "${head_end} + 1")
string(SUBSTRING "${rows}" ${head_end} -1 rows)
string(REGEX REPLACE "\n$" "" rows "${rows}")
string(REPLACE "\\" "\\\\" rows "${rows}")
string(REPLACE "\"" "\\\"" rows "${rows}")
string(REPLACE "\t" "\"), CELL(\"" rows "${rows}")
string(REPLACE "\n" "\")},\n    {CELL(\"" rows "${rows}")
file(WRITE ${OUT} "#include \"harness/coverage/reason.h\"

#define CELL(text) {text, sizeof(text) - 1}

const struct coverage_reason coverage_reasons[] = {
    {CELL(\"${rows}\")},
};
const size_t coverage_reason_count = sizeof coverage_reasons / sizeof *coverage_reasons;
")
