//! A queue's metrics over virtual time, as CloudWatch would draw them, with the same numbers as a table. They are
//! computed only while this is shown.

use views::queue::monitor::{Chart, Monitoring};
use virtual_time::Duration;
use yew::prelude::*;

use super::parts::set;
use super::send::QueueProps;
use crate::components::button::Button;
use crate::components::form::{Choice, Select};
use crate::host::session_context::{use_now, use_session};
use crate::places::parts::moment;

const SPANS: [(&str, &str); 5] = [
    ("", "The queue's whole life"),
    ("60", "The last minute"),
    ("3600", "The last hour"),
    ("86400", "The last day"),
    ("604800", "The last week"),
];

#[component]
pub fn MonitoringTab(props: &QueueProps) -> Html {
    let session = use_session();
    let span = use_state(AttrValue::default);
    let as_table = use_state(|| false);
    // A second of virtual time is the finest that is recorded.
    let second = use_now().micros() / 1_000_000;
    let view = use_memo((session, props.queue.name.clone(), span.clone(), second), |(session, name, span, _)| {
        let span = span.parse().ok().map(Duration::from_secs);
        session.read(|s| views::queue::monitor::view(s.account(), name, span))
    });
    let Some(view) = &*view else { return Html::default() };
    let choices: Vec<Choice> = SPANS.iter().map(|(value, label)| Choice::new(*value, *label)).collect();
    let toggle = {
        let as_table = as_table.clone();
        Callback::from(move |_: MouseEvent| as_table.set(!*as_table))
    };
    html! {
        <div class="place-sections monitoring">
            <div class="button-row">
                <Select label="Time range" {choices} selected={(*span).clone()} on_select={set(&span)} />
                <Button label="Show as a table" pressed={Some(*as_table)} onclick={toggle} />
                <span>{ format!("Each point stands for {} of virtual time. CloudWatch has one a minute.", view.period) }</span>
            </div>
            if *as_table { <MetricsTable view={view.clone()} /> } else {
                <div class="charts">
                    { for view.charts.iter().map(|chart| html! { <ChartView key={chart.metric} chart={chart.clone()} span={span_text(view)} /> }) }
                </div>
            }
        </div>
    }
}

fn span_text(view: &Monitoring) -> String {
    match (view.starts.first(), view.starts.last()) {
        (Some(first), Some(last)) => format!("{} to {}", moment(*first, *last), moment(*last, *last)),
        _ => String::new(),
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct ChartProps {
    chart: Chart,
    span: String,
}

const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 90.0;

#[component]
fn ChartView(props: &ChartProps) -> Html {
    let chart = &props.chart;
    let highest = chart.highest();
    let last = chart.values.last().copied().unwrap_or(0);
    let said = said(chart, highest);
    let label = format!("{}: highest {said}, last {}. {}.", chart.metric, self::said(chart, last), props.span);
    html! {
        <figure class="chart">
            <figcaption><strong>{ chart.metric }</strong><span>{ format!("{} ({})", chart.what, chart.statistic) }</span></figcaption>
            <svg viewBox={format!("0 0 {WIDTH} {HEIGHT}")} preserveAspectRatio="none" role="img" aria-label={label}>
                <path class="chart-area" d={area(chart, highest)} />
                <line class="chart-base" x1="0" y1={HEIGHT.to_string()} x2={WIDTH.to_string()} y2={HEIGHT.to_string()} />
            </svg>
            <div class="chart-scale"><span>{ format!("highest {said}") }</span><span>{ &props.span }</span></div>
        </figure>
    }
}

fn said(chart: &Chart, value: u64) -> String {
    if chart.seconds { Duration::from_secs(value).to_string() } else { value.to_string() }
}

/// One step a period, as each value stands for all of it.
fn area(chart: &Chart, highest: u64) -> String {
    let width = WIDTH / chart.values.len().max(1) as f64;
    let mut path = format!("M0 {HEIGHT}");
    for (index, value) in chart.values.iter().enumerate() {
        let y = HEIGHT - (HEIGHT - 4.0) * *value as f64 / highest.max(1) as f64;
        let (left, right) = (index as f64 * width, (index + 1) as f64 * width);
        path.push_str(&format!("L{left:.1} {y:.1}L{right:.1} {y:.1}"));
    }
    path.push_str(&format!("L{WIDTH} {HEIGHT}Z"));
    path
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct TableProps {
    view: Monitoring,
}

#[component]
fn MetricsTable(props: &TableProps) -> Html {
    let view = &props.view;
    let newest = view.starts.last().copied();
    html! {
        <div class="table-scroll" tabindex="0" role="group" aria-label="Metrics as a table">
            <table class="table">
                <caption>{ "Newest first" }</caption>
                <thead><tr><th scope="col">{ "From" }</th>{ for view.charts.iter().map(|chart| html! { <th key={chart.metric} scope="col" title={chart.what}>{ chart.metric }</th> }) }</tr></thead>
                <tbody>
                    { for view.starts.iter().enumerate().rev().map(|(index, start)| html! {
                        <tr key={start.micros()}>
                            <th scope="row">{ moment(*start, newest.unwrap_or(*start)) }</th>
                            { for view.charts.iter().map(|chart| html! { <td class="numeric" key={chart.metric}>{ said(chart, chart.values.get(index).copied().unwrap_or(0)) }</td> }) }
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_is_a_step_for_each_period() {
        let chart = Chart { metric: "m", what: "w", statistic: "sum", seconds: true, values: vec![0, 43] };
        assert_eq!(area(&chart, 43), "M0 90L0.0 90.0L150.0 90.0L150.0 4.0L300.0 4.0L300 90Z");
        assert_eq!(said(&chart, 90), Duration::from_secs(90).to_string());
    }
}
