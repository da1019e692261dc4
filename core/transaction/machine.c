#include "core/transaction/machine.h"

const struct tx_row *tx_row_find(const struct tx_machine *machine, uint8_t at, uint8_t on)
{
    for (size_t i = 0; i < machine->row_count; i++)
        if (machine->rows[i].on == on && machine->rows[i].at == at)
            return &machine->rows[i];
    return NULL;
}

const struct tx_wait *tx_wait_find(const struct tx_machine *machine, uint8_t at)
{
    for (size_t i = 0; i < machine->wait_count; i++)
        if (machine->waits[i].at == at)
            return &machine->waits[i];
    return NULL;
}

struct view tx_state_text(uint8_t state)
{
    static const struct view texts[TX_STATE_COUNT] = {
        [TX_WAITING] = {"waiting",    7 },
          [CALLING] = {"calling",    7 },
        [TRYING] = {"trying",     6 },
          [PROCEEDING] = {"proceeding", 10},
        [COMPLETED] = {"completed",  9 },
          [CONFIRMED] = {"confirmed",  9 },
        [ACCEPTED] = {"accepted",   8 },
          [TERMINATED] = {"terminated", 10},
    };
    ASSERT(state < TX_STATE_COUNT);
    return texts[state];
}

struct view tx_event_text(uint8_t event)
{
    static const struct view texts[TX_EVENT_COUNT] = {
#define TX_EVENT_TEXT(name, text) {text, sizeof text - 1},
        TX_EVENT_LIST(TX_EVENT_TEXT)
#undef TX_EVENT_TEXT
    };
    ASSERT(event < TX_EVENT_COUNT);
    return texts[event];
}

uint8_t tx_event_received(uint16_t status)
{
    return status < 200 ? RECV_1XX : status < 300 ? RECV_2XX : RECV_300_699;
}

uint8_t tx_event_sent(uint16_t status)
{
    return status < 200 ? USER_1XX : status < 300 ? USER_2XX : USER_300_699;
}
