/* The exchanges of RFC 4317, by their streams: each answer fits its offer, each later description
 * its earlier one, and where ours are the codecs that the example has chosen, our answer is the
 * same. */
#include "core/sdp/sdp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct told { /* one description */
    const char *who;
    int version;
    const char *streams; /* "audio 49170 0 8 97=iLBC/8000; video 51372 31 32 sendonly" */
};

struct example {
    const char *section;
    const char *fault;   /* the one rule that the example itself breaks; NULL: none */
    struct told told[5]; /* offer, answer, offer, answer; either side may offer next */
};

static const struct example examples[] = {
    {"2.1",
     NULL,               {{"alice", 26, "audio 49170 0 8 97=iLBC/8000; video 51372 31 32"},
      {"bob", 64, "audio 49174 0; video 49170 32"}}                                                           },
    {"2.2",
     NULL,               {{"alice", 26, "audio 49170 0 8 97=iLBC/8000; video 51372 31 32"},
      {"bob", 64, "audio 49172 0 8; video 0 31"},
      {"alice", 27, "audio 51372 0; video 0 31"},
      {"bob", 65, "audio 49172 0; video 0 31"}}                                                               },
    {"2.3",
     NULL,               {{"alice", 26, "audio 49170 0 8 97=iLBC/8000; video 51372 31 32"},
      {"bob", 64, "audio 49172 99=iLBC/8000; video 51374 31"}}                                                },
    {"2.4",
     NULL,               {{"alice", 26, "audio 49170 0 97=iLBC/8000; audio 49172 98=telephone-event/8000 sendonly"},
      {"bob", 64, "audio 49172 97=iLBC/8000; audio 49174 98=telephone-event/8000 recvonly"}}                  },
    {"2.5",
     NULL,               {{"alice", 26, "audio 49170 97=iLBC/8000; video 51372 31"},
      {"bob", 64, "audio 49174 97=iLBC/8000; video 49170 31"},
      {"bob", 65, "audio 49178 97=iLBC/8000; video 49188 31"},
      {"alice", 26, "audio 49170 97=iLBC/8000; video 51372 31"}}                                              },
    {"2.6",
     NULL,               {{"alice", 26, "audio 49170 0; audio 51372 97=iLBC/8000 101=telephone-event/8000"},
      {"bob", 64, "audio 0 0; audio 49170 97=iLBC/8000 101=telephone-event/8000"}}                            },
    {"2.7",
     NULL,               {{"alice", 26, "audio 49170 99=iLBC/8000; video 51372 31"},
      {"bob", 64, "audio 49172 99=iLBC/8000; video 51374 31"},
      {"alice", 27, "audio 49170 99=iLBC/8000; video 51372 31 32"},
      {"bob", 65, "audio 49172 99=iLBC/8000; video 51374 31 32"}}                                             },
    {"2.8",
     NULL,               {{"alice", 26, "audio 49170 0 8 97=iLBC/8000; video 51372 31 32"},
      {"bob", 64, "audio 49174 0; video 49172 32"}}                                                           },
    {"3.1",
     NULL,               {{"alice", 26, "audio 49170 0 97=iLBC/8000"},
      {"bob", 64, "audio 49172 97=iLBC/8000 sendonly"},
      {"bob", 65, "audio 49170 97=iLBC/8000"},
      {"alice", 27, "audio 49178 97=iLBC/8000"}}                                                              },
    {"3.2",
     "answer-direction", {{"alice", 26, "audio 49170 0 97=iLBC/8000; audio 49172 98=telephone-event/8000 sendonly"},
      {"bob", 64, "audio 49172 97=iLBC/8000; audio 49174 98=telephone-event/8000 recvonly"},
      {"bob", 65,
       "audio 49172 97=iLBC/8000 sendonly; audio 49174 98=telephone-event/8000 recvonly"},
      {"alice", 27, "audio 49170 0 97=iLBC/8000; audio 49172 98=telephone-event/8000 sendonly"}}},
    {"4.1",
     NULL,               {{"alice", 26, "audio 49170 0 97=iLBC/8000"},
      {"bob", 64, "audio 49170 97=iLBC/8000"},
      {"bob", 65, "audio 49170 97=iLBC/8000; audio 48282 98=telephone-event/8000 recvonly"},
      {"alice", 27, "audio 49170 97=iLBC/8000; audio 49172 98=telephone-event/8000 sendonly"}}                },
    {"4.2",
     NULL,               {{"alice", 26, "audio 49170 0"},
      {"bob", 64, "audio 49172 0"},
      {"alice", 27, "audio 49170 0; video 49172 31"},
      {"bob", 65, "audio 49172 0; video 49168 31"}}                                                           },
    {"4.3",
     NULL,               {{"alice", 26, "audio 49170 97=iLBC/8000; video 51372 31"},
      {"bob", 64, "audio 49174 97=iLBC/8000; video 49170 31"},
      {"bob", 65, "audio 49174 97=iLBC/8000; video 0 31"},
      {"alice", 27, "audio 49170 97=iLBC/8000; video 0 31"}}                                                  },
    {"5.1",
     NULL,               {{"alice", 26, ""},
      {"bob", 64, ""},
      {"alice", 27, "audio 49170 97=iLBC/8000"},
      {"bob", 65, "audio 49172 97=iLBC/8000"}}                                                                },
    {"5.2",
     NULL,               {{"alice", 26, "audio 23442 97=iLBC/8000"},
      {"bob", 64, "audio 49170 97=iLBC/8000"},
      {"alice", 27, "audio 49170 97=iLBC/8000"},
      {"bob", 64, "audio 49170 97=iLBC/8000"}}                                                                },
    {"5.3",
     NULL,               {{"alice", 26, "audio 49170 97=iLBC/8000"},
      {"bob", 64, "audio 9322 97=iLBC/8000"},
      {"bob", 65, "audio 49172 97=iLBC/8000"},
      {"alice", 26, "audio 49170 97=iLBC/8000"}}                                                              },
};

