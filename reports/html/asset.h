/* The page's style and script, as the build embeds them (embed.cmake), each with the hash by which
 * the content security policy lets it in.
 *
 *     struct asset style = asset_style();
 *     buf_add(out, style.text);
 */
#pragma once
#include "core/base.h"

struct asset {
    struct view text;
    struct view hash; /* SHA-256 in base64 */
};

struct asset asset_style(void);
struct asset asset_script(void);
