# phone.pl PORT: a phone that answers by itself, as Net::SIP makes it by default: what is judged is the library. It takes
# commands, one a connection, at the second port behind its own.
use strict;
use warnings;
use IO::Socket::INET;
use Net::SIP;
use Net::SIP::Dispatcher::Eventloop;

my $port = shift;
my $host = "127.0.0.1";
my $loop = Net::SIP::Dispatcher::Eventloop->new;

# What goes out leaves by the leg that its URI names; the first one is UDP.
my $phone = Net::SIP::Simple->new(
    loop => $loop,
    legs => [ "sip:$host:$port", "sip:$host:$port;transport=tcp" ],
    from => "sip:dut\@$host:$port",
    contact => "sip:dut\@$host:$port",
    auth => [ "dut", "dut" ],
);

my $call;
$phone->listen(cb_create => sub { $call = $_[0]; 1 });

# They return at once: what comes of them is seen on the wire.
sub registered {
    my ($to, $expires) = @_;
    $phone->register(registrar => $to, from => "sip:dut\@$host", expires => $expires, cb_final => sub { });
}
my %commands = (
    call => sub { $call = $phone->invite("<$_[0]>", cb_final => sub { }) },
    hangup => sub { $call->cancel || $call->bye },
    hold => sub { $call->reinvite(call_on_hold => 1, cb_final => sub { }) },
    resume => sub { $call->reinvite(cb_final => sub { }) },
    register => sub { registered($_[0], 60) },
    unregister => sub { registered($_[0], 0) },
);

sub obey {
    my $client = shift;
    my ($name, @words) = split " ", readline($client) // "";
    my $done = eval { $commands{ $name // "" }->(@words); 1 };
    print $client $done ? "ok\n" : "failed: $@";
    close $client;
}

my $control = IO::Socket::INET->new(LocalAddr => $host, LocalPort => $port + 2, Listen => 5, ReuseAddr => 1)
    or die "$host:@{[$port + 2]}: $!\n";
$loop->addFD($control, 0, sub { my $client = $control->accept; obey($client) if $client });
$loop->loop;