static const char *static_name(int payload)
{
    return payload == 0    ? "PCMU/8000"
           : payload == 8  ? "PCMA/8000"
           : payload == 31 ? "H261/90000"
                           : "MPV/90000";
}

static void stream_write(struct buf *buf, const char *text)
{
    char kind[16], word[64], formats[64] = "", rows[256] = "", direction[32] = "";
    int port, taken;
    assert_int_equal(sscanf(text, " %15s %d%n", kind, &port, &taken), 2);
    for (text += taken; sscanf(text, " %63[^ ;]%n", word, &taken) == 1; text += taken) {
        int payload;
        char *name = strchr(word, '=');
        if (sscanf(word, "%d", &payload) != 1) {
            snprintf(direction, sizeof direction, "a=%.20s\r\n", word);
            continue;
        }
        size_t used = strlen(formats);
        snprintf(formats + used, sizeof formats - used, " %d", payload);
        used = strlen(rows);
        snprintf(rows + used, sizeof rows - used, "a=rtpmap:%d %s\r\n", payload,
                 name != NULL ? name + 1 : static_name(payload));
    }
    buf_printf(buf, "m=%s %d RTP/AVP%s\r\n%s%s", kind, port, formats, rows, direction);
}

static void told_write(struct buf *buf, const struct told *told)
{
    buf_printf(buf, "v=0\r\no=%s 1 %d IN IP4 host.example.com\r\ns= \r\n", told->who,
               told->version);
    buf_printf(buf, "c=IN IP4 host.example.com\r\nt=0 0\r\n");
    const char *first = *told->streams == '\0' ? NULL : told->streams;
    for (const char *at = first; at != NULL; at = strchr(at, ';')) {
        at += *at == ';';
        stream_write(buf, at);
    }
    assert_int_equal(buf->failed, ERR_OK);
}

static void assert_none(const struct sip_fault *faults, size_t count, const char *section)
{
    if (count != 0)
        fail_msg("RFC 4317 §%s: %s, %s", section, faults[0].rule, faults[0].section);
}

