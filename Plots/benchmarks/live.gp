# How soon valence serve answers, by the number of streams, and how much memory valence listen takes, by the hours
# that it has heard; drawn from live.dat and live-memory.dat in the current folder.
set encoding utf8
set border 3 lc rgb "#444444"
set xtics nomirror
set ytics nomirror
set grid ytics lc rgb "#dddddd"
do for [format in "pdf svg png"] {
  if (format eq "pdf") { set terminal pdfcairo size 18cm, 6.5cm font "Helvetica,8" }
  if (format eq "svg") { set terminal svg size 1000, 360 font "Helvetica,13" }
  if (format eq "png") { set terminal pngcairo size 2000, 720 font "Helvetica,22" }
  set output "live." . format
  set multiplot layout 1, 2
  set xrange [0:*]
  set yrange [0:*]
  set xlabel "streams, one scoring thread"
  set ylabel "ms from the last sample to the answer"
  set key left top reverse Left samplen 2
  plot "live.dat" using 1:6 with linespoints pt 7 lc rgb "#CC6677" title "99th percentile", \
       "" using 1:5 with linespoints pt 6 lc rgb "#DDAA33" title "95th", \
       "" using 1:4 with linespoints pt 4 lc rgb "#4477AA" title "median"
  unset key
  set yrange [0:*]
  set xlabel "hours of sound heard"
  set ylabel "resident memory of valence listen, MiB"
  plot "live-memory.dat" using 1:2 with linespoints pt 6 lc rgb "#4477AA"
  unset multiplot
  unset output
}
