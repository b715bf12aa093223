// The complete list of what module HTTP calls in libcurl.
//
// libcurl sets options through variadic functions, which Swift cannot call: each option used here
// has one typed function. The rest is wrapped so that this list stays complete.

#ifndef CCURLSHIM_H
#define CCURLSHIM_H

#include <curl/curl.h>
#include <stddef.h>

typedef size_t (*ccurl_write_function)(char *bytes, size_t size, size_t count, void *context);

CURLcode ccurl_global_init(void);

// One transfer.
CURL *ccurl_easy_init(void);
void ccurl_easy_reset(CURL *easy);
void ccurl_easy_cleanup(CURL *easy);
const char *ccurl_easy_strerror(CURLcode code);
CURLcode ccurl_easy_set_url(CURL *easy, const char *url);
CURLcode ccurl_easy_set_unix_socket_path(CURL *easy, const char *path);
CURLcode ccurl_easy_set_proxy(CURL *easy, const char *proxy);
CURLcode ccurl_easy_set_nosignal(CURL *easy, long is_on);
CURLcode ccurl_easy_set_tcp_nodelay(CURL *easy, long is_on);
CURLcode ccurl_easy_set_http_version(CURL *easy, long version);
CURLcode ccurl_easy_set_timeout_ms(CURL *easy, long milliseconds);
CURLcode ccurl_easy_set_connect_timeout_ms(CURL *easy, long milliseconds);
CURLcode ccurl_easy_set_http_get(CURL *easy, long is_on);
CURLcode ccurl_easy_set_post(CURL *easy, long is_on);
CURLcode ccurl_easy_set_post_field_size(CURL *easy, curl_off_t size);
CURLcode ccurl_easy_set_copy_post_fields(CURL *easy, const void *bytes);
CURLcode ccurl_easy_set_http_header(CURL *easy, struct curl_slist *lines);
CURLcode ccurl_easy_set_error_buffer(CURL *easy, char *buffer);
CURLcode ccurl_easy_set_write_function(CURL *easy, ccurl_write_function function);
CURLcode ccurl_easy_set_write_context(CURL *easy, void *context);
CURLcode ccurl_easy_set_private(CURL *easy, void *context);
CURLcode ccurl_easy_get_private(CURL *easy, void **context);
CURLcode ccurl_easy_get_response_code(CURL *easy, long *code);

// Header lines.
struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *line);
void ccurl_slist_free_all(struct curl_slist *list);

// Many transfers driven by one thread.
CURLM *ccurl_multi_init(void);
CURLMcode ccurl_multi_cleanup(CURLM *multi);
CURLMcode ccurl_multi_set_max_connects(CURLM *multi, long count);
CURLMcode ccurl_multi_set_max_total_connections(CURLM *multi, long count);
CURLMcode ccurl_multi_add_handle(CURLM *multi, CURL *easy);
CURLMcode ccurl_multi_remove_handle(CURLM *multi, CURL *easy);
CURLMcode ccurl_multi_perform(CURLM *multi, int *running_count);
CURLMcode ccurl_multi_poll(CURLM *multi, int timeout_ms);
CURLMcode ccurl_multi_wakeup(CURLM *multi);
CURLMsg *ccurl_multi_info_read(CURLM *multi, int *remaining_count);
const char *ccurl_multi_strerror(CURLMcode code);

#endif
