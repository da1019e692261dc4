#include "reports/pcap_head.h"

#include "reports/pcapng.h"
#include "reports/text.h"

enum { NAMES_MOST = 1024 };

/* What the file is of: the scenario, its seed, how it ended. */
static enum err section_write(struct buf *out, const struct survey *survey,
                              const struct report_case *one)
{
    struct buf comment = {0};
    text_add(&comment, one->id);
    buf_printf(&comment, "\nseed %llu, net %.*s, %s", (unsigned long long)one->seed,
               VIEW_ARG(one->net), verdict_text(one->verdict));
    if (one->reason.len > 0)
        buf_add(&comment, V(": "));
    text_add(&comment, one->reason);
    if (survey->swallowed > 0)
        buf_printf(&comment, "\nnot here, for a hook swallowed them: %llu",
                   (unsigned long long)survey->swallowed);
    pcapng_section(out, V("sipwright " SIPWRIGHT_VERSION), buf_view(&comment));
    enum err err = comment.failed;
    buf_deinit(&comment);
    return err;
}

static enum err interface_write(struct buf *out, const struct survey_party *party)
{
    struct buf name = {0};
    char room[ADDR_TEXT_MAX];
    text_add(&name, party->name);
    pcapng_interface(out, buf_view(&name), addr_text(&party->addr, room));
    enum err err = name.failed;
    buf_deinit(&name);
    return err;
}

/* At least one: libpcap takes a file without any for a broken one. */
static enum err interfaces_write(struct buf *out, struct survey *survey)
{
    bool others = survey->strangers || survey->party_count == 0;
    enum err err = ERR_OK;
    if (others)
        pcapng_interface(out, V("others"), V("whoever is no party of the scenario"));
    for (uint32_t i = 0; i < survey->party_count && err == ERR_OK; i++) {
        err = interface_write(out, &survey->parties[i]);
        survey->parties[i].interface = i + others;
    }
    return err;
}

static enum err names_write(struct buf *out, const struct survey *survey)
{
    struct buf name = {0};
    size_t begin = pcapng_names_begin(out);
    for (size_t i = 0; i < survey->party_count && i < NAMES_MOST; i++) {
        const struct survey_party *party = &survey->parties[i];
        if (party->shared || party->addr.family == 0)
            continue;
        name.len = 0;
        text_add(&name, party->name);
        pcapng_name(out, &party->addr, buf_view(&name));
    }
    pcapng_names_end(out, begin);
    enum err err = name.failed;
    buf_deinit(&name);
    return err;
}

enum err pcap_head_write(struct buf *out, struct survey *survey, const struct report_case *one)
{
    enum err err = section_write(out, survey, one);
    if (err == ERR_OK)
        err = interfaces_write(out, survey);
    return err == ERR_OK ? names_write(out, survey) : err;
}
