#include "reports/packet.h"

#include <string.h>

enum {
    IP4_HEAD = 20,
    IP6_HEAD = 40,
    UDP_HEAD = 8,
    TCP_HEAD = 20,
    UDP_NUMBER = 17,
    TCP_NUMBER = 6,
    HOPS = 64
};

static void put16(unsigned char *at, size_t value)
{
    at[0] = (unsigned char)(value >> 8);
    at[1] = (unsigned char)value;
}

static void put32(unsigned char *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
}

/* RFC 1071: the sum of 16-bit words, the carry added to the end; a last odd byte is a high one. */
static uint32_t sum_add(uint32_t sum, const unsigned char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        sum += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

static const unsigned char *ip_of(const struct addr *addr, uint8_t family)
{
    static const unsigned char none[16];
    return addr->family == family ? addr->ip : none;
}

static uint8_t number_of(const struct packet_head *head)
{
    return head->tcp ? TCP_NUMBER : UDP_NUMBER;
}

/* RFC 768, RFC 9293 §3.1 and RFC 8200 §8.1: the pseudo header's words, then what it carries. */
static uint16_t checksum(const struct packet_head *head, uint8_t family,
                         const unsigned char *carried, size_t len)
{
    size_t ip_len = family == 4 ? 4 : 16;
    uint32_t sum = sum_add(0, ip_of(&head->source, family), ip_len);
    sum = sum_add(sum, ip_of(&head->target, family), ip_len);
    sum = sum_add(sum + number_of(head) + (uint32_t)len, carried, len);
    return !head->tcp && sum == 0xffff ? 0xffff : (uint16_t)~sum; /* in UDP 0 would mean "none" */
}

static void ip4_write(unsigned char *at, const struct packet_head *head, size_t carried_len)
{
    memset(at, 0, IP4_HEAD);
    at[0] = 0x45;
    put16(at + 2, IP4_HEAD + carried_len);
    at[6] = 0x40; /* don't fragment */
    at[8] = HOPS;
    at[9] = number_of(head);
    memcpy(at + 12, ip_of(&head->source, 4), 4);
    memcpy(at + 16, ip_of(&head->target, 4), 4);
    put16(at + 10, (uint16_t)~sum_add(0, at, IP4_HEAD));
}

static void ip6_write(unsigned char *at, const struct packet_head *head, size_t carried_len)
{
    memset(at, 0, IP6_HEAD);
    at[0] = 0x60;
    put16(at + 4, carried_len);
    at[6] = number_of(head);
    at[7] = HOPS;
    memcpy(at + 8, ip_of(&head->source, 6), 16);
    memcpy(at + 24, ip_of(&head->target, 6), 16);
}

static void udp_write(unsigned char *udp, const struct packet_head *head, size_t len)
{
    put16(udp, head->source.port);
    put16(udp + 2, head->target.port);
    put16(udp + 4, len);
    put16(udp + 6, 0);
}

static void tcp_write(unsigned char *tcp, const struct packet_head *head)
{
    memset(tcp, 0, TCP_HEAD);
    put16(tcp, head->source.port);
    put16(tcp + 2, head->target.port);
    put32(tcp + 4, head->seq);
    put32(tcp + 8, head->ack);
    tcp[12] = TCP_HEAD / 4 << 4;
    tcp[13] = head->flags;
    put16(tcp + 14, 65535); /* window */
}

size_t packet_write(unsigned char *room, const struct packet_head *head, struct view payload)
{
    uint8_t family = head->source.family == 6 || head->target.family == 6 ? 6 : 4;
    size_t ip_len = family == 4 ? IP4_HEAD : IP6_HEAD;
    size_t head_len = head->tcp ? TCP_HEAD : UDP_HEAD;
    unsigned char *carried = room + ip_len;
    payload = view_head(payload, PACKET_MOST - ip_len - head_len);
    size_t len = head_len + payload.len;
    if (head->tcp)
        tcp_write(carried, head);
    else
        udp_write(carried, head, len);
    if (payload.len > 0)
        memcpy(carried + head_len, payload.ptr, payload.len);
    put16(carried + (head->tcp ? 16 : 6), checksum(head, family, carried, len));
    if (family == 4)
        ip4_write(room, head, len);
    else
        ip6_write(room, head, len);
    return ip_len + len;
}
