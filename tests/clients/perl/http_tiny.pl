# A backend that uses HTTP::Tiny.
use strict;
use warnings;
use HTTP::Tiny;
use JSON::PP qw(encode_json);

my $login = encode_json({
    appid  => 'ttd0c500000000000001',
    secret => 'fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001',
    code   => $ENV{LOGIN_CODE},
});
my $client = {
    client_key    => 'awd0c50000000003',
    client_secret => 'fa4efa4efa4efa4efa4efa4efa4e0003',
    grant_type    => 'client_credential',
};

my $http = HTTP::Tiny->new(verify_SSL => 1);
for (1 .. 2) {
    print $http->post(
        'https://developer.toutiao.com/api/apps/v2/jscode2session',
        { content => $login, headers => { 'Content-Type' => 'application/json' } },
    )->{content}, "\n";
}
print $http->post_form('https://open.douyin.com/oauth/client_token/', $client)->{content}, "\n";
