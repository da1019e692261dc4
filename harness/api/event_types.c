#include "harness/api/event_types.h"

struct view event_type(struct view event)
{
    static const struct {
        struct view event, type;
    } types[] = {
        {{"presence", 8},         {"application/pidf+xml", 20}              }, /* RFC 3856 */
        {{"message-summary", 15}, {"application/simple-message-summary", 34}}, /* RFC 3842 */
        {{"dialog", 6},           {"application/dialog-info+xml", 27}       }, /* RFC 4235 */
        {{"reg", 3},              {"application/reginfo+xml", 23}           }, /* RFC 3680 */
        {{"conference", 10},      {"application/conference-info+xml", 31}   }, /* RFC 4575 */
        {{"refer", 5},            {"message/sipfrag;version=2.0", 27}       }, /* RFC 3515 */
    };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (view_equal(types[i].event, event))
            return types[i].type;
    return V("text/plain");
}
