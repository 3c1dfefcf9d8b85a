# Net::OpenID::Consumer, unmodified, as a relying party that the tests steer (see
# python/relying_parties.py): one line of form-encoded words in, one out.
use strict;
use warnings;
use Encode qw(decode_utf8);
use LWP::UserAgent;
use Net::OpenID::Consumer;
use URI;

use constant AX => 'http://openid.net/srv/ax/1.0';

# What the library keeps between requests: associations, nonces, pages.
package Memory {
    sub new { bless {}, shift }
    sub get { $_[0]{ $_[1] } }
    sub set { $_[0]{ $_[1] } = $_[2] }
}

my (%settings, $association);

sub consumer { Net::OpenID::Consumer->new(%settings, @_) }

sub start {
    my %words = @_;
    %settings = (
        ua              => LWP::UserAgent->new(timeout => 10),
        consumer_secret => 'a secret of the relying party',
        required_root   => $words{realm},
        minimum_version => 2,
    );
    $association = $words{association};
    if ($association ne 'none') {
        my ($hash) = $association =~ /^DH-(.*)$/;
        $settings{cache} = Memory->new;
        $settings{assoc_options} = { assoc_type => "HMAC-$hash", session_type => $association };
    }
    my $consumer = consumer();
    my $claimed = $consumer->claimed_identity($words{identifier})
        or return (outcome => 'failure', why => $consumer->err);
    my %fetch = (mode => 'fetch_request');
    my %lists = (required => 'required', wanted => 'if_available');
    for my $key (sort keys %words) {
        my ($list, $alias) = $key =~ /^(required|wanted)\.(.+)$/ or next;
        $fetch{"type.$alias"} = $words{$key};
        push @{ $fetch{ $lists{$list} } }, $alias;
    }
    ref and $_ = join ',', @$_ for values %fetch;
    $claimed->set_extension_args(AX, \%fetch);
    return (to => $claimed->check_url(
        return_to      => $words{return_to},
        trust_root     => $words{realm},
        delayed_return => $words{immediate} ne 'yes',
    ));
}

sub finish {
    my %words = @_;
    my %parameters = (form($words{url} =~ s/^[^?]*\??//r), form($words{body} // ''));
    my $consumer = consumer(args => \%parameters);
    my %concluded;
    $consumer->handle_server_response(
        not_openid   => sub { %concluded = (outcome => 'failure', why => 'no OpenID message') },
        setup_needed => sub { %concluded = (outcome => 'setup_needed') },
        cancelled    => sub { %concluded = (outcome => 'cancel') },
        error        => sub { %concluded = (outcome => 'failure', why => join ': ', @_) },
        verified     => sub {
            my ($verified) = @_;
            %concluded = (outcome => 'success', identity => $verified->url);
            my $fields = $verified->signed_extension_fields(AX) or return;
            for my $key (keys %$fields) {
                my ($alias) = $key =~ /^type\.(.+)$/ or next;
                my $value = $fields->{"value.$alias"};
                $concluded{"ax.$fields->{$key}"} = $value if defined $value;
            }
        },
    );
    return %concluded;
}

sub form {
    my ($text) = @_;
    my $uri = URI->new('http://form.example/');
    $uri->query($text);
    # The library takes texts, not bytes, and says so nowhere.
    return map { decode_utf8($_) } $uri->query_form;
}

$| = 1;
while (my $line = <STDIN>) {
    chomp $line;
    my %words = form($line);
    my %answer = ($words{do} eq 'begin' ? \&start : \&finish)->(%words);
    my $uri = URI->new('http://form.example/');
    $uri->query_form(%answer);
    print $uri->query, "\n";
}
