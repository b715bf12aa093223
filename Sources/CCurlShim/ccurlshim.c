#include "ccurlshim.h"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

CURLcode ccurl_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

CURL *ccurl_easy_init(void) { return curl_easy_init(); }
void ccurl_easy_reset(CURL *easy) { curl_easy_reset(easy); }
void ccurl_easy_cleanup(CURL *easy) { curl_easy_cleanup(easy); }
const char *ccurl_easy_strerror(CURLcode code) { return curl_easy_strerror(code); }

CURLcode ccurl_easy_set_url(CURL *easy, const char *url) {
    return curl_easy_setopt(easy, CURLOPT_URL, url);
}
CURLcode ccurl_easy_set_unix_socket_path(CURL *easy, const char *path) {
    return curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, path);
}
CURLcode ccurl_easy_set_proxy(CURL *easy, const char *proxy) {
    return curl_easy_setopt(easy, CURLOPT_PROXY, proxy);
}
CURLcode ccurl_easy_set_nosignal(CURL *easy, long is_on) {
    return curl_easy_setopt(easy, CURLOPT_NOSIGNAL, is_on);
}
CURLcode ccurl_easy_set_tcp_nodelay(CURL *easy, long is_on) {
    return curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, is_on);
}
CURLcode ccurl_easy_set_http_version(CURL *easy, long version) {
    return curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, version);
}
CURLcode ccurl_easy_set_connect_timeout_ms(CURL *easy, long milliseconds) {
    return curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds);
}
CURLcode ccurl_easy_set_http_get(CURL *easy, long is_on) {
    return curl_easy_setopt(easy, CURLOPT_HTTPGET, is_on);
}
CURLcode ccurl_easy_set_post(CURL *easy, long is_on) {
    return curl_easy_setopt(easy, CURLOPT_POST, is_on);
}
CURLcode ccurl_easy_set_post_field_size(CURL *easy, curl_off_t size) {
    return curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, size);
}
CURLcode ccurl_easy_set_copy_post_fields(CURL *easy, const void *bytes) {
    return curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes);
}
CURLcode ccurl_easy_set_read_function(CURL *easy, ccurl_read_function function) {
    return curl_easy_setopt(easy, CURLOPT_READFUNCTION, function);
}
CURLcode ccurl_easy_set_read_context(CURL *easy, void *context) {
    return curl_easy_setopt(easy, CURLOPT_READDATA, context);
}
CURLcode ccurl_easy_set_seek_function(CURL *easy, ccurl_seek_function function) {
    return curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, function);
}
CURLcode ccurl_easy_set_seek_context(CURL *easy, void *context) {
    return curl_easy_setopt(easy, CURLOPT_SEEKDATA, context);
}
CURLcode ccurl_easy_set_upload_buffer_size(CURL *easy, long size) {
    return curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, size);
}
CURLcode ccurl_easy_set_http_header(CURL *easy, struct curl_slist *lines) {
    return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, lines);
}
CURLcode ccurl_easy_set_error_buffer(CURL *easy, char *buffer) {
    return curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, buffer);
}
CURLcode ccurl_easy_set_write_function(CURL *easy, ccurl_write_function function) {
    return curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, function);
}
CURLcode ccurl_easy_set_write_context(CURL *easy, void *context) {
    return curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
}
CURLcode ccurl_easy_set_private(CURL *easy, void *context) {
    return curl_easy_setopt(easy, CURLOPT_PRIVATE, context);
}
CURLcode ccurl_easy_get_private(CURL *easy, void **context) {
    return curl_easy_getinfo(easy, CURLINFO_PRIVATE, context);
}
CURLcode ccurl_easy_get_response_code(CURL *easy, long *code) {
    return curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, code);
}
CURLcode ccurl_easy_get_content_length(CURL *easy, curl_off_t *length) {
    return curl_easy_getinfo(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, length);
}

struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *line) {
    return curl_slist_append(list, line);
}
void ccurl_slist_free_all(struct curl_slist *list) { curl_slist_free_all(list); }

CURLM *ccurl_multi_init(void) { return curl_multi_init(); }
CURLMcode ccurl_multi_cleanup(CURLM *multi) { return curl_multi_cleanup(multi); }
CURLMcode ccurl_multi_set_max_connects(CURLM *multi, long count) {
    return curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, count);
}
CURLMcode ccurl_multi_set_max_total_connections(CURLM *multi, long count) {
    return curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, count);
}
CURLMcode ccurl_multi_add_handle(CURLM *multi, CURL *easy) {
    return curl_multi_add_handle(multi, easy);
}
CURLMcode ccurl_multi_remove_handle(CURLM *multi, CURL *easy) {
    return curl_multi_remove_handle(multi, easy);
}
CURLMcode ccurl_multi_set_socket_function(CURLM *multi, curl_socket_callback function) {
    return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, function);
}
CURLMcode ccurl_multi_set_socket_context(CURLM *multi, void *context) {
    return curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
}
CURLMcode ccurl_multi_set_timer_function(CURLM *multi, curl_multi_timer_callback function) {
    return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, function);
}
CURLMcode ccurl_multi_set_timer_context(CURLM *multi, void *context) {
    return curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
}
CURLMcode ccurl_multi_socket_action(CURLM *multi, curl_socket_t socket, int events, int *running) {
    return curl_multi_socket_action(multi, socket, events, running);
}
CURLMsg *ccurl_multi_info_read(CURLM *multi, int *remaining_count) {
    return curl_multi_info_read(multi, remaining_count);
}
const char *ccurl_multi_strerror(CURLMcode code) { return curl_multi_strerror(code); }

int ccurl_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }
int ccurl_epoll_control(int epoll, int operation, int socket, uint32_t events) {
    return epoll_ctl(epoll, operation, socket,
                     &(struct epoll_event){.events = events, .data = {.fd = socket}});
}
int ccurl_epoll_wait(int epoll, struct epoll_event *events, int capacity, int timeout_ms) {
    return epoll_wait(epoll, events, capacity, timeout_ms);
}
int ccurl_epoll_socket(struct epoll_event event) { return event.data.fd; }
uint32_t ccurl_epoll_events(struct epoll_event event) { return event.events; }
int ccurl_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
long ccurl_write_eventfd(int eventfd) { return eventfd_write(eventfd, 1); }
long ccurl_read_eventfd(int eventfd) { return eventfd_read(eventfd, &(eventfd_t){0}); }
int ccurl_timerfd(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC); }
int ccurl_timerfd_set(int timerfd, long milliseconds) {
    struct itimerspec once = {
        .it_value = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000}};
    return timerfd_settime(timerfd, 0, &once, NULL);
}
long ccurl_read_timerfd(int timerfd) { return read(timerfd, &(uint64_t){0}, sizeof(uint64_t)); }
int ccurl_close(int descriptor) { return close(descriptor); }
int ccurl_accept(int listener) {
    return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
