#include "reports/junit.h"

#include "reports/failure.h"
#include "reports/text.h"
#include "reports/writer.h"
#include "reports/xml.h"

#include <string.h>

/* The next suite: cases of one file that stand side by side (they are in order of id). */
static bool suite_take(const struct report_run *run, size_t *at, struct junit_suite *suite)
{
    size_t from = *at, to = from;
    if (from == run->case_count)
        return false;
    while (to < run->case_count && view_equal(run->cases[to].file, run->cases[from].file))
        to++;
    suite->cases = run->cases + from;
    suite->count = to - from;
    suite->counts = counts_of(suite->cases, suite->count);
    suite->index = from == 0 ? 0 : suite->index + 1;
    *at = to;
    return true;
}

/* What is excused is shown as skipped, with its reason: no consumer has a word for it. */
static size_t skipped_count(const struct counts *counts)
{
    return counts->skipped + counts->known + counts->quarantined + counts->advisory;
}

static void counts_write(const struct junit *junit, const struct counts *counts, bool skipped)
{
    uint64_t wall_us = junit->run->started_s == 0 ? 0 : counts->wall_us;
    xml_attribute_uint(junit->out, "tests", counts->all);
    xml_attribute_uint(junit->out, "failures", counts->failed);
    xml_attribute_uint(junit->out, "errors", counts->errors + counts->inconclusive);
    if (skipped)
        xml_attribute_uint(junit->out, "skipped", skipped_count(counts));
    xml_attribute_seconds(junit->out, "time", wall_us);
}

/* Without a wall clock there is none, but where a schema demands one. */
static void timestamp_write(const struct junit *junit)
{
    struct buf time = {0};
    if (junit->run->started_s == 0 && junit->dialect != JUNIT_ANT)
        return;
    text_add_utc(&time, junit->run->started_s);
    xml_attribute(junit->out, "timestamp", buf_view(&time));
    text_part_end(junit->out, &time);
}

static void suite_attributes_write(const struct junit *junit, const struct junit_suite *suite)
{
    struct buf name = {0};
    junit_class_add(&name, suite->cases->file);
    xml_attribute(junit->out, "name", buf_view(&name));
    counts_write(junit, &suite->counts, true);
    timestamp_write(junit);
    if (junit->dialect == JUNIT_DEFAULT)
        junit_file_write(junit, suite->cases->file);
    if (junit->dialect == JUNIT_ANT) {
        xml_attribute(junit->out, "package", V("sipwright"));
        xml_attribute_uint(junit->out, "id", suite->index);
        xml_attribute(junit->out, "hostname", V("localhost"));
    }
    text_part_end(junit->out, &name);
}

static void suite_properties_write(const struct junit *junit, const struct junit_suite *suite)
{
    const struct report_run *run = junit->run;
    buf_add(junit->out, V("<properties>"));
    junit_seed_property_write(junit, run->seed);
    junit_property_write(junit, "version", run->version);
    junit_property_write(junit, "target", run->target);
    junit_property_write(junit, "link", run->link);
    junit_property_write(junit, "transport", run->transport);
    junit_property_write(junit, "mutant", run->mutant);
    junit_property_write(junit, "net", run->net);
    junit_seconds_property_write(junit, "virtual-time", suite->counts.virtual_us);
    junit_property_write(junit, "interrupted", run->interrupted ? V("true") : V(""));
    buf_add(junit->out, V("</properties>\n"));
}

/* Ant's schema has output of whole suites only, and demands it. */
static void suite_output_write(const struct junit *junit, const struct junit_suite *suite)
{
    struct buf text = {0};
    for (size_t i = 0; i < suite->count; i++)
        if (failure_is(&suite->cases[i])) {
            text_add(&text, suite->cases[i].name);
            buf_add_char(&text, '\n');
            junit_output_add(junit, &text, &suite->cases[i]);
        }
    buf_add(junit->out, V("<system-out>"));
    xml_text(junit->out, buf_view(&text));
    buf_add(junit->out, V("</system-out>\n<system-err/>\n"));
    text_part_end(junit->out, &text);
}

/* A slot of the table has the last case of its name, from 1, and how many there were before it. */
struct name_slot {
    size_t last, twins;
};

static size_t twin_count(const struct junit_suite *suite, struct name_slot *slots,
                         size_t slot_count, size_t index)
{
    struct view name = suite->cases[index].name;
    size_t at = view_hash(name) % slot_count;
    while (slots[at].last != 0 && !view_equal(suite->cases[slots[at].last - 1].name, name))
        at = (at + 1) % slot_count;
    slots[at].twins += slots[at].last != 0;
    slots[at].last = index + 1;
    return slots[at].twins;
}

