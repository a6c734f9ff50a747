//! Units of work in a second, natively, by the processor's time.

use std::time::Duration;

use account_bench::{NAMES, Workload};
use cpu_time::ProcessTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn account(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("account");
    for name in NAMES {
        let Some(workload) = Workload::named(name) else { panic!("there is no {name}") };
        group.throughput(Throughput::Elements(u64::from(workload.units())));
        group.bench_function(name, |bencher| {
            // The processor's time of this process: other programs on the machine do not count.
            bencher.iter_custom(|times| {
                let run = |_| {
                    let start = ProcessTime::now();
                    let finished = workload.run();
                    let elapsed = start.elapsed();
                    assert!(finished.is_right(), "{name} went wrong");
                    elapsed
                };
                (0..times).map(run).sum()
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(4))
        .without_plots();
    targets = account
}
criterion_main!(benches);
