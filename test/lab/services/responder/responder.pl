# Answers every datagram to ADDRESS:PORT with the datagram, a space and NAME. Comes back when it listens, and writes the PID
# of what goes on running to PID_FILE. In Perl, which every Debian has and which starts in a few milliseconds.
# usage: responder.pl ADDRESS PORT NAME PID_FILE
use strict;
use warnings;
use Socket;

my ($address, $port, $name, $pid_file) = @ARGV;
socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die "socket: $!\n";
bind($socket, sockaddr_in($port, inet_aton($address))) or die "cannot listen at $address:$port: $!\n";
my $pid = fork() // die "fork: $!\n";
if ($pid) {
    open(my $file, '>', $pid_file) or die "$pid_file: $!\n";
    print $file "$pid\n";
    close($file) or die "$pid_file: $!\n";
    exit 0;
}
open(STDOUT, '>', '/dev/null');
open(STDERR, '>', '/dev/null');
while (defined(my $from = recv($socket, my $datagram, 1500, 0))) {
    send($socket, "$datagram $name", 0, $from);
}