/* Names are unique in a suite, or GitLab drops all but one: a repeated one gets a number. */
static void cases_write(const struct junit *junit, const struct junit_suite *suite,
                        struct writer *writer)
{
    size_t slot_count = suite->count * 2;
    struct name_slot *slots = mem_zalloc(slot_count * sizeof *slots);
    if (slots == NULL) {
        junit->out->failed = ERR_MEMORY;
        return;
    }
    for (size_t i = 0; i < suite->count; i++) {
        junit_case_write(junit, &suite->cases[i], twin_count(suite, slots, slot_count, i));
        writer_spill(writer);
    }
    mem_free(slots);
}

static void suite_write(const struct junit *junit, const struct junit_suite *suite,
                        struct writer *writer)
{
    buf_add(junit->out, V("<testsuite"));
    suite_attributes_write(junit, suite);
    buf_add(junit->out, V(">\n"));
    suite_properties_write(junit, suite);
    cases_write(junit, suite, writer);
    if (junit->dialect == JUNIT_ANT)
        suite_output_write(junit, suite);
    buf_add(junit->out, V("</testsuite>\n"));
}

static void head_write(const struct junit *junit)
{
    buf_add(junit->out, V("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
}

static void root_open(const struct junit *junit)
{
    struct counts counts = counts_of(junit->run->cases, junit->run->case_count);
    buf_add(junit->out, V("<testsuites"));
    if (junit->dialect != JUNIT_ANT) {
        xml_attribute(junit->out, "name", V("sipwright"));
        counts_write(junit, &counts, junit->dialect == JUNIT_DEFAULT);
    }
    if (junit->dialect == JUNIT_DEFAULT)
        timestamp_write(junit);
    buf_add(junit->out, V(">\n"));
}

static enum err one_file_write(const struct report_run *run, enum junit_dialect dialect,
                               const char *path)
{
    struct writer writer;
    struct junit_suite suite = {0};
    enum err err = writer_open(&writer, path);
    struct junit junit = {run, dialect, writer_buf(&writer)};
    if (err != ERR_OK)
        return writer_close(&writer, err);
    head_write(&junit);
    root_open(&junit);
    for (size_t at = 0; suite_take(run, &at, &suite);)
        suite_write(&junit, &suite, &writer);
    buf_add(junit.out, V("</testsuites>\n"));
    return writer_close(&writer, ERR_OK);
}

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

/* "out/TEST-scenarios.basic.xml"; a name that had to be mended gets a part of its hash. */
static void suite_path_add(struct buf *path, const char *folder, struct view file)
{
    struct buf name = {0};
    bool mended = false;
    junit_class_add(&name, file);
    buf_printf(path, "%s/TEST-", folder);
    for (size_t i = 0; i < name.len; i++) {
        bool good = name_char(name.ptr[i]) && i < 150;
        mended = mended || !good;
        if (i < 150)
            buf_add_char(path, good ? name.ptr[i] : '-');
    }
    if (mended)
        buf_printf(path, "-%08x", (unsigned)(view_hash(file) & 0xffffffffu));
    buf_add(path, V(".xml"));
    buf_add_char(path, '\0');
    text_part_end(path, &name);
}

static enum err suite_file_write(const struct report_run *run, const struct junit_suite *suite,
                                 const char *folder)
{
    struct buf path = {0};
    suite_path_add(&path, folder, suite->cases->file);
    enum err err = path.failed;
    if (err == ERR_OK) {
        struct writer writer;
        err = writer_open(&writer, path.ptr);
        struct junit junit = {run, JUNIT_STRICT, writer_buf(&writer)};
        if (err == ERR_OK) {
            head_write(&junit);
            suite_write(&junit, suite, &writer);
        }
        err = writer_close(&writer, err);
    }
    buf_deinit(&path);
    return err;
}

enum err report_junit_write(const struct report_run *run, enum junit_dialect dialect,
                            const char *path)
{
    struct junit_suite suite = {0};
    enum err err = ERR_OK;
    if (dialect != JUNIT_STRICT || view_ends(view_of(path), V(".xml")))
        return one_file_write(run, dialect, path);
    for (size_t at = 0; err == ERR_OK && suite_take(run, &at, &suite);)
        err = suite_file_write(run, &suite, path);
    return err;
}
