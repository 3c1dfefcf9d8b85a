# ruby-oauth, unmodified, as a consumer that the tests steer (see python/consumers.py): one line of
# form-encoded words in, one out.
require "uri"
require "oauth"
require "oauth/signature/rsa/sha1"
require "oauth/signature/plaintext"

SCHEMES = { "header" => :header, "query" => :query_string, "body" => :body }.freeze

class Steered
  def initialize(words)
    @words = words
    @consumer = OAuth::Consumer.new(words["key"], words["secret"], options)
    # Where the library looks when it draws none itself.
    @drawn = %w[nonce timestamp].filter_map { |name| [name.to_sym, words[name]] if words[name] }.to_h
  end

  def request
    scope = @words["scope"] ? [{ "scope" => @words["scope"] }] : []
    token = @consumer.get_request_token({ oauth_callback: @words["callback"] }.merge(@drawn), *scope)
    {
      "token" => token.token,
      "token_secret" => token.secret,
      "confirmed" => token.params[:oauth_callback_confirmed],
      "to" => token.authorize_url
    }
  end

  def access
    token = OAuth::RequestToken.new(@consumer, @words["token"], @words["token_secret"])
    token = token.get_access_token({ oauth_verifier: @words["verifier"] }.merge(@drawn))
    { "token" => token.token, "token_secret" => token.secret }
  end

  def read
    token = OAuth::AccessToken.new(@consumer, @words["token"], @words["token_secret"])
    answer = @consumer.request(:get, URI.parse(@words["info_url"]).path, token, @drawn)
    answer.is_a?(Net::HTTPSuccess) ? { "xml" => answer.body } : { "problem" => answer.body }
  end

  private

  def options
    server = URI.parse(@words["request_url"])
    all = {
      site: "#{server.scheme}://#{server.host}:#{server.port}",
      request_token_url: @words["request_url"],
      authorize_url: @words["authorize_url"],
      access_token_url: @words["access_url"],
      signature_method: @words["method"],
      # A GET has no body to put them in.
      scheme: @words["do"] == "read" && @words["place"] == "body" ? :header : SCHEMES[@words["place"]],
      http_method: @words["place"] == "query" ? :get : :post
    }
    all[:private_key_file] = @words["rsa_key"] if @words["rsa_key"]
    all
  end
end

$stdout.sync = true
while (line = $stdin.gets)
  words = URI.decode_www_form(line.chomp).to_h
  answer =
    begin
      Steered.new(words).public_send(words.fetch("do"))
    rescue OAuth::Problem => e
      { "problem" => "#{e.problem} #{e.params}" }
    rescue OAuth::Unauthorized => e
      { "problem" => "#{e.message} #{e.request.body}" }
    end
  $stdout.puts URI.encode_www_form(answer)
end
