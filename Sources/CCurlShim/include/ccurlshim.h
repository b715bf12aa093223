// The complete list of what module HTTP calls in libcurl, and of the waiting around it.
//
// libcurl sets options through variadic functions, which Swift cannot call: each option used here
// has one typed function. The rest is wrapped so that this list stays complete.

#ifndef CCURLSHIM_H
#define CCURLSHIM_H

#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

typedef size_t (*ccurl_write_function)(char *bytes, size_t size, size_t count, void *context);
typedef size_t (*ccurl_read_function)(char *bytes, size_t size, size_t count, void *context);
typedef int (*ccurl_seek_function)(void *context, curl_off_t offset, int origin);

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
CURLcode ccurl_easy_set_connect_timeout_ms(CURL *easy, long milliseconds);
CURLcode ccurl_easy_set_http_get(CURL *easy, long is_on);
CURLcode ccurl_easy_set_post(CURL *easy, long is_on);
CURLcode ccurl_easy_set_post_field_size(CURL *easy, curl_off_t size);
CURLcode ccurl_easy_set_copy_post_fields(CURL *easy, const void *bytes);
CURLcode ccurl_easy_set_read_function(CURL *easy, ccurl_read_function function);
CURLcode ccurl_easy_set_read_context(CURL *easy, void *context);
CURLcode ccurl_easy_set_seek_function(CURL *easy, ccurl_seek_function function);
CURLcode ccurl_easy_set_seek_context(CURL *easy, void *context);
CURLcode ccurl_easy_set_upload_buffer_size(CURL *easy, long size);
CURLcode ccurl_easy_set_http_header(CURL *easy, struct curl_slist *lines);
CURLcode ccurl_easy_set_error_buffer(CURL *easy, char *buffer);
CURLcode ccurl_easy_set_write_function(CURL *easy, ccurl_write_function function);
CURLcode ccurl_easy_set_write_context(CURL *easy, void *context);
CURLcode ccurl_easy_set_private(CURL *easy, void *context);
CURLcode ccurl_easy_get_private(CURL *easy, void **context);
CURLcode ccurl_easy_get_response_code(CURL *easy, long *code);
CURLcode ccurl_easy_get_content_length(CURL *easy, curl_off_t *length);

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
CURLMcode ccurl_multi_set_socket_function(CURLM *multi, curl_socket_callback function);
CURLMcode ccurl_multi_set_socket_context(CURLM *multi, void *context);
CURLMcode ccurl_multi_set_timer_function(CURLM *multi, curl_multi_timer_callback function);
CURLMcode ccurl_multi_set_timer_context(CURLM *multi, void *context);
CURLMcode ccurl_multi_socket_action(CURLM *multi, curl_socket_t socket, int events, int *running);
CURLMsg *ccurl_multi_info_read(CURLM *multi, int *remaining_count);
const char *ccurl_multi_strerror(CURLMcode code);

// Waiting for sockets. `epoll_event` is packed and has a union, which Swift reads through these.
int ccurl_epoll_create(void);
int ccurl_epoll_control(int epoll, int operation, int socket, uint32_t events);
int ccurl_epoll_wait(int epoll, struct epoll_event *events, int capacity, int timeout_ms);
int ccurl_epoll_socket(struct epoll_event event);
uint32_t ccurl_epoll_events(struct epoll_event event);
int ccurl_eventfd(void);
long ccurl_write_eventfd(int eventfd);
long ccurl_read_eventfd(int eventfd);
int ccurl_timerfd(void);
// Once, after that time; 0 disarms it.
int ccurl_timerfd_set(int timerfd, long milliseconds);
long ccurl_read_timerfd(int timerfd);
int ccurl_close(int descriptor);
int ccurl_accept(int listener);

#endif