static void answers_check(const struct example *example, const struct sip_sdp *sdps, size_t count)
{
    struct sip_fault faults[8];
    for (size_t i = 0; i + 1 < count; i += 2) {
        size_t found = sip_sdp_answer_check(&sdps[i], &sdps[i + 1], faults, 8);
        if (i == 2 && example->fault != NULL) {
            assert_int_equal(found, 1);
            assert_string_equal(faults[0].rule, example->fault);
        } else {
            assert_none(faults, found, example->section);
        }
    }
}

/* Each description with the next one of the same side. */
static void changes_check(const struct example *example, const struct sip_sdp *sdps, size_t count)
{
    struct sip_fault faults[8];
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++)
            if (strcmp(example->told[i].who, example->told[j].who) == 0)
                assert_none(faults, sip_sdp_change_check(&sdps[i], &sdps[j], faults, 8),
                            example->section);
}

static void play(const struct example *example)
{
    struct arena arena = {0};
    struct sip_sdp sdps[5];
    struct buf bufs[5] = {0};
    size_t count = 0;
    for (; example->told[count].who != NULL; count++) {
        told_write(&bufs[count], &example->told[count]);
        assert_int_equal(sip_sdp_parse(buf_view(&bufs[count]), &arena, &sdps[count]), ERR_OK);
        assert_none(sdps[count].faults, sdps[count].fault_count, example->section);
    }
    answers_check(example, sdps, count);
    changes_check(example, sdps, count);
    for (size_t i = 0; i < count; i++)
        buf_deinit(&bufs[i]);
    arena_deinit(&arena);
}

static void each_exchange_is_free_of_faults(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++)
        play(&examples[i]);
}

/* As bob of §2.1, §2.3 and §2.7, with the codecs of his answer; then without a camera, and deaf. */
static void our_answer_is_that_of_the_example(void **state)
{
    (void)state;
    static const struct view pcmu = {"PCMU", 4}, ilbc = {"iLBC", 4}, mpv = {"MPV/90000", 9},
                             h261 = {"H261/90000", 10};
    static const struct {
        size_t example;
        const struct view *audio, *video;
        const char *expected;
    } rows[] = {
        {0, &pcmu, &mpv,  "audio 4000 0; video 4002 32"           },
        {2, &ilbc, &h261, "audio 4000 97=iLBC/8000; video 4002 31"},
        {6, &ilbc, &h261, "audio 4000 99=iLBC/8000; video 4002 31"},
        {0, &pcmu, NULL,  "audio 4000 0; video 0 31"              },
        {0, NULL,  &mpv,  "audio 0 0; video 4002 32"              },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sip_sdp_stream streams[2];
        size_t count = 0;
        if (rows[i].audio != NULL)
            streams[count++] =
                (struct sip_sdp_stream){V("audio"), 4000, rows[i].audio, 1, SIP_SDP_SENDRECV};
        if (rows[i].video != NULL)
            streams[count++] =
                (struct sip_sdp_stream){V("video"), 4002, rows[i].video, 1, SIP_SDP_SENDRECV};
        struct sip_sdp_options own = {.streams = streams, .stream_count = count};
        assert_int_equal(addr_parse(V("192.0.2.2:4000"), &own.address), ERR_OK);
        struct arena arena = {0};
        struct buf offer_text = {0}, expected_text = {0}, answer_text = {0};
        struct sip_sdp offer, expected, answer;
        struct told told = {"bob", 1, rows[i].expected};
        told_write(&offer_text, &examples[rows[i].example].told[0]);
        told_write(&expected_text, &told);
        assert_int_equal(sip_sdp_parse(buf_view(&offer_text), &arena, &offer), ERR_OK);
        assert_int_equal(sip_sdp_parse(buf_view(&expected_text), &arena, &expected), ERR_OK);
        assert_int_equal(sip_sdp_answer(&answer_text, &offer, &own, NULL), ERR_OK);
        assert_int_equal(sip_sdp_parse(buf_view(&answer_text), &arena, &answer), ERR_OK);
        struct sip_fault faults[8];
        assert_none(faults, sip_sdp_answer_check(&offer, &answer, faults, 8), "ours");
        assert_int_equal(answer.media_count, expected.media_count);
        for (size_t m = 0; m < answer.media_count; m++)
            assert_true(view_equal(answer.media[m].text, expected.media[m].text));
        buf_deinit(&offer_text);
        buf_deinit(&expected_text);
        buf_deinit(&answer_text);
        arena_deinit(&arena);
    }
}

