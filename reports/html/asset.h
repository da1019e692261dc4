/* The page's style and script, as the build embeds them (embed.cmake), each with the hash by which
 * the content security policy lets it in.
 *
 *     buf_add(out, asset_style.text);
 */
#pragma once
#include "core/base.h"

struct asset {
    struct view text;
    struct view hash; /* SHA-256 in base64 */
};

extern const struct asset asset_style, asset_script; /* report.css, report.js */
extern const struct asset asset_coverage_style,
    asset_coverage_script; /* coverage.css, coverage.js */
