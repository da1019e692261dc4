#include "core/message/kind.h"

const struct sip_header_kind *const sip_header_kinds[SIP_HEADER_COUNT] = {
    [SIP_HEADER_VIA] = &sip_via_kind,
    [SIP_HEADER_FROM] = &sip_name_addr_kind,
    [SIP_HEADER_TO] = &sip_name_addr_kind,
    [SIP_HEADER_CALL_ID] = &sip_call_id_kind,
    [SIP_HEADER_CSEQ] = &sip_cseq_kind,
    [SIP_HEADER_CONTACT] = &sip_name_addr_kind,
    [SIP_HEADER_MAX_FORWARDS] = &sip_number_kind,
    [SIP_HEADER_CONTENT_LENGTH] = &sip_number_kind,
    [SIP_HEADER_CONTENT_TYPE] = &sip_media_type_kind,
    [SIP_HEADER_ROUTE] = &sip_name_addr_kind,
    [SIP_HEADER_RECORD_ROUTE] = &sip_name_addr_kind,
    [SIP_HEADER_REQUIRE] = &sip_token_kind,
    [SIP_HEADER_SUPPORTED] = &sip_token_kind,
    [SIP_HEADER_ALLOW] = &sip_token_kind,
    [SIP_HEADER_EXPIRES] = &sip_number_kind,
    [SIP_HEADER_PROXY_REQUIRE] = &sip_token_kind,
    [SIP_HEADER_ACCEPT] = &sip_media_type_kind,
    [SIP_HEADER_ACCEPT_ENCODING] = &sip_token_params_kind,
    [SIP_HEADER_ACCEPT_LANGUAGE] = &sip_token_params_kind,
    [SIP_HEADER_ALERT_INFO] = &sip_uri_params_kind,
    [SIP_HEADER_AUTHENTICATION_INFO] = &sip_auth_info_kind,
    [SIP_HEADER_AUTHORIZATION] = &sip_auth_kind,
    [SIP_HEADER_CALL_INFO] = &sip_uri_params_kind,
    [SIP_HEADER_CONTENT_DISPOSITION] = &sip_token_params_kind,
    [SIP_HEADER_CONTENT_ENCODING] = &sip_token_kind,
    [SIP_HEADER_CONTENT_LANGUAGE] = &sip_token_kind,
    [SIP_HEADER_DATE] = &sip_date_kind,
    [SIP_HEADER_ERROR_INFO] = &sip_uri_params_kind,
    [SIP_HEADER_IN_REPLY_TO] = &sip_call_id_kind,
    [SIP_HEADER_MIN_EXPIRES] = &sip_number_kind,
    [SIP_HEADER_MIME_VERSION] = &sip_text_kind,
    [SIP_HEADER_ORGANIZATION] = &sip_text_kind,
    [SIP_HEADER_PRIORITY] = &sip_token_kind,
    [SIP_HEADER_PROXY_AUTHENTICATE] = &sip_auth_kind,
    [SIP_HEADER_PROXY_AUTHORIZATION] = &sip_auth_kind,
    [SIP_HEADER_REPLY_TO] = &sip_name_addr_kind,
    [SIP_HEADER_RETRY_AFTER] = &sip_retry_after_kind,
    [SIP_HEADER_SERVER] = &sip_text_kind,
    [SIP_HEADER_SUBJECT] = &sip_text_kind,
    [SIP_HEADER_TIMESTAMP] = &sip_timestamp_kind,
    [SIP_HEADER_UNSUPPORTED] = &sip_token_kind,
    [SIP_HEADER_USER_AGENT] = &sip_text_kind,
    [SIP_HEADER_WARNING] = &sip_warning_kind,
    [SIP_HEADER_WWW_AUTHENTICATE] = &sip_auth_kind,
    [SIP_HEADER_RSEQ] = &sip_number_kind,
    [SIP_HEADER_RACK] = &sip_rack_kind,
    [SIP_HEADER_EVENT] = &sip_token_params_kind,
    [SIP_HEADER_ALLOW_EVENTS] = &sip_token_kind,
    [SIP_HEADER_SUBSCRIPTION_STATE] = &sip_token_params_kind,
    [SIP_HEADER_REFER_TO] = &sip_name_addr_kind,
    [SIP_HEADER_REFERRED_BY] = &sip_name_addr_kind,
    [SIP_HEADER_REFER_SUB] = &sip_token_params_kind,
    [SIP_HEADER_REPLACES] = &sip_dialog_id_kind,
    [SIP_HEADER_JOIN] = &sip_dialog_id_kind,
    [SIP_HEADER_TARGET_DIALOG] = &sip_target_dialog_kind,
    [SIP_HEADER_SESSION_EXPIRES] = &sip_number_kind,
    [SIP_HEADER_MIN_SE] = &sip_number_kind,
    [SIP_HEADER_PATH] = &sip_name_addr_kind,
    [SIP_HEADER_SERVICE_ROUTE] = &sip_name_addr_kind,
    [SIP_HEADER_REASON] = &sip_token_params_kind,
    [SIP_HEADER_ACCEPT_CONTACT] = &sip_token_params_kind,
    [SIP_HEADER_REJECT_CONTACT] = &sip_token_params_kind,
    [SIP_HEADER_REQUEST_DISPOSITION] = &sip_token_kind,
    [SIP_HEADER_SIP_ETAG] = &sip_token_kind,
    [SIP_HEADER_SIP_IF_MATCH] = &sip_token_kind,
    [SIP_HEADER_P_ASSERTED_IDENTITY] = &sip_name_addr_kind,
    [SIP_HEADER_P_PREFERRED_IDENTITY] = &sip_name_addr_kind,
    [SIP_HEADER_PRIVACY] = &sip_token_params_kind,
    [SIP_HEADER_HISTORY_INFO] = &sip_name_addr_kind,
    [SIP_HEADER_DIVERSION] = &sip_name_addr_kind,
    [SIP_HEADER_IDENTITY] = &sip_text_kind,
    [SIP_HEADER_IDENTITY_INFO] = &sip_uri_params_kind,
    [SIP_HEADER_FLOW_TIMER] = &sip_number_kind,
    [SIP_HEADER_INFO_PACKAGE] = &sip_token_params_kind,
    [SIP_HEADER_RECV_INFO] = &sip_token_params_kind,
    [SIP_HEADER_SECURITY_CLIENT] = &sip_token_params_kind,
    [SIP_HEADER_SECURITY_SERVER] = &sip_token_params_kind,
    [SIP_HEADER_SECURITY_VERIFY] = &sip_token_params_kind,
    [SIP_HEADER_SUPPRESS_IF_MATCH] = &sip_token_kind,
    [SIP_HEADER_ANSWER_MODE] = &sip_token_params_kind,
    [SIP_HEADER_PRIV_ANSWER_MODE] = &sip_token_params_kind,
    [SIP_HEADER_MAX_BREADTH] = &sip_number_kind,
    [SIP_HEADER_RESOURCE_PRIORITY] = &sip_token_kind,
    [SIP_HEADER_ACCEPT_RESOURCE_PRIORITY] = &sip_token_kind,
    [SIP_HEADER_P_ACCESS_NETWORK_INFO] = &sip_token_params_kind,
    [SIP_HEADER_P_ASSOCIATED_URI] = &sip_name_addr_kind,
    [SIP_HEADER_P_CALLED_PARTY_ID] = &sip_name_addr_kind,
    [SIP_HEADER_P_CHARGING_VECTOR] = &sip_text_kind,
    [SIP_HEADER_P_CHARGING_FUNCTION_ADDRESSES] = &sip_text_kind,
    [SIP_HEADER_P_VISITED_NETWORK_ID] = &sip_word_params_kind,
    [SIP_HEADER_USER_TO_USER] = &sip_word_params_kind,
    [SIP_HEADER_GEOLOCATION] = &sip_uri_params_kind,
    [SIP_HEADER_GEOLOCATION_ROUTING] = &sip_token_params_kind,
    [SIP_HEADER_GEOLOCATION_ERROR] = &sip_number_kind,
    [SIP_HEADER_FEATURE_CAPS] = &sip_token_params_kind,
    [SIP_HEADER_SESSION_ID] = &sip_token_params_kind,
};

