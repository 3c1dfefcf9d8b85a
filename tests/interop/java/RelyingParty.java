import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.LogManager;

/**
 * A relying party that the tests steer (see python/relying_parties.py): one line of form-encoded words
 * in, one out. The argument says which library.
 */
public interface RelyingParty {
    /** The address to send the person to, as {@code to}. */
    Map<String, String> begin(Map<String, String> words) throws Exception;

    /** What the library concludes from the answer. */
    Map<String, String> finish(Map<String, String> words) throws Exception;

    static void main(String[] arguments) throws Exception {
        LogManager.getLogManager().reset();
        RelyingParty party = "jopenid".equals(arguments[0]) ? new ByJOpenId() : new ByOpenId4Java();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        for (String line; (line = in.readLine()) != null; ) {
            Map<String, String> words = decode(line);
            Map<String, String> answer;
            try {
                answer = "begin".equals(words.get("do")) ? party.begin(words) : party.finish(words);
            } catch (Exception error) {
                answer = Map.of("outcome", "failure", "why", String.valueOf(error));
            }
            out.println(encode(answer));
        }
    }

    /** What came back: the query of the address, and the body of a POST. */
    static Map<String, String> parameters(Map<String, String> words) throws Exception {
        String url = words.get("url");
        Map<String, String> all = decode(url.contains("?") ? url.substring(url.indexOf('?') + 1) : "");
        all.putAll(decode(words.getOrDefault("body", "")));
        return all;
    }

    static Map<String, String> decode(String form) throws Exception {
        Map<String, String> words = new LinkedHashMap<>();
        for (String pair : form.split("&")) {
            int equals = pair.indexOf('=');
            if (equals < 0) continue;
            words.put(URLDecoder.decode(pair.substring(0, equals), "UTF-8"),
                    URLDecoder.decode(pair.substring(equals + 1), "UTF-8"));
        }
        return words;
    }

    static String encode(Map<String, String> words) throws Exception {
        StringBuilder form = new StringBuilder();
        for (Map.Entry<String, String> word : words.entrySet()) {
            if (form.length() > 0) form.append('&');
            form.append(URLEncoder.encode(word.getKey(), "UTF-8")).append('=');
            form.append(URLEncoder.encode(word.getValue(), "UTF-8"));
        }
        return form.toString();
    }
}
