#include "mock/inside.h"

struct mock_flight *mock_flight_get(struct mock *mock)
{
    struct mock_flight *flight = mock->spare;
    if (flight == NULL)
        return mem_zalloc(sizeof *flight);
    mock->spare = flight->next;
    *flight = (struct mock_flight){0};
    return flight;
}

void mock_flight_give(struct mock *mock, struct mock_flight *flight)
{
    blob_unref(flight->bytes);
    flight->bytes = NULL;
    flight->next = mock->spare;
    mock->spare = flight;
}

void mock_flight_start(struct mock *mock, struct mock_flight *flight, uint64_t delay_us)
{
    struct moment at = order_next(mock->driver.order, time_after(mock->now_us, delay_us));
    if (mock->flight_count >= mock->flight_limit ||
        heap_set(&mock->heap, &flight->node, at) != ERR_OK) {
        mock->lost = true;
        mock_flight_give(mock, flight);
        return;
    }
    mock->flight_count++;
    mock->silent_count += flight->kind == FLIGHT_CREDIT;
}

struct mock_flight *mock_flight_take(struct mock *mock, struct moment until)
{
    struct heap_node *node = heap_first(&mock->heap);
    if (node == NULL || !moment_before(node->at, until))
        return NULL;
    struct mock_flight *flight = (struct mock_flight *)node;
    heap_stop(&mock->heap, node);
    mock->flight_count--;
    mock->silent_count -= flight->kind == FLIGHT_CREDIT;
    if (node->at.at_us > mock->now_us)
        mock->now_us = node->at.at_us;
    return flight;
}

void mock_flights_deinit(struct mock *mock)
{
    struct mock_flight *flight;
    while ((flight = mock_flight_take(mock, moment_never)) != NULL)
        mock_flight_give(mock, flight);
    while ((flight = mock->spare) != NULL) {
        mock->spare = flight->next;
        mem_free(flight);
    }
    heap_deinit(&mock->heap);
}
