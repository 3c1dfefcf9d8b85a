import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openid4java.association.AssociationSessionType;
import org.openid4java.consumer.ConsumerManager;
import org.openid4java.consumer.InMemoryConsumerAssociationStore;
import org.openid4java.consumer.InMemoryNonceVerifier;
import org.openid4java.consumer.VerificationResult;
import org.openid4java.discovery.DiscoveryInformation;
import org.openid4java.message.AuthRequest;
import org.openid4java.message.AuthSuccess;
import org.openid4java.message.MessageExtension;
import org.openid4java.message.ParameterList;
import org.openid4java.message.ax.AxMessage;
import org.openid4java.message.ax.FetchRequest;
import org.openid4java.message.ax.FetchResponse;

/** OpenID4Java, unmodified. */
final class ByOpenId4Java implements RelyingParty {
    private ConsumerManager manager;
    private DiscoveryInformation discovered;

    @Override
    public Map<String, String> begin(Map<String, String> words) throws Exception {
        manager = new ConsumerManager();
        manager.setAssociations(new InMemoryConsumerAssociationStore());
        manager.setNonceVerifier(new InMemoryNonceVerifier(60));
        String association = words.get("association");
        if ("none".equals(association)) {
            manager.setMaxAssocAttempts(0);
        } else {
            AssociationSessionType wanted = "DH-SHA1".equals(association)
                    ? AssociationSessionType.DH_SHA1 : AssociationSessionType.DH_SHA256;
            manager.setPrefAssocSessEnc(wanted);
            manager.setMinAssocSessEnc(wanted);
            manager.setAllowStateless(false);
        }
        manager.setImmediateAuth("yes".equals(words.get("immediate")));
        List<?> found = manager.discover(words.get("identifier"));
        discovered = manager.associate(found);
        AuthRequest request = manager.authenticate(discovered, words.get("return_to"), words.get("realm"));
        FetchRequest fetch = FetchRequest.createFetchRequest();
        for (Map.Entry<String, String> word : words.entrySet()) {
            String[] key = word.getKey().split("\\.", 2);
            if (key[0].equals("required") || key[0].equals("wanted")) {
                fetch.addAttribute(key[1], word.getValue(), key[0].equals("required"));
            }
        }
        request.addExtension(fetch);
        return Map.of("to", request.getDestinationUrl(true));
    }

    @Override
    public Map<String, String> finish(Map<String, String> words) throws Exception {
        ParameterList parameters = new ParameterList(RelyingParty.parameters(words));
        String mode = parameters.getParameterValue("openid.mode");
        if ("cancel".equals(mode) || "setup_needed".equals(mode)) return Map.of("outcome", mode);
        VerificationResult result = manager.verify(words.get("url"), parameters, discovered);
        if (result.getVerifiedId() == null) {
            return Map.of("outcome", "failure", "why", String.valueOf(result.getStatusMsg()));
        }
        Map<String, String> concluded = new HashMap<>();
        concluded.put("outcome", "success");
        concluded.put("identity", result.getVerifiedId().getIdentifier());
        AuthSuccess success = (AuthSuccess) result.getAuthResponse();
        if (success.hasExtension(AxMessage.OPENID_NS_AX)) {
            MessageExtension extension = success.getExtension(AxMessage.OPENID_NS_AX);
            FetchResponse fetched = (FetchResponse) extension;
            for (Object alias : fetched.getAttributeAliases()) {
                String value = fetched.getAttributeValue((String) alias);
                if (value != null) concluded.put("ax." + fetched.getAttributeTypeUri((String) alias), value);
            }
        }
        return concluded;
    }
}
