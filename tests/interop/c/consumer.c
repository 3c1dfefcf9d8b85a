// liboauth, unmodified, as a consumer that the tests steer (see python/consumers.py): one line of
// form-encoded words in, one out. What it allocates lives as long as the process, which is short.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// Below the others, since it does not include what it needs.
#include <oauth.h>

static char *names[32], *values[32];
static int count;

static const char *word(const char *name) {
    for (int i = 0; i < count; i++)
        if (!strcmp(names[i], name)) return values[i];
    return NULL;
}

static void read_words(char *line) {
    count = 0;
    line[strcspn(line, "\n")] = 0;
    for (char *pair = strtok(line, "&"); pair && count < 32; pair = strtok(NULL, "&")) {
        char *value = strchr(pair, '=');
        *value++ = 0;
        names[count] = oauth_url_unescape(pair, NULL);
        values[count++] = oauth_url_unescape(value, NULL);
    }
}

static char *joined(const char *a, const char *b, const char *c, const char *d) {
    char *made = malloc(strlen(a) + strlen(b) + strlen(c) + strlen(d) + 1);
    sprintf(made, "%s%s%s%s", a, b, c, d);
    return made;
}

/** The address with one more parameter, which the library then signs. */
static char *with(char *url, const char *name, const char *value) {
    if (!value) return url;
    char *added = joined(strchr(url, '?') ? "&" : "?", name, "=", oauth_url_escape(value));
    return joined(url, added, "", "");
}

static char *contents(const char *path) {
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 8192);
    if (!file || !fread(text, 1, 8191, file)) exit(1);
    fclose(file);
    return text;
}

static char *ask(char *url, const char *place) {
    url = with(url, "oauth_nonce", word("nonce"));
    url = with(url, "oauth_timestamp", word("timestamp"));
    const char *secret = word("rsa_key") ? contents(word("rsa_key")) : word("secret");
    const char *token = word("token"), *token_secret = word("token_secret"), *key = word("key");
    OAuthMethod method = OA_HMAC;
    if (!strcmp(word("method"), "RSA-SHA1")) method = OA_RSA;
    if (!strcmp(word("method"), "PLAINTEXT")) method = OA_PLAINTEXT;
    char *body = NULL;
    if (!strcmp(place, "query"))
        return oauth_http_get(oauth_sign_url2(url, NULL, method, NULL, key, secret, token, token_secret), NULL);
    if (!strcmp(place, "body")) {
        url = oauth_sign_url2(url, &body, method, NULL, key, secret, token, token_secret);
        return oauth_http_post(url, body);
    }
    char **list = NULL;
    int length = oauth_split_url_parameters(url, &list);
    oauth_sign_array2_process(&length, &list, NULL, method, "GET", key, secret, token, token_secret);
    char *address = oauth_serialize_url_sep(length, 0, list, "&", 1);
    char *header = oauth_serialize_url_sep(length, 1, list, ", ", 2 | 4);
    return oauth_http_get2(address, NULL, joined("Authorization: OAuth ", header, "", ""));
}

static void say(const char *name, const char *value, const char *after) {
    printf("%s=%s%s", name, oauth_url_escape(value), after);
}

static void answer(void) {
    const char *place = word("place");
    char *reply, **list = NULL, *token = NULL, *secret = NULL, *confirmed = "";
    if (!strcmp(word("do"), "request")) {
        char *url = with(strdup(word("request_url")), "oauth_callback", word("callback"));
        reply = ask(with(url, "scope", word("scope")), place);
    } else if (!strcmp(word("do"), "access")) {
        reply = ask(with(strdup(word("access_url")), "oauth_verifier", word("verifier")), place);
    } else {
        reply = ask(strdup(word("info_url")), strcmp(place, "body") ? place : "query");
        return say(reply && strstr(reply, "<Member") ? "xml" : "problem", reply ? reply : "", "\n");
    }
    int length = oauth_split_post_paramters(reply ? reply : "", &list, 2);
    for (int i = 0; i < length; i++) {
        if (!strncmp(list[i], "oauth_token=", 12)) token = list[i] + 12;
        if (!strncmp(list[i], "oauth_token_secret=", 19)) secret = list[i] + 19;
        if (!strncmp(list[i], "oauth_callback_confirmed=", 25)) confirmed = list[i] + 25;
    }
    if (!token || !secret) return say("problem", reply ? reply : "", "\n");
    say("token", token, "&");
    say("token_secret", secret, "&");
    say("confirmed", confirmed, "&");
    say("to", with(strdup(word("authorize_url")), "oauth_token", token), "\n");
}

int main(void) {
    char line[16384];
    while (fgets(line, sizeof line, stdin)) {
        read_words(line);
        answer();
        fflush(stdout);
    }
    return 0;
}
