# cmake -DFOLDER=reports/html -DOUT=report_asset.c -P embed.cmake
# Writes the styles and scripts of the pages as bytes, each with its SHA-256 in base64, as asset.h declares them. No functions: where
# the file lies is part of what gcc counts by, and a build that counts lies elsewhere than one that uses the counts.

# 32 bytes as hex to base64: three hex digits are two letters, and one digit is left.
function(base64_of HEX OUT)
    set(letters ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)
    set(text "")
    foreach(at RANGE 0 60 3)
        string(SUBSTRING ${HEX} ${at} 3 digits)
        math(EXPR high "0x${digits} / 64")
        math(EXPR low "0x${digits} % 64")
        string(SUBSTRING ${letters} ${high} 1 first)
        string(SUBSTRING ${letters} ${low} 1 second)
        string(APPEND text ${first}${second})
    endforeach()
    string(SUBSTRING ${HEX} 63 1 digit)
    math(EXPR last "0x${digit} * 4")
    string(SUBSTRING ${letters} ${last} 1 letter)
    set(${OUT} "${text}${letter}=" PARENT_SCOPE)
endfunction()

function(asset_of NAME PATH OUT)
    file(READ ${PATH} bytes HEX)
    file(SHA256 ${PATH} hex)
    base64_of(${hex} hash)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
    set(${OUT} "static const unsigned char ${NAME}[] = {${bytes}};
const struct asset asset_${NAME} = {{(const char *)${NAME}, sizeof ${NAME}}, {\"${hash}\", 44}};
" PARENT_SCOPE)
endfunction()

set(assets "")
foreach(pair style=report.css script=report.js coverage_style=coverage.css coverage_script=coverage.js)
    string(REPLACE "=" ";" pair ${pair})
    list(GET pair 0 name)
    list(GET pair 1 file)
    asset_of(${name} ${FOLDER}/${file} asset)
    string(APPEND assets "\n${asset}")
endforeach()
file(WRITE ${OUT} "#include \"reports/html/asset.h\"\n${assets}")
