//! Processor time per state transition, natively.

use cpu_time::ProcessTime;
use criterion::measurement::{Measurement, ValueFormatter};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use engine_bench::{Bench, NAMES};
use std::time::Duration;

/// The processor's time of this process: other programs on the machine do not count.
struct Processor;

impl Measurement for Processor {
    type Intermediate = ProcessTime;
    type Value = Duration;

    fn start(&self) -> ProcessTime {
        ProcessTime::now()
    }
    fn end(&self, start: ProcessTime) -> Duration {
        start.elapsed()
    }
    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }
    fn zero(&self) -> Duration {
        Duration::ZERO
    }
    fn to_f64(&self, time: &Duration) -> f64 {
        time.as_secs_f64() * 1e9
    }
    fn formatter(&self) -> &dyn ValueFormatter {
        &PerTransition
    }
}

struct PerTransition;

impl ValueFormatter for PerTransition {
    fn scale_values(&self, _typical: f64, nanos: &mut [f64]) -> &'static str {
        nanos.iter_mut().for_each(|value| *value /= 1e3);
        "µs per execution"
    }
    fn scale_throughputs(&self, _typical: f64, throughput: &Throughput, nanos: &mut [f64]) -> &'static str {
        if let Throughput::Elements(transitions) = throughput {
            nanos.iter_mut().for_each(|value| *value /= *transitions as f64);
        }
        "ns per transition"
    }
    fn scale_for_machines(&self, _nanos: &mut [f64]) -> &'static str {
        "ns"
    }
}

fn transitions(criterion: &mut Criterion<Processor>) {
    let mut group = criterion.benchmark_group("transitions");
    for name in NAMES {
        let Some(bench) = Bench::load(name) else { panic!("{name} is refused") };
        group.throughput(Throughput::Elements(u64::from(bench.transitions())));
        group.bench_function(name, |bencher| bencher.iter(|| bench.execute()));
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .with_measurement(Processor)
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .without_plots();
    targets = transitions
}
criterion_main!(benches);