/* What is wrong is found, each by its rule. */
static void an_answer_that_does_not_fit_is_a_fault(void **state)
{
    (void)state;
    static const struct {
        const char *offer, *answer, *rule;
    } rows[] = {
        {"audio 4000 0; video 4002 31", "audio 5000 0",                "answer-media-count"},
        {"audio 4000 0",                "audio 5000 0; video 5002 31", "answer-media-count"},
        {"audio 4000 0; video 0 31",    "audio 5000 0; audio 0 0",     "answer-media-kind" },
        {"audio 0 0",                   "audio 5000 0",                "answer-port"       },
        {"audio 4000 0 sendonly",       "audio 5000 0",                "answer-direction"  },
        {"audio 4000 0 sendonly",       "audio 5000 0 sendonly",       "answer-direction"  },
        {"audio 4000 0 recvonly",       "audio 5000 0 recvonly",       "answer-direction"  },
        {"audio 4000 0 inactive",       "audio 5000 0 recvonly",       "answer-direction"  },
        {"audio 4000 0",                "audio 5000 8",                "answer-format"     },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena = {0};
        struct buf texts[2] = {0};
        struct sip_sdp offer, answer;
        struct sip_fault faults[8];
        told_write(&texts[0], &(struct told){"alice", 1, rows[i].offer});
        told_write(&texts[1], &(struct told){"bob", 1, rows[i].answer});
        assert_int_equal(sip_sdp_parse(buf_view(&texts[0]), &arena, &offer), ERR_OK);
        assert_int_equal(sip_sdp_parse(buf_view(&texts[1]), &arena, &answer), ERR_OK);
        size_t count = sip_sdp_answer_check(&offer, &answer, faults, 8);
        if (count != 1)
            fail_msg("%s: %d faults, %s", rows[i].answer, (int)count, faults[1].rule);
        assert_string_equal(faults[0].rule, rows[i].rule);
        buf_deinit(&texts[0]);
        buf_deinit(&texts[1]);
        arena_deinit(&arena);
    }
}

static void a_change_that_does_not_say_so_is_a_fault(void **state)
{
    (void)state;
    static const struct {
        struct told before, after;
        const char *rule; /* NULL: none */
    } rows[] = {
        {{"bob", 1, "audio 4000 0"},                {"bob", 1, "audio 4000 0"},          NULL            },
        {{"bob", 1, "audio 4000 0"},                {"bob", 2, "audio 4000 0 sendonly"}, NULL            },
        {{"bob", 1, "audio 4000 0"},                {"bob", 1, "audio 4000 0 sendonly"}, "change-version"},
        {{"bob", 1, "audio 4000 0"},                {"bob", 3, "audio 4000 0 sendonly"}, "change-version"},
        {{"bob", 1, "audio 4000 0"},                {"alice", 2, "audio 4000 0"},        "change-origin" },
        {{"bob", 1, "audio 4000 0; video 4002 31"},
         {"bob", 2, "audio 4000 0"},
         "change-media-removed"                                                                          },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena = {0};
        struct buf texts[2] = {0};
        struct sip_sdp before, after;
        struct sip_fault faults[8];
        told_write(&texts[0], &rows[i].before);
        told_write(&texts[1], &rows[i].after);
        assert_int_equal(sip_sdp_parse(buf_view(&texts[0]), &arena, &before), ERR_OK);
        assert_int_equal(sip_sdp_parse(buf_view(&texts[1]), &arena, &after), ERR_OK);
        size_t count = sip_sdp_change_check(&before, &after, faults, 8);
        assert_int_equal(count, rows[i].rule != NULL);
        if (count != 0)
            assert_string_equal(faults[0].rule, rows[i].rule);
        buf_deinit(&texts[0]);
        buf_deinit(&texts[1]);
        arena_deinit(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_exchange_is_free_of_faults),
        cmocka_unit_test(our_answer_is_that_of_the_example),
        cmocka_unit_test(an_answer_that_does_not_fit_is_a_fault),
        cmocka_unit_test(a_change_that_does_not_say_so_is_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
