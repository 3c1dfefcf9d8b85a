<?php
// The extension OAuth, unmodified, as a consumer that the tests steer (see python/consumers.py): one line of
// form-encoded words in, one out.

const PLACES = [
    'header' => OAUTH_AUTH_TYPE_AUTHORIZATION,
    'query' => OAUTH_AUTH_TYPE_URI,
    'body' => OAUTH_AUTH_TYPE_FORM,
];

function consumer(array $words): OAuth
{
    $made = new OAuth($words['key'], $words['secret'] ?? '', $words['method'], PLACES[$words['place']]);
    if (isset($words['rsa_key'])) {
        $made->setRSACertificate(file_get_contents($words['rsa_key']));
    }
    if (isset($words['nonce'])) {
        $made->setNonce($words['nonce']);
        $made->setTimestamp($words['timestamp']);
    }
    if (isset($words['token'])) {
        $made->setToken($words['token'], $words['token_secret']);
    }
    return $made;
}

function verb(array $words): string
{
    return $words['place'] === 'query' ? OAUTH_HTTP_METHOD_GET : OAUTH_HTTP_METHOD_POST;
}

function request(array $words): array
{
    $url = $words['request_url'];
    if (isset($words['scope'])) {
        $url .= '?' . http_build_query(['scope' => $words['scope']]);
    }
    $token = consumer($words)->getRequestToken($url, $words['callback'], verb($words));
    return [
        'token' => $token['oauth_token'],
        'token_secret' => $token['oauth_token_secret'],
        'confirmed' => $token['oauth_callback_confirmed'],
        'to' => $words['authorize_url'] . '?oauth_token=' . urlencode($token['oauth_token']),
    ];
}

function access(array $words): array
{
    $token = consumer($words)->getAccessToken($words['access_url'], '', $words['verifier'], verb($words));
    return ['token' => $token['oauth_token'], 'token_secret' => $token['oauth_token_secret']];
}

function read(array $words): array
{
    $consumer = consumer($words);
    $consumer->fetch($words['info_url'], [], OAUTH_HTTP_METHOD_GET);
    return ['xml' => $consumer->getLastResponse()];
}

while (($line = fgets(STDIN)) !== false) {
    $words = [];
    foreach (explode('&', rtrim($line, "\n")) as $pair) {
        [$name, $value] = explode('=', $pair, 2);
        $words[urldecode($name)] = urldecode($value);
    }
    try {
        $answer = ['request' => request(...), 'access' => access(...), 'read' => read(...)][$words['do']]($words);
    } catch (OAuthException $refusal) {
        $answer = ['problem' => "{$refusal->getCode()} {$refusal->lastResponse} {$refusal->getMessage()}"];
    }
    echo http_build_query($answer), "\n";
}
