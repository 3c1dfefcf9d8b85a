import com.github.scribejava.core.builder.ServiceBuilder;
import com.github.scribejava.core.builder.ServiceBuilderOAuth10a;
import com.github.scribejava.core.builder.api.DefaultApi10a;
import com.github.scribejava.core.builder.api.OAuth1SignatureType;
import com.github.scribejava.core.exceptions.OAuthException;
import com.github.scribejava.core.model.OAuth1AccessToken;
import com.github.scribejava.core.model.OAuth1RequestToken;
import com.github.scribejava.core.model.OAuthRequest;
import com.github.scribejava.core.model.Response;
import com.github.scribejava.core.model.Verb;
import com.github.scribejava.core.oauth.OAuth10aService;
import com.github.scribejava.core.services.HMACSha1SignatureService;
import com.github.scribejava.core.services.PlaintextSignatureService;
import com.github.scribejava.core.services.RSASha1SignatureService;
import com.github.scribejava.core.services.SignatureService;
import com.github.scribejava.core.services.TimestampService;
import com.github.scribejava.core.services.TimestampServiceImpl;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;

/**
 * ScribeJava, unmodified, as a consumer that the tests steer (see python/consumers.py): one line of
 * form-encoded words in, one out.
 */
public final class Consumer extends DefaultApi10a {
    private final Map<String, String> words;

    private Consumer(Map<String, String> words) {
        this.words = words;
    }

    @Override
    public String getRequestTokenEndpoint() {
        return words.get("request_url");
    }

    @Override
    public String getAccessTokenEndpoint() {
        return words.get("access_url");
    }

    @Override
    protected String getAuthorizationBaseUrl() {
        return words.get("authorize_url");
    }

    @Override
    public Verb getRequestTokenVerb() {
        return "query".equals(words.get("place")) ? Verb.GET : Verb.POST;
    }

    @Override
    public Verb getAccessTokenVerb() {
        return getRequestTokenVerb();
    }

    @Override
    public OAuth1SignatureType getSignatureType() {
        return "query".equals(words.get("place")) ? OAuth1SignatureType.QUERY_STRING : OAuth1SignatureType.HEADER;
    }

    @Override
    public SignatureService getSignatureService() {
        switch (words.get("method")) {
            case "PLAINTEXT":
                return new PlaintextSignatureService();
            case "RSA-SHA1":
                return new RSASha1SignatureService(privateKey());
            default:
                return new HMACSha1SignatureService();
        }
    }

    @Override
    public TimestampService getTimestampService() {
        if (!words.containsKey("nonce")) return new TimestampServiceImpl();
        return new TimestampService() {
            @Override
            public String getTimestampInSeconds() {
                return words.get("timestamp");
            }

            @Override
            public String getNonce() {
                return words.get("nonce");
            }
        };
    }

    private PrivateKey privateKey() {
        try {
            String pem = Files.readString(Path.of(words.get("rsa_key"))).replaceAll("-----[^-]*-----|\\s", "");
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        } catch (Exception error) {
            throw new IllegalStateException(error);
        }
    }

    private OAuth10aService service() {
        ServiceBuilderOAuth10a builder = new ServiceBuilder(words.get("key"))
                .apiSecret(words.getOrDefault("secret", "-"))
                .callback(words.get("callback"));
        if (words.containsKey("scope")) builder = builder.withScope(words.get("scope"));
        return builder.build(this);
    }

    private Map<String, String> answer() throws Exception {
        String token = words.get("token");
        String secret = words.get("token_secret");
        try (OAuth10aService service = service()) {
            switch (words.get("do")) {
                case "request":
                    OAuth1RequestToken asked = service.getRequestToken();
                    return Map.of(
                            "token", asked.getToken(),
                            "token_secret", asked.getTokenSecret(),
                            "confirmed", String.valueOf(asked.isOauthCallbackConfirmed()),
                            "to", service.getAuthorizationUrl(asked));
                case "access":
                    OAuth1AccessToken given =
                            service.getAccessToken(new OAuth1RequestToken(token, secret), words.get("verifier"));
                    return Map.of("token", given.getToken(), "token_secret", given.getTokenSecret());
                default:
                    OAuthRequest request = new OAuthRequest(Verb.GET, words.get("info_url"));
                    service.signRequest(new OAuth1AccessToken(token, secret), request);
                    try (Response response = service.execute(request)) {
                        return Map.of(response.isSuccessful() ? "xml" : "problem", response.getBody());
                    }
            }
        } catch (OAuthException refusal) {
            return Map.of("problem", String.valueOf(refusal.getMessage()));
        }
    }

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        for (String line; (line = in.readLine()) != null; ) {
            out.println(RelyingParty.encode(new Consumer(RelyingParty.decode(line)).answer()));
        }
    }
}
