# ruby-openid, unmodified, as a relying party that the tests steer (see python/relying_parties.py):
# one line of form-encoded words in, one out.
require "uri"
require "openid"
require "openid/extensions/ax"
require "openid/store/memory"

# The library logs to standard error, and the tests read what it concludes.
OpenID::Util.logger.level = Logger::FATAL

# The library's own place for saying which associations are wanted.
class Consumer < OpenID::Consumer
  attr_writer :association

  def negotiator
    return super if @association == "none"

    hash = @association.delete_prefix("DH-")
    OpenID::AssociationNegotiator.new([["HMAC-#{hash}", @association]])
  end
end

class RelyingParty
  def begin(words)
    @stateless = words["association"] == "none"
    @store = @stateless ? nil : OpenID::Store::Memory.new
    @session = {}
    @association = words["association"]
    request = consumer.begin(words["identifier"])
    fetch = OpenID::AX::FetchRequest.new
    words.each do |key, uri|
      list, name = key.split(".", 2)
      next unless %w[required wanted].include?(list)
      fetch.add(OpenID::AX::AttrInfo.new(uri, name, list == "required"))
    end
    request.add_extension(fetch)
    { "to" => request.redirect_url(words["realm"], words["return_to"], words["immediate"] == "yes") }
  end

  def finish(words)
    query = URI.parse(words["url"]).query.to_s
    parameters = URI.decode_www_form(query).to_h.merge(URI.decode_www_form(words["body"].to_s).to_h)
    kept = @session.dup
    response = consumer.complete(parameters, words["url"])
    # A browser that comes back a second time has the same session.
    @session = kept
    concluded = { "outcome" => response.status.to_s }
    case response.status
    when OpenID::Consumer::SUCCESS
      concluded["identity"] = response.identity_url
      fetched = OpenID::AX::FetchResponse.from_success_response(response)
      fetched&.data&.each { |uri, values| concluded["ax.#{uri}"] = values.first unless values.empty? }
    when OpenID::Consumer::FAILURE
      concluded["why"] = response.message
    end
    concluded
  end

  private

  def consumer
    made = Consumer.new(@session, @store)
    made.association = @association
    made
  end
end

$stdout.sync = true
party = RelyingParty.new
while (line = $stdin.gets)
  words = URI.decode_www_form(line.chomp).to_h
  answer =
    begin
      party.public_send(words.fetch("do"), words)
    rescue OpenID::OpenIDError, OpenID::DiscoveryFailure => e
      { "outcome" => "failure", "why" => "#{e.class}: #{e.message}" }
    end
  $stdout.puts URI.encode_www_form(answer)
end
