/* pcap and pcapng, read by libpcap: frames with their times in nanoseconds. */
#include "harness/capture/inside.h"

#include <errno.h>
#include <pcap/pcap.h>

struct pcap_file {
    pcap_t *pcap;
    int link_type;
    uint32_t count;
};

/* What a file begins with, for who took it for a capture. */
static const char *kind_of(const char *path)
{
    char head[5] = "";
    FILE *file = fopen(path, "rb");
    size_t len = file == NULL ? 0 : fread(head, 1, sizeof head - 1, file);
    bool folder = file != NULL && len == 0 && ferror(file) && errno == EISDIR;
    if (file != NULL)
        fclose(file);
    if (folder)
        return "it is a folder";
    if (len == 0)
        return "it is empty";
    if (memcmp(head, "\x1f\x8b", 2) == 0)
        return "it is compressed (gunzip it first)";
    if (memcmp(head, "<?xm", 4) == 0)
        return "it is XML";
    if (memcmp(head, "INVI", 4) == 0 || memcmp(head, "SIP/", 4) == 0)
        return "it is the text of a message";
    return "it is neither pcap nor pcapng";
}

/* It begins like one: libpcap says best what is wrong with it. */
static bool is_capture(FILE *file)
{
    static const char *const magics[] = {"\x0a\x0d\x0d\x0a", "\xd4\xc3\xb2\xa1", "\xa1\xb2\xc3\xd4",
                                         "\x4d\x3c\xb2\xa1", "\xa1\xb2\x3c\x4d"};
    char head[4] = "";
    bool is = false;
    if (fread(head, 1, sizeof head, file) == sizeof head)
        for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
            is |= memcmp(head, magics[i], sizeof head) == 0;
    return is;
}

static enum err complain(const char *path, const char *error, struct buf *complaint)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        buf_printf(complaint, "%s", error);
        return ERR_IO;
    }
    bool capture = is_capture(file);
    fclose(file);
    buf_printf(complaint, "%s: %s", path, capture ? error : kind_of(path));
    return ERR_SYNTAX;
}

enum err pcap_file_open(const char *path, struct pcap_file **out, struct buf *complaint)
{
    char error[PCAP_ERRBUF_SIZE] = "";
    struct pcap_file *file = mem_zalloc(sizeof *file);
    if (file == NULL)
        return ERR_MEMORY;
    file->pcap = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, error);
    if (file->pcap == NULL) {
        pcap_file_close(file);
        return complain(path, error, complaint);
    }
    file->link_type = pcap_datalink(file->pcap);
    if (!link_known(file->link_type)) {
        const char *name = pcap_datalink_val_to_description(file->link_type);
        buf_printf(complaint, "%s: its link layer, %s (%d), is not one that carries IP", path,
                   name == NULL ? "an unknown one" : name, file->link_type);
        pcap_file_close(file);
        return ERR_UNSUPPORTED;
    }
    *out = file;
    return ERR_OK;
}

void pcap_file_close(struct pcap_file *file)
{
    if (file == NULL)
        return;
    if (file->pcap != NULL)
        pcap_close(file->pcap);
    mem_free(file);
}

/* The seconds of a pcap have 32 bits and no sign, which libpcap gives them: from 2038 on. */
static uint64_t time_of(const struct timeval *at)
{
    uint64_t second = at->tv_sec < 0 ? (uint32_t)at->tv_sec : (uint64_t)at->tv_sec;
    return second * 1000000000u + (uint32_t)at->tv_usec;
}

bool pcap_file_next(struct pcap_file *file, struct frame *out, struct view *failed)
{
    struct pcap_pkthdr *head;
    const u_char *bytes;
    int got = pcap_next_ex(file->pcap, &head, &bytes);
    if (got != 1) {
        *failed = got == PCAP_ERROR_BREAK ? (struct view){0} : view_of(pcap_geterr(file->pcap));
        return false;
    }
    *out = (struct frame){
        .number = ++file->count,
        .time_ns = time_of(&head->ts),
        .link_type = file->link_type,
        .bytes = {(const char *)bytes, head->caplen},
        .cut = head->caplen < head->len,
    };
    return true;
}
