# awk -f cite.awk FILE ... : where the code cites sections of RFCs ("RFC 3261 §17.1.1.2, §17.1.2.2"), as what
# citation.h declares. Each file once for each section; data, no functions.
function cite(rfc, section) {
    if (!seen[FILENAME, rfc, section]++)
        rows = rows sprintf("    {CELL(\"%s\"), CELL(\"%s\"), CELL(\"%s\")},\n", rfc, section, FILENAME)
}
{
    line = $0
    while (match(line, /RFC [0-9]+ §[0-9]+(\.[0-9]+)*((,| and|, and| to) §[0-9]+(\.[0-9]+)*)*/)) {
        cited = substr(line, RSTART, RLENGTH)
        line = substr(line, RSTART + RLENGTH)
        count = split(cited, parts, "§")
        rfc = parts[1]
        sub(/ $/, "", rfc)
        for (i = 2; i <= count; i++) {
            match(parts[i], /^[0-9]+(\.[0-9]+)*/)
            cite(rfc, substr(parts[i], 1, RLENGTH))
        }
    }
}
END {
    print "#include \"harness/coverage/citation.h\"\n"
    print "#define CELL(text) {text, sizeof(text) - 1}\n"
    printf "const struct citation citations[] = {\n%s};\n", rows
    print "const size_t citation_count = sizeof citations / sizeof *citations;"
}
