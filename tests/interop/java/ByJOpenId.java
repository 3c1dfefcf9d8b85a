import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import javax.servlet.http.HttpServletRequest;
import org.expressme.openid.Association;
import org.expressme.openid.Authentication;
import org.expressme.openid.Endpoint;
import org.expressme.openid.OpenIdManager;

/** JOpenId, unmodified. It chooses the association and the attributes itself. */
final class ByJOpenId implements RelyingParty {
    private OpenIdManager manager;
    private Endpoint endpoint;
    private Association association;

    @Override
    public Map<String, String> begin(Map<String, String> words) {
        manager = new OpenIdManager();
        manager.setRealm(words.get("realm"));
        manager.setReturnTo(words.get("return_to"));
        endpoint = manager.lookupEndpoint(words.get("identifier"));
        association = manager.lookupAssociation(endpoint);
        return Map.of("to", manager.getAuthenticationUrl(endpoint, association));
    }

    @Override
    public Map<String, String> finish(Map<String, String> words) throws Exception {
        Map<String, String> parameters = RelyingParty.parameters(words);
        // The library asks a servlet's request for nothing but its parameters.
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
                ByJOpenId.class.getClassLoader(), new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("getParameter")) return parameters.get((String) arguments[0]);
                    throw new UnsupportedOperationException(method.getName());
                });
        Authentication authentication =
                manager.getAuthentication(request, association.getRawMacKey(), endpoint.getAlias());
        Map<String, String> concluded = new HashMap<>();
        concluded.put("outcome", "success");
        concluded.put("identity", authentication.getIdentity());
        if (authentication.getEmail() != null) {
            concluded.put("ax.http://axschema.org/contact/email", authentication.getEmail());
        }
        if (authentication.getFullname() != null) {
            concluded.put("ax.http://axschema.org/namePerson", authentication.getFullname());
        }
        return concluded;
    }
}
