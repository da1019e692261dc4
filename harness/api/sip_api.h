/* The global `sip`: messages, dialogs, descriptions and identifiers, built and read. */
#pragma once
#include "harness/scene/scene.h"

void sip_open(lua_State *L);
/* Pushes the response to the message at `request` with the status and options at these indices. */
int response_push(lua_State *L, int request, int status, int opts, struct view maker);
int sip_dialog(lua_State *L); /* dialog_api.c */
void dialog_open(lua_State *L);
