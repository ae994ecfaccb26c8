# perl: chance, time, files, a child's output, signals by alarm
. "$top/tests/lib.sh"
need perl
cat > p.pl <<'P'
my %h;
for (1 .. 100000) { $h{int(rand(50))} += $_ }
print join(' ', map { "$_=$h{$_}" } keys %h), " $$ ", time, "\n";
open my $f, '>', 'file' or die; print $f "line $_\n" for 1 .. 1000; close $f;
open $f, '<', 'file' or die; my @lines = <$f>; print scalar(@lines), ' ', -s 'file', "\n";
print `date +%N`;
my $hits = 0;
$SIG{ALRM} = sub { $hits++ };
alarm 1;
my $n = 0;
$n++ until $hits;
print "$n\n";
exit 5;
P
roundtrip perl p.pl
[ "$(wc -l < rec.out)" -eq 4 ] || fail "perl said: $(cat rec.out rec.err)"