enum sip_shape sip_header_shape(enum sip_header_id id)
{
    return sip_header_kinds[id] == NULL ? SIP_SHAPE_NONE : sip_header_kinds[id]->shape;
}

/* Those without which a message cannot be routed, matched or understood. */
bool sip_header_grave(enum sip_header_id id)
{
    switch (id) {
    case SIP_HEADER_VIA:
    case SIP_HEADER_FROM:
    case SIP_HEADER_TO:
    case SIP_HEADER_CALL_ID:
    case SIP_HEADER_CSEQ:
    case SIP_HEADER_CONTACT:
    case SIP_HEADER_ROUTE:
    case SIP_HEADER_RECORD_ROUTE:
    case SIP_HEADER_REQUIRE:
    case SIP_HEADER_PROXY_REQUIRE:
    case SIP_HEADER_CONTENT_LENGTH:
    case SIP_HEADER_CONTENT_TYPE:
        return true;
    default:
        return false;
    }
}

/* Those whose grammar has brackets around the whole list. */
bool sip_header_may_be_empty(enum sip_header_id id)
{
    switch (id) {
    case SIP_HEADER_ACCEPT:
    case SIP_HEADER_ACCEPT_ENCODING:
    case SIP_HEADER_ACCEPT_LANGUAGE:
    case SIP_HEADER_ALLOW:
    case SIP_HEADER_SUPPORTED:
    case SIP_HEADER_RECV_INFO:
    case SIP_HEADER_ACCEPT_RESOURCE_PRIORITY:
        return true;
    default:
        return sip_header_kind(id) == NULL || sip_header_kind(id) == &sip_text_kind;
    }
}
